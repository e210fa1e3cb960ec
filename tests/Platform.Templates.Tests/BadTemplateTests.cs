using System.Text.Json;

namespace Platform.Templates.Tests;

/// <summary>Every problem is told at the place where it was written.</summary>
public sealed class BadTemplateTests
{
    [Theory]
    [InlineData("""{"tracks":[]}""", "/template/tracks", "limit_exceeded")]
    [InlineData("""{}""", "/template/tracks", "missing_field")]
    [InlineData("""{"tracks":[{"clips":[{"type":"text"}]}]}""", "/template/tracks/0/clips/0/text", "missing_field")]
    [InlineData("""{"tracks":[{"clips":[{"type":"movie"}]}]}""", "/template/tracks/0/clips/0/type", "unknown_clip_type")]
    [InlineData("""{"tracks":[{"clips":[{"text":"x"}]}]}""", "/template/tracks/0/clips/0/type", "missing_field")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"greenish"}]}]}""", "/template/tracks/0/clips/0/color", "unknown_color")]
    [InlineData("""{"tracks":[{"clips":[{"type":"gradient","gradient":"linear-gradient(red)"}]}]}""", "/template/tracks/0/clips/0/gradient", "invalid_format")]
    [InlineData("""{"fps":29,"tracks":[{"clips":[{"type":"color","color":"red"}]}]}""", "/template/fps", "not_allowed")]
    [InlineData("""{"size":{"width":101,"height":100},"tracks":[{"clips":[{"type":"color","color":"red"}]}]}""", "/template/size/width", "out_of_range")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","length":0}]}]}""", "/template/tracks/0/clips/0/length", "out_of_range")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","start":86400}]}]}""", "/template/tracks/0/clips/0/start", "out_of_range")]
    [InlineData("""{"duration":2,"tracks":[{"clips":[{"type":"color","color":"red","start":3}]}]}""", "/template/tracks/0/clips/0/start", "out_of_range")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","length":2},{"type":"color","color":"blue","start":1,"length":2}]}]}""", "/template/tracks/0/clips/1/start", "overlap")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","length":"end"},{"type":"color","color":"blue"}]}]}""", "/template/tracks/0/clips/1/start", "missing_field")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","length":1},{"type":"color","color":"blue","transition":"melt"}]}]}""", "/template/tracks/0/clips/1/transition", "unknown_transition")]
    [InlineData("""{"tracks":[{"clips":[{"type":"image","src":"file:///etc/passwd"}]}]}""", "/template/tracks/0/clips/0/src", "invalid_media")]
    [InlineData("""{"tracks":[{"clips":[{"type":"image","src":"site:01900000-0000-7000-8000-000000000001"}]}]}""", "/template/tracks/0/clips/0/src", "invalid_media")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","enter":"explode"}]}]}""", "/template/tracks/0/clips/0/enter", "not_allowed")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","enter":{"preset":"rise","by":"word"}}]}]}""", "/template/tracks/0/clips/0/enter", "not_allowed")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","keyframes":{"hue":[{"at":0,"value":1}]}}]}]}""", "/template/tracks/0/clips/0/keyframes/hue", "unknown_field")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","keyframes":{"x":[{"at":1,"value":1},{"at":1,"value":2}]}}]}]}""", "/template/tracks/0/clips/0/keyframes/x/1/at", "out_of_range")]
    [InlineData("""{"tracks":[{"clips":[{"type":"text","text":"x","style":{"position":"fixed"}}]}]}""", "/template/tracks/0/clips/0/style/position", "unknown_field")]
    [InlineData("""{"tracks":[{"clips":[{"type":"text","text":"x","style":{"fontFamily":"X',drawtext=text=OWNED;movie=x"}}]}]}""", "/template/tracks/0/clips/0/style/fontFamily", "invalid_format")]
    [InlineData("""{"tracks":[{"clips":[{"type":"text","text":"{{env.PATH}}"}]}],"inputs":{"type":"object","properties":{}}}""", "/template/tracks/0/clips/0/text", "unknown_placeholder")]
    [InlineData("""{"tracks":[{"clips":[{"type":"text","text":"{{7*}}"}]}]}""", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("""{"tracks":[{"clips":[{"type":"group","clips":[{"type":"shape","shape":"polygon"}]}]}]}""", "/template/tracks/0/clips/0/clips/0/points", "missing_field")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","opacity":2}]}]}""", "/template/tracks/0/clips/0/opacity", "out_of_range")]
    [InlineData("""{"tracks":[{"clips":[{"type":"color","color":"red","z":1000000000}]}]}""", "/template/tracks/0/clips/0/z", "unknown_field")]
    [InlineData("""{"inputs":{"type":"object","properties":{"n":{"type":"whole"}}},"tracks":[{"clips":[{"type":"color","color":"red"}]}]}""", "/template/inputs/properties/n/type", "invalid_format")]
    [InlineData("""{"timeline":{"duration":60,"fps":30},"tracks":[{"type":"text","content":"x","style":{"color":"nope"},"startFrame":0,"endFrame":30}]}""", "/template/tracks/0/style/color", "unknown_color")]
    [InlineData("""{"timeline":{"duration":60,"fps":30},"tracks":[{"type":"text","content":"x","startFrame":30,"endFrame":30}]}""", "/template/tracks/0/endFrame", "out_of_range")]
    public void Points_at_what_is_wrong(string template, string pointer, string code)
    {
        var problem = Assert.Single(Read(template).Problems);

        Assert.Equal((pointer, code), (problem.Pointer, problem.Code));
    }

    [Fact]
    public void Tells_all_missing_and_ill_typed_inputs_at_once()
    {
        const string template = """
            {"inputs":{"type":"object","properties":{"title":{"type":"string"},"count":{"type":"integer"},"name":{"type":"string","default":"you"}},"required":["title","count"]},
             "tracks":[{"clips":[{"type":"text","text":"{{title}} {{count}} {{name}}"}]}]}
            """;

        Assert.Equal(["/input/count missing_field", "/input/title missing_field"], Problems(template, "{}"));
        Assert.Equal(["/input/count wrong_type", "/input/extra unknown_field", "/input/title wrong_type"], Problems(template, """{"title":{"a":1},"count":"3","extra":1}"""));
        Assert.Empty(Problems(template, """{"title":"a","count":3}"""));
    }

    [Fact]
    public void Asks_for_every_value_that_a_template_without_a_schema_uses() =>
        Assert.Equal(["/input/a missing_input", "/input/b missing_input"], Problems("""{"tracks":[{"clips":[{"type":"text","text":"{{a}} {{b}} {{a}}"}]}]}""", "{}"));

    [Fact]
    public void Names_track_and_clip()
    {
        var problem = Assert.Single(Read("""{"tracks":[{"name":"titles","clips":[{"type":"color","color":"red"},{"type":"text","name":"headline","text":"x","opacity":3}]}]}""").Problems);

        Assert.StartsWith("Track \"titles\", clip \"headline\": ", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_at_the_input_when_that_is_what_is_wrong()
    {
        var problem = Assert.Single(Read("""{"tracks":[{"clips":[{"type":"image","src":"{{logo}}"}]}]}""", """{"logo":"ftp://x/y.png"}""").Problems);

        Assert.Equal(("/input/logo", "invalid_media"), (problem.Pointer, problem.Code));
    }

    [Fact]
    public void Refuses_an_expansion_that_explodes()
    {
        var many = string.Concat(Enumerable.Repeat("{{a}}", 1000));
        var problem = Assert.Single(Read($$"""{"tracks":[{"clips":[{"type":"text","text":"{{many}}"}]}]}""", $$"""{"a":"{{new string('x', 10_000)}}"}""").Problems);

        Assert.Equal("limit_exceeded", problem.Code);
    }

    [Fact]
    public void Refuses_what_would_take_for_ever()
    {
        var clips = string.Join(",", Enumerable.Repeat("""{"clips":[{"type":"color","color":"red","length":600}]}""", 100));
        Assert.Contains(Read($$"""{"size":{"width":3840,"height":2160},"fps":60,"tracks":[{{clips}}]}""").Problems, problem => problem.Code == "too_expensive");
    }

    private static List<string> Problems(string template, string input) => [.. Read(template, input).Problems.Select(problem => $"{problem.Pointer} {problem.Code}").Order(StringComparer.Ordinal)];

    private static TemplateReading Read(string template, string input = "{}") => TemplateReader.Read(
        JsonDocument.Parse(template).RootElement, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(input)!);
}
