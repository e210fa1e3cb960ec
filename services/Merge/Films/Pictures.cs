using System.Collections.Immutable;
using System.Globalization;
using Platform.Ffmpeg;

namespace Platform.Merge.Films;

/// <summary>Makes a film's picture: in one run with its sound where that fits, else in pieces that are joined by copy; or by copy alone where scenes need nothing.</summary>
internal sealed class Pictures(IFfmpeg ffmpeg, FilmOrder order, MergePlan plan, Action<double, string> report, CancellationToken cancellationToken)
{
    /// <summary>Ticks of a piece's clock per frame: any number that keeps frames apart.</summary>
    private const int TicksPerFrame = 512;

    private const int MostRemuxedAtOnce = 50;

    /// <summary>Brings scenes that need nothing into a form that can be joined by copy.</summary>
    /// <returns>False where they need something, or are of different streams after all.</returns>
    public async Task<bool> PrepareCopyAsync()
    {
        if (!CopyRule.Holds(plan, order.Parameters, order.Encode is not null))
        {
            return false;
        }

        var heads = new List<byte[]>();
        foreach (var group in plan.Scenes.Chunk(MostRemuxedAtOnce))
        {
            await RunAsync(
                new FfmpegCommand
                {
                    Inputs = [.. group.Select(scene => new FfmpegInput(order.Scenes[scene.Index].Video) { Options = ["-an", "-sn", "-dn"] })],
                    Outputs = [.. group.SelectMany((scene, input) => (FfmpegOutput[])[Remuxed(input, PiecePath(scene.Index)), Head(input, HeadPath(scene.Index))])],
                },
                0, 0.2, "copying");
            foreach (var scene in group)
            {
                heads.Add(CopyRule.ParameterSets(await File.ReadAllBytesAsync(HeadPath(scene.Index), cancellationToken)));
            }
        }

        return heads.All(head => head.AsSpan().SequenceEqual(heads[0]));
    }

    /// <summary>Joins what was prepared.</summary>
    /// <returns>False where it turns out not to hold the frames that were planned: nothing is left then.</returns>
    public async Task<bool> TryCopyAsync(string result, FilmEncoding encoding, Soundtrack sound) =>
        await JoinAsync([.. plan.Scenes.Select(scene => (PiecePath(scene.Index), scene.Frames))], result, encoding, sound, 0.2) == plan.Frames;

    /// <summary>Encodes.</summary>
    /// <exception cref="MediaException"><c>media.duration_mismatch</c>: a video holds less than it promises.</exception>
    public async Task EncodeAsync(string result, FilmEncoding encoding, Soundtrack sound)
    {
        var pieces = Pieces.Of(plan);
        if (pieces is [var only])
        {
            Check(await EncodeAsync(only, result, encoding, sound, 0, 1), plan.Frames);
            return;
        }

        var done = 0;
        var files = new List<(string, int)>();
        foreach (var piece in pieces)
        {
            files.Add((PiecePath(files.Count), piece.Frames));
            Check(await EncodeAsync(piece, files[^1].Item1, encoding, null, Share(done), Share(done + piece.Frames)), piece.Frames);
            done += piece.Frames;
        }

        Check(await JoinAsync(files, result, encoding, sound, 0.95), plan.Frames);

        double Share(int frames) => 0.95 * frames / plan.Frames;
    }

    private async Task<long> EncodeAsync(Piece piece, string path, FilmEncoding encoding, Soundtrack? sound, double from, double to)
    {
        var videos = PictureGraph.Inputs(plan, piece, await LoopsAsync(piece));
        var graph = PictureGraph.For(plan, piece);
        var heard = sound is { IsHeard: true };
        return await RunAsync(
            new FfmpegCommand
            {
                Inputs = [.. videos, .. heard ? [sound!.Input] : ImmutableArray<FfmpegInput>.Empty],
                Graph = heard ? new FilterGraph([.. graph.Chains, sound!.Chain(videos.Length)]) : graph,
                Outputs =
                [
                    new FfmpegOutput(path)
                    {
                        Maps = heard ? ["[picture]", "[sound]"] : ["[picture]"],
                        Options = [.. encoding.Picture(plan.Rate), .. heard ? encoding.Sound : encoding.Container],
                        Format = sound is null ? "mp4" : encoding.Format,
                    },
                ],
                Length = plan.TimeOf(piece.Frames),
            },
            from, to, "encoding");
    }

