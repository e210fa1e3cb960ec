using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Capture.Pages;

/// <summary>Takes that are filmed in parts: where they are cut, the stages that film them, and how they are joined.</summary>
internal sealed class TakeParts(IFfmpeg ffmpeg, StageWork work)
{
    /// <summary>What a frame that the page only passes through costs, as a share of one that is drawn. Seen at 720p: 20 of 121 ms.</summary>
    private const double PassingCost = 1.0 / 6;

    /// <summary>Shortest part in seconds: below, loading the page costs more than its frames.</summary>
    private const int ShortestPart = 1;

    /// <summary>Two drawings of one frame that differ by more are of different pages: PSNR in dB, what two takes of a page that does the same twice keep at least.</summary>
    private const double LeastLikeness = 50;

    private const string Frames = "frames", TimelineName = "timeline", Lead = "lead", Last = "last", Join = "join";

    /// <summary>First frames of the parts, and the number of frames at the end: every worker is busy for as long, so later parts, which pass through more, are shorter. Pure.</summary>
    public static ImmutableArray<int> Cuts(int frames, int parts, int fps)
    {
        var count = Math.Clamp(parts, 1, Math.Max(1, frames / (fps * ShortestPart)));
        for (; ; count--)
        {
            var all = 1 - Math.Pow(1 - PassingCost, count);
            ImmutableArray<int> cuts = [.. Enumerable.Range(0, count + 1).Select(n => (int)Math.Round(frames * (1 - Math.Pow(1 - PassingCost, n)) / all))];
            if (count == 1 || cuts[^1] - cuts[^2] >= fps * ShortestPart)
            {
                return cuts;
            }
        }
    }

    /// <summary>The stages: a part between each two cuts, and one that joins them. Pure.</summary>
    public static StageExpansion Of(CaptureParameters capture, ImmutableArray<int> cuts, DateTimeOffset clock) => new(
        stage =>
        {
            var parts = cuts.Zip(cuts.Skip(1)).Select((part, n) => (Name: string.Create(CultureInfo.InvariantCulture, $"part-{n + 1}"), From: part.First, To: part.Second)).ToList();
            var stages = parts.ToDictionary(part => part.Name, part => Typed(StageTypes.CapturePart, new CapturePartParameters { Capture = capture, From = part.From, To = part.To, Clock = clock }));
            stages[Join] = Typed(StageTypes.CaptureJoin, new JoinTakeParameters
            {
                Capture = capture,
                Parts = [.. parts.Select(part => new TakePartFiles { Frames = Output(part.Name, Frames), Timeline = Output(part.Name, TimelineName), Lead = part.From == 0 ? null : Output(part.Name, Lead), Last = Output(part.Name, Last) })],
            });
            return stages;

            Media Output(string part, string output) => Media.Parse($"@{stage}~{part}.{output}");
        },
        Join);

    /// <summary>What a part leaves.</summary>
    public static async Task<Dictionary<string, OutputFile>> FilesAsync(string frames, Timeline timeline, PlannedScroll scroll, StageWork work, CancellationToken cancellationToken)
    {
        var written = work.PathOf("timeline.json");
        await File.WriteAllTextAsync(written, JsonSerializer.Serialize(timeline, JsonSerializerOptions.Web), cancellationToken);
        var files = new Dictionary<string, OutputFile> { [Frames] = new(frames, "video/x-matroska"), [TimelineName] = new(written, "application/json") };
        foreach (var (name, picture) in new[] { (Lead, scroll.Lead), (Last, scroll.Last) })
        {
            if (picture is not null)
            {
                var path = work.PathOf(name + ".jpg");
                await File.WriteAllBytesAsync(path, picture, cancellationToken);
                files[name] = new(path, "image/jpeg");
            }
        }

        return files;
    }

