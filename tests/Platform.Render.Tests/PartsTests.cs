using System.Text.Json;
using Platform.Contracts;
using Platform.Planning;
using Platform.Render.Films;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Tests;

/// <summary>A long film in parts is the film that one run would have made, and a change is made anew only where it is.</summary>
[Trait("Category", "Integration")]
[Collection(RenderHarness.Name)]
public sealed class PartsTests(RenderHarness harness)
{
    private const int Width = 160, Height = 90;

    private const string Film = """
        {"size":{"width":160,"height":90},"fps":30,"tracks":[
          {"clips":[{"type":"image","src":"library:wide","length":2.2,"kenBurns":"in"},
                    {"type":"video","src":"library:clip","length":2.5,"from":0.7,"transition":{"name":"circleopen","duration":0.5,"easing":"inOutCubic"}},
                    {"type":"gradient","gradient":"linear-gradient(45deg,#102030,#e0c0a0)","length":1.8,"transition":"fade"}]},
          {"clips":[{"type":"shape","shape":"ellipse","fill":"#ff8800cc","width":30,"height":30,"length":6,"rotation":20,"enter":"pop","exit":"fade",
                     "keyframes":{"x":[{"at":0,"value":-50},{"at":5,"value":50}]}}]},
          {"clips":[{"type":"video","src":"library:clip","width":"30%","anchor":"bottom-left","x":8,"y":-8,"radius":12,"volume":0,"length":5,"start":0.5}]},
          {"clips":[{"type":"audio","src":"library:clip","start":1,"length":3,"fadeOut":1,"volume":0.5}]}]}
        """;

    [Fact]
    public async Task Gives_the_frames_and_the_sound_of_a_single_run()
    {
        var files = await FilesAsync();
        var (parts, single) = (await InPartsAsync(Film, files, Encode("ultrafast", 0)), await AtOnceAsync(Film, files, Encode("ultrafast", 0)));

        Assert.True(parts.Made.Count >= 5, $"{parts.Made.Count} stages");
        Assert.Equal(await harness.DigestsAsync(single), await harness.DigestsAsync(parts.Film));
        Assert.Equal(await harness.SoundAsync(single), await harness.SoundAsync(parts.Film));
    }

    [Fact]
    public async Task Is_as_near_to_the_frames_as_a_single_run_at_the_joins_too()
    {
        var files = await FilesAsync();
        var encode = Encode("veryfast", 23);
        var frames = await FramesAsync(await AtOnceAsync(Film, files, Encode("ultrafast", 0)));
        var parts = await InPartsAsync(Film, files, encode);
        var (joined, single) = (await FramesAsync(parts.Film), await FramesAsync(await AtOnceAsync(Film, files, encode)));
        var joins = parts.Made.Values.Where(made => made.Stage.Type == StageTypes.RenderPart).Select(made => Timeline.FromJson(made.Stage.Parameters.GetProperty("timeline")))
            .Where(part => part.Layers.Count > 0).Select(part => part.Frames).Aggregate(new List<int> { 0 }, (ends, length) => [.. ends, ends[^1] + length])[1..^1];

        Assert.NotEmpty(joins);
        Assert.Equal(frames.Count, joined.Count);
        Assert.InRange(Gain(Enumerable.Range(0, frames.Count)), -0.2, 0.2);
        Assert.All(joins, join => Assert.InRange(Gain(Around(join)), -0.2, 1));

        static IEnumerable<int> Around(int join) => Enumerable.Range(join - 12, 24);

        double Gain(IEnumerable<int> numbers) => Psnr(joined, numbers) - Psnr(single, numbers);

        double Psnr(List<byte[]> film, IEnumerable<int> numbers)
        {
            var error = numbers.Average(n => film[n].Zip(frames[n], (a, b) => (double)((a - b) * (a - b))).Average());
            return 10 * Math.Log10(255 * 255 / error);
        }
    }

    [Theory]
    [InlineData("#30a060", 1.0)]
    [InlineData("#3060a0", 1.2)]
    public async Task Makes_at_most_two_parts_again_when_one_scene_of_twenty_changes(string color, double length)
    {
        var files = new Dictionary<string, Artifact>();
        await InPartsAsync(Scenes("#3060a0", 1), files, Encode("ultrafast", 30));

        var again = await InPartsAsync(Scenes(color, length), files, Encode("ultrafast", 30));

        var parts = again.Made.Values.Where(made => made.Stage.Type == StageTypes.RenderPart).ToList();
        Assert.True(parts.Count >= 8, $"{parts.Count} parts");
        Assert.InRange(parts.Count(part => !part.Answer.Reused), 1, 2);
        Assert.Equal(20 * 24 + (int)Math.Round((length - 1) * 24), (await harness.Probe.ProbeAsync(again.Film, CancellationToken.None)).Video!.Frames);

        static string Scenes(string tenth, double length)
        {
            var scenes = Enumerable.Range(0, 20).Select(n => FormattableString.Invariant($$"""{"type":"color","color":"{{(n == 9 ? tenth : $"#2040{n + 10:x2}")}}","length":{{(n == 9 ? length : 1)}}}"""));
            return $$"""{"size":{"width":64,"height":48},"fps":24,"tracks":[{"clips":[{{string.Join(',', scenes)}}]}]}""";
        }
    }