    /// <summary>ffmpeg repeats a file from its beginning, whatever part of it is used: a part that is to be repeated becomes a file first.</summary>
    private async Task<IReadOnlyList<string>> LoopsAsync(Piece piece)
    {
        var paths = order.Scenes.Select(scene => scene.Video).ToArray();
        foreach (var scene in piece.Scenes.Where(scene => scene is { Loops: true } && (scene.Asked.Trim is not null)))
        {
            paths[scene.Index] = Path.Combine(order.Folder, Text($"loop-{scene.Index}.mkv"));
            var once = scene with { Loops = false, Frames = Math.Max(1, (int)Math.Round(scene.Part.Length!.Value.TotalSeconds * plan.Rate.Value)), EntryFrames = 0, ExitFrames = 0 };
            var part = new Piece([new Body(once, 0, once.Frames)]);
            await ffmpeg.RunAsync(
                new FfmpegCommand
                {
                    Inputs = PictureGraph.Inputs(plan, part, order.Scenes.Select(files => files.Video).ToArray()),
                    Graph = PictureGraph.For(plan, part),
                    Outputs = [new FfmpegOutput(paths[scene.Index]) { Maps = ["[picture]"], Options = FilmEncoding.Intermediate.Picture(plan.Rate), Format = "matroska" }],
                },
                order.Folder, null, cancellationToken);
        }

        return paths;
    }

    private async Task<long> JoinAsync(IReadOnlyList<(string Path, int Frames)> files, string result, FilmEncoding encoding, Soundtrack sound, double from)
    {
        var list = Path.Combine(order.Folder, "pieces");
        await File.WriteAllLinesAsync(
            list,
            ["ffconcat version 1.0", .. files.SelectMany(file => (string[])[$"file {Path.GetFileName(file.Path)}", $"duration {FilterGraph.ValueText(plan.TimeOf(file.Frames))}"])],
            cancellationToken);
        var joined = await RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(list) { Format = "concat" }, .. sound.IsHeard ? [sound.Input] : ImmutableArray<FfmpegInput>.Empty],
                Graph = sound.IsHeard ? new FilterGraph(sound.Chain(1)) : null,
                Outputs =
                [
                    new FfmpegOutput(result)
                    {
                        Maps = sound.IsHeard ? ["0:v:0", "[sound]"] : ["0:v:0"],
                        Options = ["-c:v", "copy", .. sound.IsHeard ? encoding.Sound : encoding.Container],
                        Format = encoding.Format,
                    },
                ],
                Length = plan.Length,
            },
            from, 1, "joining");
        foreach (var (path, _) in files)
        {
            File.Delete(path);
        }

        return joined;
    }

    private FfmpegOutput Remuxed(int input, string path) => new(path)
    {
        Maps = [Text($"{input}:v:0")],
        Options =
        [
            "-c", "copy", "-video_track_timescale", Text($"{plan.Rate.Numerator * TicksPerFrame}"),
        ],
        Format = "mp4",
    };

    private static FfmpegOutput Head(int input, string path) => new(path)
    {
        Maps = [Text($"{input}:v:0")],
        Options = ["-c", "copy", "-bsf:v", "h264_mp4toannexb", "-frames:v", "1"],
        Format = "h264",
    };

    private string PiecePath(int number) => Path.Combine(order.Folder, Text($"piece-{number}.mp4"));

    private string HeadPath(int number) => Path.Combine(order.Folder, Text($"head-{number}.h264"));

    private static void Check(long made, int planned)
    {
        if (made != planned)
        {
            throw new MediaException("media.duration_mismatch", false, Text($"The scenes' videos promise {planned} frames and hold {made}."));
        }
    }

    /// <summary>Runs ffmpeg.</summary>
    /// <returns>How many frames it wrote.</returns>
    private async Task<long> RunAsync(FfmpegCommand command, double from, double to, string activity)
    {
        long frames = 0;
        await ffmpeg.RunAsync(
            command, order.Folder,
            now =>
            {
                frames = now.Frames;
                report(from + ((to - from) * (now.Share ?? 0)), activity);
            },
            cancellationToken);
        return frames;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
