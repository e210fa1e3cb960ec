using System.Text.Json;
using Platform.Contracts;
using Platform.Render.Templates;
using Platform.Templates;

namespace Platform.Render.Tests;

/// <summary>A long film in parts is the film that one run would have made.</summary>
[Trait("Category", "Integration")]
public sealed class PartsTests(RenderHarness harness) : IClassFixture<RenderHarness>
{
    private static readonly FinalEncode Lossless = new() { Settings = new EncodeSettings { Preset = "ultrafast", Crf = 0 }, WritesResult = true };

    [Fact]
    public async Task Gives_the_frames_and_the_sound_of_a_single_run()
    {
        var picture = await harness.MakeAsync("wide.png", "-f lavfi -i testsrc2=s=480x270 -frames:v 1");
        var clip = await harness.MakeAsync("clip.mp4", "-f lavfi -i testsrc2=s=320x180:r=60:d=7 -f lavfi -i sine=f=440:d=7 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -shortest");
        const string template = """
            {"size":{"width":320,"height":180},"fps":30,"tracks":[
              {"clips":[{"type":"image","src":"library:wide","length":2.2,"kenBurns":"in"},
                        {"type":"video","src":"library:clip","length":2.5,"from":0.7,"transition":{"name":"circleopen","duration":0.5,"easing":"inOutCubic"}},
                        {"type":"gradient","gradient":"linear-gradient(45deg,#102030,#e0c0a0)","length":1.8,"transition":"fade"}]},
              {"clips":[{"type":"shape","shape":"ellipse","fill":"#ff8800cc","width":60,"height":60,"length":6,"rotation":20,"enter":"pop","exit":"fade",
                         "keyframes":{"x":[{"at":0,"value":-100},{"at":5,"value":100}]}}]},
              {"clips":[{"type":"video","src":"library:clip","width":"30%","anchor":"bottom-left","x":8,"y":-8,"radius":12,"volume":0,"length":5,"start":0.5}]},
              {"clips":[{"type":"audio","src":"library:clip","start":1,"length":3,"fadeOut":1,"volume":0.5}]}]}
            """;
        var template1 = TemplateReader.Read(JsonDocument.Parse(template).RootElement, new Dictionary<string, JsonElement>());
        Assert.Empty(template1.Problems);
        var facts = new Dictionary<string, MediaFacts> { ["library:clip"] = new() { Duration = 7, AudioCodec = "aac" } };
        var timeline = Schedule.Of(template1.Template!, facts);
        var inputs = new Dictionary<string, Artifact> { ["library:wide"] = await harness.PutAsync(picture), ["library:clip"] = await harness.PutAsync(clip) };

        var stages = FilmParts.Of(timeline, 60, Lossless).Parts("film");
        Assert.True(stages.Count >= 5, $"{stages.Count} stages");
        foreach (var (name, stage) in stages.Where(stage => stage.Key != "join"))
            inputs[$"@film~{name}"] = await PartAsync(stage, inputs);
        var joined = await harness.SendAsync(Queues.Render, run => new JoinParts { Run = run("render-join"), Parameters = Read<JoinParameters>(stages["join"]), Inputs = inputs, Encode = Lossless });
        var film = await harness.FileAsync(Assert.IsType<StageCompleted>(joined));
        var single = FilmParts.Of(timeline, 100_000, Lossless).Parts("film");
        var whole = await harness.FileOfAsync(await PartAsync(single["part-1"], inputs));
        var sound = await harness.FileOfAsync(await PartAsync(single["sound"], inputs));

        Assert.Equal(await harness.DigestsAsync(whole), await harness.DigestsAsync(film));
        Assert.Equal(await harness.SoundAsync(sound), await harness.SoundAsync(film));
        Assert.Equal(timeline.Frames, (await harness.Probe.ProbeAsync(film, CancellationToken.None)).Video!.Frames);
    }

    private async Task<Artifact> PartAsync(JsonElement stage, Dictionary<string, Artifact> inputs)
    {
        var answer = await harness.SendAsync(Queues.Render, run => new RenderPart { Run = run("render-part"), Parameters = Read<PartParameters>(stage), Inputs = inputs });
        Assert.True(answer is StageCompleted, (answer as StageFailed)?.Failure.ToString());
        return ((StageCompleted)answer).Outputs["video"].Artifacts[0];
    }

    private static T Read<T>(JsonElement stage) => Planning.ParameterMedia.WithoutType(stage).Deserialize<T>(ContractJson.Options)!;
}
