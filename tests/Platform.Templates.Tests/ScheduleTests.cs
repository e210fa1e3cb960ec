using System.Text.Json;
using Platform.Contracts;

namespace Platform.Templates.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public void Puts_clips_one_after_another_and_lets_transitions_overlap()
    {
        var timeline = Plan("""
            {"fps":30,"tracks":[{"clips":[{"type":"color","color":"red","length":2},{"type":"color","color":"blue","length":3,"transition":{"name":"fade","duration":0.5}},
              {"type":"color","color":"lime","length":1}]},{"clips":[{"type":"shape","length":"end","width":10,"height":10}]}]}
            """);

        Assert.Equal([(0, 60), (45, 90), (135, 30), (0, 165)], timeline.Layers.Select(layer => (layer.Start, layer.Length)));
        Assert.Equal(new Crossing(0, "fade", 15, Easing.Linear), timeline.Layers[1].Crossing);
        Assert.Equal(165, timeline.Frames);
    }

    [Fact]
    public void Takes_lengths_from_media_and_from_other_clips()
    {
        var timeline = Plan("""
            {"fps":25,"tracks":[{"clips":[{"type":"text","text":"a","length":"as:voice"},{"type":"video","src":"@film","from":1}]},{"clips":[{"type":"audio","name":"voice","src":"library:voice"}]}]}
            """, ("library:voice", 4.2, true), ("@film", 3, true));

        Assert.Equal([(0, 105), (105, 50)], timeline.Layers.Select(layer => (layer.Start, layer.Length)));
        Assert.Equal([(105, 50), (0, 105)], timeline.Sounds.Select(sound => (sound.Start, sound.Length)));
    }

    [Fact]
    public void Cuts_long_films_where_scenes_begin_and_never_in_a_transition()
    {
        var scenes = string.Join(",", Enumerable.Range(0, 20).Select(i => """{"type":"color","color":"#123456","length":3""" + (i == 0 ? "}" : ""","transition":{"name":"fade","duration":0.5}}""")));
        var timeline = Plan($$"""{"fps":30,"tracks":[{"clips":[{{scenes}}]}]}""");
        var cuts = timeline.Cuts(300);

        Assert.True(cuts.Zip(cuts.Skip(1)).All(part => part.Second - part.First is > 0 and <= 300));
        Assert.All(cuts.Skip(1).SkipLast(1), cut => Assert.Contains(timeline.Layers, layer => layer.Start == cut || layer.End == cut));
        Assert.DoesNotContain(cuts, cut => timeline.Layers.Any(layer => layer.Crossing is { } crossing && layer.Start < cut && cut < layer.Start + crossing.Frames));
    }

    [Fact]
    public void Makes_at_most_two_of_its_parts_again_when_one_scene_of_twenty_changes()
    {
        var (before, after) = (Parts("scene 9"), Parts("another nine"));

        Assert.True(before.Count >= 6);
        Assert.Equal(before.Count, after.Count);
        Assert.InRange(before.Zip(after).Count(pair => pair.First != pair.Second), 1, 2);

        static List<string> Parts(string ninth)
        {
            var scenes = string.Join(",", Enumerable.Range(0, 20).Select(i => $$"""{"type":"text","text":"{{(i == 9 ? ninth : $"scene {i}")}}","length":3,"enter":"fade"}"""));
            var timeline = Plan($$"""{"fps":30,"tracks":[{"clips":[{"type":"gradient","gradient":"linear-gradient(red,blue)","length":60}]},{"clips":[{{scenes}}]},{"clips":[{"type":"shape","width":50,"height":50,"enter":"pop","length":60}]}]}""");
            var cuts = timeline.Cuts(300);
            return [.. cuts.Zip(cuts.Skip(1), (from, to) => timeline.Slice(from, to).ToJson().GetRawText())];
        }
    }

    [Fact]
    public void Reads_a_slice_that_it_wrote()
    {
        var timeline = Plan("""{"fps":30,"tracks":[{"clips":[{"type":"text","text":"a","style":{"fontSize":12},"length":2,"enter":{"preset":"rise","by":"word"},"keyframes":{"x":[{"at":1,"value":"10%"}]}}]}]}""").Slice(10, 50);

        Assert.Equal(timeline.ToJson().GetRawText(), Timeline.FromJson(timeline.ToJson()).ToJson().GetRawText());
        Assert.Equal((-10, 60), (timeline.Layers[0].Start, timeline.Layers[0].Length));
    }

    private static Timeline Plan(string template, params (string Media, double Duration, bool Sound)[] media)
    {
        var reading = TemplateReader.Read(JsonDocument.Parse(template).RootElement, new Dictionary<string, JsonElement>());
        Assert.Empty(reading.Problems);
        return Schedule.Of(reading.Template!, media.ToDictionary(m => m.Media, m => new MediaFacts { Duration = m.Duration, AudioCodec = m.Sound ? "aac" : null }));
    }
}
