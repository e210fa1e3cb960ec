using System.Text.Json;

namespace Platform.Templates.Tests;

public sealed class TemplateReaderTests
{
    [Fact]
    public void Reads_a_template_of_every_kind_of_clip()
    {
        var reading = Read("""
            {"size":"16:9","tracks":[{"name":"all","clips":[
              {"type":"color","color":"#123","length":1},
              {"type":"gradient","gradient":"linear-gradient(90deg,#000,#fff)","length":1},
              {"type":"image","src":"https://example.com/a.png","length":2,"kenBurns":"in","transition":"fade"},
              {"type":"video","src":"@film","length":"auto","from":1},
              {"type":"shape","shape":"ellipse","fill":"red","width":100,"height":"10%","length":1},
              {"type":"text","text":"Hello","style":{"fontSize":72,"color":"#fff"},"length":2,"enter":{"preset":"rise","by":"word"},"exit":"fade"},
              {"type":"html","html":"<p>x</p>","length":1},
              {"type":"group","length":2,"clips":[{"type":"text","text":"Inner"}]}]},
              {"clips":[{"type":"audio","src":"library:music","volume":0.5,"length":"end"}]}]}
            """);

        Assert.Empty(reading.Problems);
        Assert.Equal(9, reading.Template!.Tracks.Sum(track => track.Clips.Count));
        Assert.Equal(["/template/tracks/0/clips/2/src", "/template/tracks/0/clips/3/src", "/template/tracks/1/clips/0/src"], reading.Media.Select(media => media.Pointer));
        Assert.Equal(JsonSerializer.Serialize(reading.Template), JsonSerializer.Serialize(TemplateReader.ReadSnapshot(reading.Snapshot)));
    }

    private static TemplateReading Read(string template, string input = "{}") => TemplateReader.Read(
        JsonDocument.Parse(template).RootElement, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(input)!);
}
