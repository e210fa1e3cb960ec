using System.Text.Json;

namespace Platform.Templates.Tests;

public sealed class ExpansionTests
{
    [Theory]
    [InlineData("Hi {{name}}", """{"name":"Ann"}""", "Hi Ann")]
    [InlineData("{{name}}", """{"name":"{{secret}}","secret":"s"}""", "{{secret}}")]
    [InlineData("a {{name}} b", """{"name":"{{#if secret}}{{secret}}{{/if}}","secret":"s"}""", "a {{#if secret}}{{secret}}{{/if}} b")]
    [InlineData("{{#if on}}yes{{else}}no{{/if}}", """{"on":false}""", "no")]
    [InlineData("{{#each list as x}}{{@number}}:{{x.n}}{{#if @last}}.{{else}}, {{/if}}{{/each}}", """{"list":[{"n":"a"},{"n":2}]}""", "1:a, 2:2.")]
    [InlineData(@"\{{name}} ${7*7} <%= 1 %>", """{"name":"Ann"}""", "{{name}} ${7*7} <%= 1 %>")]
    [InlineData("{{list.1}}", """{"list":["a","b"]}""", "b")]
    [InlineData("x',drawtext=textfile=/etc/passwd:y='%{n}{{a}}", """{"a":"':,;[]\\%\n"}""", "x',drawtext=textfile=/etc/passwd:y='%{n}':,;[]\\%\n")]
    public void Fills_text_once(string text, string input, string filled)
    {
        var template = JsonSerializer.Serialize(new { tracks = new[] { new { clips = new[] { new { type = "text", text } } } } });

        var reading = Read(template, input);

        Assert.Empty(reading.Problems);
        Assert.Equal(filled, ((TextClip)reading.Template!.Tracks[0].Clips[0]).Text);
    }

    [Fact]
    public void Keeps_the_type_of_a_value_that_stands_alone()
    {
        var reading = Read("""{"duration":"{{seconds}}","tracks":[{"clips":[{"type":"color","color":"red","opacity":"{{o}}"}]}]}""", """{"seconds":4.5,"o":0.5}""");

        Assert.Equal(4.5, reading.Template!.Duration);
        Assert.Equal(0.5, ((ColorClip)reading.Template.Tracks[0].Clips[0]).Opacity);
    }

    [Fact]
    public void Repeats_and_leaves_out_parts_of_lists()
    {
        var reading = Read("""
            {"tracks":[{"clips":[
              {"{{#each slides as slide}}":[{"type":"text","text":"{{slide}}"},{"{{#if @last}}":{"type":"color","color":"red"}}]},
              {"{{#if logo}}":{"type":"image","src":"{{logo}}"},"{{else}}":{"type":"color","color":"blue"}}]}]}
            """, """{"slides":["a","b"],"logo":""}""");

        Assert.Empty(reading.Problems);
        Assert.Equal(["a", "b", "red", "blue"], reading.Template!.Tracks[0].Clips.Select(clip => clip is TextClip text ? text.Text : ((ColorClip)clip).Color));
    }

    [Fact]
    public void Takes_a_track_and_a_group_that_conditions_leave_empty()
    {
        var reading = Read("""
            {"duration":2,"tracks":[{"clips":[{"{{#if logo}}":{"type":"image","src":"{{logo}}"}}]},{"clips":[{"type":"group","clips":[{"{{#if logo}}":{"type":"color","color":"red"}}]},{"type":"color","color":"blue","start":1}]}]}
            """, """{"logo":""}""");

        Assert.Empty(reading.Problems);
        Assert.Equal([(30, 30)], Schedule.Of(reading.Template!, new Dictionary<string, Contracts.MediaFacts>()).Layers.Select(layer => (layer.Start, layer.Length)));
    }

    [Fact]
    public void Points_into_what_was_written_however_often_it_was_repeated()
    {
        var reading = Read("""{"tracks":[{"clips":[{"{{#each list as x}}":{"type":"color","color":"nope"}}]}]}""", """{"list":[1,2]}""");

        Assert.Equal("/template/tracks/0/clips/0/{{#each list as x}}/color", Assert.Single(reading.Problems).Pointer);
    }

    [Fact]
    public void Takes_the_frame_based_form_as_it_is()
    {
        var reading = Read("""
            {"timeline":{"duration":300,"fps":30},"tracks":[
              {"type":"background","content":"linear-gradient(135deg, #667eea 0%, #764ba2 100%)","startFrame":0,"endFrame":300},
              {"type":"image","src":"https://example.com/a.png","style":{"width":400,"height":"300px","anchor":"top-right","objectFit":"contain"},"startFrame":30,"endFrame":270,"animation":"fade"},
              {"type":"text","content":"Hello {{name}}","style":{"fontSize":"64px","color":"white","textShadow":"2px 2px 8px rgba(0,0,0,0.5)","anchor":"center","y":-40},"animation":{"type":"typewriter","duration":1},"startFrame":30,"endFrame":240},
              {"type":"voiceover","src":"https://example.com/v.mp3","startFrame":15,"volume":0.8}]}
            """, """{"name":"Ann"}""");

        Assert.Empty(reading.Problems);
        var timeline = Schedule.Of(reading.Template!, new Dictionary<string, Contracts.MediaFacts> { ["https://example.com/v.mp3"] = new() { Duration = 4, AudioCodec = "mp3" } });
        Assert.Equal(300, timeline.Frames);
        Assert.Equal([(0, 300), (30, 240), (30, 210)], timeline.Layers.Select(layer => (layer.Start, layer.Length)));
        Assert.Equal((15, 120, 0.8), (timeline.Sounds[0].Start, timeline.Sounds[0].Length, timeline.Sounds[0].Volume));
        var (image, text) = ((ImageClip)timeline.Layers[1].Clip, (TextClip)timeline.Layers[2].Clip);
        Assert.Equal(("top-right", "contain", 400, 300), (image.Anchor, image.Fit, image.Width!.Value.Value, image.Height!.Value.Value));
        Assert.Equal(("Hello Ann", TextUnit.Letter, -40), (text.Text, text.Enter!.By, text.Y.Value));
    }

    private static TemplateReading Read(string template, string input) => TemplateReader.Read(
        JsonDocument.Parse(template).RootElement, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(input)!);
}
