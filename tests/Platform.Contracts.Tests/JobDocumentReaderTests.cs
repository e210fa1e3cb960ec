using System.Text.Json;

namespace Platform.Contracts.Tests;

public sealed class JobDocumentReaderTests
{
    private static JobDocumentReading Read(string json) => JobDocumentReader.Read(JsonElement.Parse(json));

    private static string[] Problems(string json) => [.. Read(json).Problems.Select(p => $"{p.Pointer} {p.Code}").Order(StringComparer.Ordinal)];

    [Fact]
    public void Reads_a_good_document()
    {
        var reading = Read("""
            {"name":"Launch","stages":{
              "page":{"type":"capture","url":"https://example.com","duration":12.5,"format":{"width":640,"height":360}},
              "final":{"type":"music","video":"@page","music":["https://cdn.example.com/a.mp3","library:bed"],"duck":{"depth":9},"loudness":-16}},
             "encode":{"crf":20},"metadata":{"order":"42"},"deadline":1800}
            """);

        Assert.Empty(reading.Problems);
        Assert.Equal(["final"], reading.Outputs);
        Assert.Equal(20, reading.Job!.Encode.Crf);
        var music = reading.Job.Stages["final"];
        Assert.Equal("@page", music.GetProperty("video").GetString());
    }

    [Fact]
    public void Reports_every_problem_at_once_with_its_place()
    {
        var problems = Problems("""
            {"stages":{
              "page":{"type":"capture","url":"https://example.com","duration":1e9,"fps":"30","colour":"red"},
              "final":{"type":"music","video":"@nobody","music":"bed.mp3"},
              "odd":{"type":"teleport"}},
             "output":"final","deadlin":5}
            """);

        Assert.Equal([
            "/deadlin unknown_field",
            "/stages/final/music invalid_media",
            "/stages/final/video unknown_reference",
            "/stages/odd/type unknown_stage_type",
            "/stages/page/colour unknown_field",
            "/stages/page/duration out_of_range",
            "/stages/page/fps wrong_type",
        ], problems);
    }

