using Platform.Contracts;
using Platform.Render.Templates;
using Platform.Templates;

namespace Platform.Render.Tests;

[Trait("Category", "Integration")]
[Collection(RenderHarness.Name)]
public sealed class PreviewTests(RenderHarness harness)
{
    public static TheoryData<string> Library => [.. TemplateLibrary.Names];

    [Theory]
    [MemberData(nameof(Library))]
    public async Task Shows_a_moment_of_every_template_of_the_library(string name)
    {
        var timeline = Of(name);
        var picture = await harness.PreviewAsync(TemplateLibrary.Find(name)!.Value, timeline.Length.TotalSeconds / 2);
        var frame = await harness.FrameAsync(picture, 0, timeline.Width, timeline.Height);

        Assert.True(Enumerable.Range(0, frame.Rgba.Length / 4).Select(i => BitConverter.ToInt32(frame.Rgba, i * 4)).Distinct().Count() > 100, "next to nothing is seen");
    }

    [Theory]
    [MemberData(nameof(Library))]
    public void Draws_one_frame_for_a_moment(string name)
    {
        var timeline = Of(name);
        Assert.All(Enumerable.Range(0, 40), n =>
        {
            var moment = TemplateRenderer.At(timeline, timeline.Length.TotalSeconds * n / 39);
            Assert.Equal(1, moment.Frames);
            Assert.All(moment.Layers, layer => Assert.True(layer is { Start: <= 0, End: > 0 }));
        });
    }

    [Fact]
    public async Task Refuses_a_transition_that_ffmpeg_has_not_at_whatever_moment_is_asked_for()
    {
        var installed = await harness.Transitions.NamesAsync(TestContext.Current.CancellationToken);
        var asked = Transitions.Names.FirstOrDefault(name => !installed.Contains(name));
        Assert.SkipWhen(asked is null, "This ffmpeg has every transition.");
        var template = System.Text.Json.JsonElement.Parse($$"""
            {"size":{"width":160,"height":90},"tracks":[{"name":"scenes","clips":[{"type":"color","color":"red","length":2},{"type":"color","color":"blue","length":2,"transition":"{{asked}}"}]}]}
            """);

        var preview = await Assert.ThrowsAsync<InvalidOperationException>(() => harness.PreviewAsync(template, 0));
        var lint = await Assert.ThrowsAsync<InvalidOperationException>(() => harness.LintAsync(template));

        Assert.All([preview, lint], refused => Assert.Contains($"Track \"scenes\", clip 2, transition: the installed ffmpeg has no \"{asked}\"", refused.Message, StringComparison.Ordinal));
    }

    private static Timeline Of(string name) =>
        Schedule.Of(TemplateReader.Read(TemplateLibrary.Find(name)!.Value, new Dictionary<string, System.Text.Json.JsonElement>()).Template!, new Dictionary<string, MediaFacts>());
}