    /// <summary>The whole take's frames, and what they show.</summary>
    /// <exception cref="StageException"><c>capture.parts_disagree</c>.</exception>
    public async Task<(string Frames, Timeline Timeline)> JoinAsync(JoinTake join, CancellationToken cancellationToken)
    {
        List<string> listed = ["ffconcat version 1.0"];
        Timeline? whole = null;
        string? before = null;
        foreach (var part in join.Parameters.Parts)
        {
            var timeline = JsonSerializer.Deserialize<Timeline>(await File.ReadAllTextAsync(await PathOf(part.Timeline), cancellationToken), JsonSerializerOptions.Web)!;
            if (part.Lead is { } lead && before is not null)
            {
                await RequireSameAsync(before, await PathOf(lead), whole!.Frames, whole.Fps, cancellationToken);
            }

            var pictures = await PathOf(part.Frames);
            listed.Add(string.Create(CultureInfo.InvariantCulture, $"file '{pictures}'"));      // the path is ours: no quote is in it
            listed.Add(string.Create(CultureInfo.InvariantCulture, $"duration {(double)timeline.Frames / timeline.Fps:0.000000}"));
            before = await PathOf(part.Last);
            whole = whole is null ? timeline : After(whole, timeline);
        }

        var (list, frames) = (work.PathOf("parts.ffconcat"), work.PathOf("frames.mkv"));
        await File.WriteAllLinesAsync(list, listed, cancellationToken);
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(list) { Format = "concat", Options = ["-safe", "0"] }],
                Outputs = [new FfmpegOutput(frames) { Format = "matroska", Maps = ["0:v:0"], Options = ["-c", "copy"] }],
            },
            work.Folder, null, cancellationToken);
        return (frames, whole!);

        Task<string> PathOf(Media media) => work.FetchAsync(join.Inputs[media.Text], cancellationToken);
    }

    /// <summary>What the frames of two parts show, one after the other. Pure.</summary>
    public static Timeline After(Timeline first, Timeline next) => first with
    {
        Frames = first.Frames + next.Frames,
        ScrollY = [.. first.ScrollY, .. next.ScrollY],
        Changes = [.. first.Changes, .. next.Changes.Select(frame => first.Frames + frame)],
    };

    private async Task RequireSameAsync(string one, string other, int frame, int fps, CancellationToken cancellationToken)
    {
        var (a, b) = (await DecodeAsync(one, cancellationToken), await DecodeAsync(other, cancellationToken));
        var likeness = Likeness(a, b);
        if (likeness < LeastLikeness)
        {
            throw new StageException("capture.parts_disagree", FailureKind.Permanent, string.Create(
                CultureInfo.InvariantCulture, $"The page does not do the same twice: at frame {frame} ({(double)frame / fps:0.00} s) two parts of the take do not meet ({likeness:0.0} dB, {LeastLikeness} are needed). Film it in one part."));
        }
    }

    /// <summary>PSNR in dB of two pictures of one size; 0 of two sizes. Pure.</summary>
    public static double Likeness(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Length != other.Length || one.IsEmpty)
        {
            return 0;
        }

        double sum = 0;
        for (var i = 0; i < one.Length; i++)
        {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }

        return sum == 0 ? double.PositiveInfinity : 10 * Math.Log10(255 * 255 * (double)one.Length / sum);
    }

    private async Task<byte[]> DecodeAsync(string picture, CancellationToken cancellationToken)
    {
        using var pixels = new MemoryStream();
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(picture) { Format = "jpeg_pipe" }],
                Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo", Maps = ["0:v:0"], Options = ["-pix_fmt", "rgb24", "-frames:v", "1"] }],
                Output = (stream, token) => stream.CopyToAsync(pixels, token),
            },
            work.Folder, null, cancellationToken);
        return pixels.ToArray();
    }

    private static JsonElement Typed<T>(StageType type, T parameters)
    {
        var stage = (JsonObject)JsonSerializer.SerializeToNode(parameters, ContractJson.Options)!;
        stage.Insert(0, "type", type.Name);
        return JsonSerializer.SerializeToElement(stage);
    }
}