    [Theory]
    [InlineData("""[]""", " wrong_type")]
    [InlineData("""{}""", "/stages missing_field")]
    [InlineData("""{"stages":{}}""", "/stages limit_exceeded")]
    [InlineData("""{"stages":{"Bad Name":{"type":"capture","url":"https://e.com"}}}""", "/stages/Bad Name invalid_name")]
    [InlineData("""{"stages":{"a":{"type":"capture"}}}""", "/stages/a/url missing_field")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","fps":29}}}""", "/stages/a/fps not_allowed")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","format":"2:1"}}}""", "/stages/a/format not_allowed")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","format":{"width":641,"height":360}}}}""", "/stages/a/format/width out_of_range")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","format":{"width":65536,"height":0}}}}""", "/stages/a/format/height out_of_range", "/stages/a/format/width out_of_range")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","duration":1e999}}}""", "/stages/a/duration out_of_range")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","locale":"\ud800"}}}""", "/stages/a/locale invalid_text")]
    [InlineData("""{"name":"a\u0000b","stages":{"a":{"type":"capture","url":"https://e.com"}}}""", "/name invalid_text")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","camera":null}}}""", "/stages/a/camera wrong_type")]
    [InlineData("""{"stages":{"a":{"type":"fetch","url":"https://e.com"}}}""", "/stages/a/type unknown_stage_type")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com"}},"output":"b"}""", "/output unknown_reference")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com"},"b":{"type":"capture","url":"https://e.com"}}}""", "/output missing_field")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com"},"b":{"type":"music","video":"@a.sound","music":"library:x"}}}""", "/stages/b/video unknown_reference")]
    [InlineData("""{"stages":{"a":{"type":"merge","scenes":[{"video":"library:a"}]},"b":{"type":"music","video":"@a","music":"@a.voice"}}}""", "/stages/b/music unknown_reference")]
    [InlineData("""{"stages":{"a":{"type":"transcode","video":"library:a","format":"hls"},"b":{"type":"transcode","video":"@a"}}}""", "/stages/b/video unknown_reference")]
    [InlineData("""{"stages":{"a":{"type":"transcode","video":"library:a","provenance":"composite"}}}""", "/stages/a/provenance not_allowed")]
    [InlineData("""{"stages":{"a":{"type":"transcode","video":"library:a","format":5},"b":{"type":"transcode","video":"@a"}}}""", "/stages/a/format wrong_type")]
    [InlineData("""{"stages":{"a":{"type":"transcode","video":"library:a","format":"gif","platform":"x","captions":"library:b"}}}""", "/stages/a/captions not_allowed", "/stages/a/platform not_allowed")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com"},"b":{"type":"music","video":"@a.video[1]","music":"library:x"}}}""", "/stages/b/video unknown_reference")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","formats":["16:9","9:16"]},"b":{"type":"music","video":"@a.video[2]","music":"library:x"}}}""", "/stages/b/video unknown_reference")]
    [InlineData("""{"stages":{"a":{"type":"music","video":"@b","music":"library:x"},"b":{"type":"music","video":"@a","music":"library:x"}},"output":"a"}""", "/stages/a/video cycle", "/stages/b/video cycle")]
    [InlineData("""{"stages":{"a":{"type":"music","video":"@a","music":"library:x"}},"output":"a"}""", "/stages/a/video cycle")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com"}},"webhook":{"url":"https://h.example.com","secret":"whsec_c2hvcnQ="}}""", "/webhook/secret invalid_format")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com"}},"deadline":0}""", "/deadline out_of_range")]
    [InlineData("""{"stages":{"a":{"type":"merge","scenes":[]}}}""", "/stages/a/scenes limit_exceeded")]
    [InlineData("""{"stages":{"a":{"type":"merge","scenes":[{"voiceover":"library:v"},{"video":"nowhere"}],"transition":["fade","fade"]}}}""", "/stages/a/scenes/0/video missing_field", "/stages/a/scenes/1/video invalid_media")]
    [InlineData("""{"stages":{"a":{"type":"merge","scenes":[{"video":"library:a"},{"video":"library:b"}],"transition":["fade","fade"]}}}""", "/stages/a/transition not_allowed")]
    [InlineData("""{"stages":{"a":{"type":"merge","scenes":[{"video":"library:a"},{"video":"library:b"}],"transition":"swirl","crossfade":9,"fps":29}}}""", "/stages/a/crossfade out_of_range", "/stages/a/fps not_allowed", "/stages/a/transition not_allowed")]
    [InlineData("""{"stages":{"a":{"type":"merge","scenes":[{"video":"library:a"},{"video":"library:b"}],"transition":{"name":"fade","duration":60}}}}""", "/stages/a/transition/duration out_of_range")]
    [InlineData("""{"stages":{"a":{"type":"merge","scenes":[{"video":"library:a","length":"voice"},{"video":"library:b","trim":{"start":5,"end":5}}]}}}""", "/stages/a/scenes/0/length not_allowed", "/stages/a/scenes/1/trim/end out_of_range")]
    [InlineData("""{"stages":{"a":{"type":"merge","scenes":[{"video":"library:a","volume":-1,"voiceVolume":"loud","fit":"stretch","hold":true,"length":0}]}}}""", "/stages/a/scenes/0/fit not_allowed", "/stages/a/scenes/0/hold not_allowed", "/stages/a/scenes/0/length out_of_range", "/stages/a/scenes/0/voiceVolume wrong_type", "/stages/a/scenes/0/volume out_of_range")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","__proto__":1,"$type":"x"}}}""", "/stages/a/$type unknown_field", "/stages/a/__proto__ unknown_field")]
    [InlineData("""{"stages":{"a":{"type":"caption","video":"library:a","speakerColors":{"Ann":"#ffd60a","Bo/b":"red"}}}}""", "/stages/a/speakerColors/Bo~1b invalid_format")]
    [InlineData("""{"stages":{"a":{"type":"merge","scenes":[{"video":"library:a"}],"beatSync":{"every":9,"startAt":-1}}}}""", "/stages/a/beatSync/every out_of_range", "/stages/a/beatSync/music missing_field", "/stages/a/beatSync/startAt out_of_range")]
    public void Names_the_place_and_the_kind_of_a_problem(string json, params string[] expected) => Assert.Equal(expected, Problems(json));

    [Theory]
    [InlineData("""{"stages":{"a":{"type":"merge","stems":true,"scenes":[{"video":"library:a"}]},"b":{"type":"music","video":"@a","music":"@a.voice"}}}""")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com","formats":["16:9","9:16"]},"b":{"type":"music","video":"@a.video[1]","music":"library:x"}}}""")]
    [InlineData("""{"stages":{"a":{"type":"capture","url":"https://e.com"},"b":{"type":"music","video":"@a.video[0]","music":"library:x"}}}""")]
    public void Takes_outputs_that_the_parameters_promise(string json) => Assert.Empty(Problems(json));

    [Fact]
    public void Allows_200_scenes_and_no_more()
    {
        string Document(int count) => "{\"stages\":{\"a\":{\"type\":\"merge\",\"scenes\":[" + string.Join(',', Enumerable.Repeat("{\"video\":\"library:a\"}", count)) + "]}}}";

        Assert.Empty(Problems(Document(200)));
        Assert.Equal(["/stages/a/scenes limit_exceeded"], Problems(Document(201)));
    }

    [Fact]
    public void Allows_64_stages_and_no_more()
    {
        string Document(int count) => $$"""{"stages":{ {{string.Join(",", Enumerable.Range(0, count).Select(i => $"\"s{i}\":{{\"type\":\"capture\",\"url\":\"https://e.com\"}}"))}} },"output":"s0"}""";

        Assert.Empty(Problems(Document(64)));
        Assert.Equal(["/stages limit_exceeded"], Problems(Document(65)));
    }

    [Fact]
    public void Makes_a_job_of_one_stage()
    {
        var body = System.Text.Json.Nodes.JsonNode.Parse("""{"url":"https://e.com","metadata":{"a":"b"},"webhook":{"url":"https://h.example.com"}}""")!.AsObject();

        var job = Read(JobDocumentReader.SingleStage(StageTypes.Capture, body).ToJsonString());

        Assert.Empty(job.Problems);
        Assert.Equal(["capture"], job.Outputs);
        Assert.Equal("b", job.Job!.Metadata["a"]);
    }

    [Fact]
    public void Describes_every_stage_type_in_the_schema()
    {
        var schema = DocumentSchema.OfJob();

        var stages = schema["properties"]!["stages"]!["additionalProperties"]!["oneOf"]!.AsArray();
        Assert.Equal(["capture", "render", "caption", "merge", "music", "transcode"], stages.Select(s => s!["properties"]!["type"]!["const"]!.GetValue<string>()));
        Assert.Equal(3.0, stages[0]!["properties"]!["duration"]!["minimum"]!.GetValue<double>());
        Assert.Equal(20, stages[0]!["properties"]!["duration"]!["default"]!.GetValue<double>());
    }
}