    private static FinalEncode Encode(string preset, int crf) => new() { Settings = new EncodeSettings { Preset = preset, Crf = crf }, WritesResult = true };

    private async Task<Dictionary<string, Artifact>> FilesAsync()
    {
        var picture = await harness.MakeAsync("wide.png", "-f lavfi -i testsrc2=s=480x270 -frames:v 1");
        var clip = await harness.MakeAsync("clip.mp4", "-f lavfi -i testsrc2=s=320x180:r=60:d=7 -f lavfi -i sine=f=440:d=7 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -shortest");
        return new() { ["library:wide"] = await harness.PutAsync(picture), ["library:clip"] = await harness.PutAsync(clip) };
    }

    private async Task<string> AtOnceAsync(string template, Dictionary<string, Artifact> files, FinalEncode encode)
    {
        var assets = new Dictionary<string, Asset>();
        foreach (var (name, artifact) in files)
        {
            var path = await harness.FileAsync(artifact);
            assets[name] = new Asset(path, await harness.Probe.ProbeAsync(path, CancellationToken.None));
        }
        var timeline = Schedule.Of(Read(template).Template!, assets.ToDictionary(pair => pair.Key, pair => pair.Value.Info.ToFacts()));
        var folder = Directory.CreateDirectory(harness.PathOf($"single-{Guid.NewGuid():N}")).FullName;
        return await harness.Films.MakeAsync(new FilmOrder { Timeline = timeline, Assets = assets, Encoding = new FilmEncoding("mp4", encode), Folder = folder }, CancellationToken.None);
    }

    // Does with the service's answers what a job does: plans the parts that it asks for, sends them, and hands each what it needs of those before it.
    private async Task<(string Film, Dictionary<string, (PlannedStage Stage, StageCompleted Answer)> Made)> InPartsAsync(string template, Dictionary<string, Artifact> files, FinalEncode encode)
    {
        var reading = Read(template);
        var parameters = new RenderParameters { Template = reading.Snapshot, Media = [.. reading.Media.Select(media => Media.Parse(media.Text)).Distinct()] };
        var answer = await harness.AnswerAsync(Queues.Render, "render", run => new RenderTemplate { Run = run, Parameters = parameters, Inputs = files, Encode = encode });
        var expansion = Assert.IsType<StageExpanded>(answer);
        var parent = new PlannedStage("film", StageTypes.Render, JsonSerializer.SerializeToElement(parameters, ContractJson.Options), [.. files.Select(file => new PlannedInput(file.Key, null, null, null, file.Value))], encode);

        var made = new Dictionary<string, (PlannedStage Stage, StageCompleted Answer)>();
        foreach (var stage in JobPlanner.Expand(parent, expansion))
        {
            var inputs = stage.Inputs.ToDictionary(input => input.Text, input => input.Known ?? made[input.Stage!].Answer.Outputs["video"].Artifacts[0]);
            var fingerprint = Fingerprint.Of(stage.Type, stage.Parameters, inputs, stage.Encode, expansion.JobId);
            var ended = stage.Type == StageTypes.RenderPart
                ? await harness.AnswerAsync(Queues.Render, "render-part", run => new RenderPart { Run = run with { Fingerprint = fingerprint }, Parameters = stage.Parameters.Deserialize<PartParameters>(ContractJson.Options)!, Inputs = inputs })
                : await harness.AnswerAsync(Queues.Render, "render-join", run => new JoinParts { Run = run with { Fingerprint = fingerprint }, Parameters = stage.Parameters.Deserialize<JoinParameters>(ContractJson.Options)!, Inputs = inputs, Encode = stage.Encode });
            Assert.True(ended is StageCompleted, (ended as StageFailed)?.Failure.ToString());
            made[stage.Name] = (stage, (StageCompleted)ended);
        }
        return (await harness.FileAsync(made[expansion.Result].Answer), made);
    }

    private async Task<List<byte[]>> FramesAsync(string film) => [.. (await harness.RunAsync(["-i", film, "-map", "0:v:0", "-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1"])).Chunk(Width * Height * 3 / 2)];

    private static TemplateReading Read(string template)
    {
        var reading = TemplateReader.Read(JsonDocument.Parse(template).RootElement, new Dictionary<string, JsonElement>());
        Assert.Empty(reading.Problems);
        return reading;
    }
}
