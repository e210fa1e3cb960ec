using System.Collections.Immutable;
using System.Globalization;
using Platform.Ffmpeg;

namespace Platform.Merge.Films;

/// <summary>Writes a piece of a film as inputs and filters. Pure: the same piece always gives the same graph. Its inputs are the piece's scenes, in order.</summary>
internal static class PictureGraph
{
    /// <summary>Threads that decode one input: more are not needed to keep an encoder busy, and each holds frames in memory, on a machine of many cores many.</summary>
    private const int DecoderThreads = 2;

    /// <summary>By how much a file may fall short of the length it promises: half a second and 2 %, as everywhere.</summary>
    private const double ShortfallSeconds = 0.5, ShortfallShare = 0.02;

    /// <summary>The videos of a piece.</summary>
    /// <param name="plan">The film.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="paths">Path of each scene's video, by the scene's number.</param>
    public static ImmutableArray<FfmpegInput> Inputs(MergePlan plan, Piece piece, IReadOnlyList<string> paths) => [.. piece.Scenes.Select(scene => Input(plan, piece, scene, paths[scene.Index]))];

    /// <summary>The piece's picture at <c>[picture]</c>.</summary>
    public static FilterGraph For(MergePlan plan, Piece piece) => new([.. piece.Scenes.SelectMany((scene, input) => Scene(plan, piece, scene, input)), .. Joined(plan, piece)]);

    private static FfmpegInput Input(MergePlan plan, Piece piece, PlannedScene scene, string path)
    {
        var (_, end) = Span(piece, scene);
        var still = scene.Media.Video.IsStill;
        var needed = plan.TimeOf(end) + TimeSpan.FromSeconds(ShortfallSeconds);
        var most = scene.Loops || scene.Part.Length is not { } own || own > needed ? needed : own;
        return new FfmpegInput(path)
        {
            Format = still ? scene.Media.Video.Container : null,
            Start = scene.Part.Start > TimeSpan.Zero && !scene.Loops ? scene.Part.Start : null, // a part that loops was made a file of its own
            Duration = still ? null : most,
            Options =
            [
                "-an", "-sn", "-dn", "-threads", DecoderThreads.ToString(CultureInfo.InvariantCulture),
                .. scene.Media.Picture.Rotation == 0 ? (string[])["-reinit_filter", "0"] : [], // a size that changes on the way is the first filter's to deal with, not a new graph's
                .. scene.Loops ? (string[])["-stream_loop", "-1"] : [],
            ],
        };
    }

    private static IEnumerable<FilterChain> Scene(MergePlan plan, Piece piece, PlannedScene scene, int input)
    {
        var parts = piece.PartsOf(scene);
        var (label, rate) = (Number("s", scene.Index), Filters.FpsFromZero(plan.Rate));
        var fast = scene.Media.Picture.FrameRate.Value > plan.Rate.Value; // then frames go before they are scaled, else they come after
        ImmutableArray<Filter> timed = [.. fast ? (Filter[])[] : [rate], Filters.HoldLast(Held(plan, scene))];
        var chains = PictureShape.Chains(
            scene.Media.Picture, scene.Asked.Fit, plan.Width, plan.Height, fast ? [rate] : [],
            parts.Length == 1 ? [.. timed, .. Part(parts[0])] : [.. timed, Filters.Split(parts.Length)],
            string.Create(CultureInfo.InvariantCulture, $"{input}:v:0"), label).ToList();
        if (parts.Length == 1)
        {
            return [.. chains.SkipLast(1), chains[^1] with { Outputs = [PartLabel(scene, parts[0].From)] }];
        }

        return
        [
            .. chains.SkipLast(1),
            chains[^1] with { Outputs = [.. parts.Select(part => $"{PartLabel(scene, part.From)}of")] },
            .. parts.Select(part => Filters.Chain($"{PartLabel(scene, part.From)}of", PartLabel(scene, part.From), [.. Part(part)])),
        ];
    }

    private static IEnumerable<FilterChain> Joined(MergePlan plan, Piece piece)
    {
        var labels = new List<string>();
        foreach (var segment in piece.Segments)
        {
            if (segment is Body body)
            {
                labels.Add(PartLabel(body.Scene, body.From));
            }
            else if (segment is Passage passage)
            {
                labels.Add(Number("t", passage.After.Index));
                yield return new FilterChain(
                    [PartLabel(passage.Before, passage.Before.Frames), PartLabel(passage.After, 0)],
                    [Filters.Transition(passage.Transition.Name, passage.Frames / plan.Rate.Value), .. Part((0, passage.Frames))], // it shows its last frame twice otherwise
                    [labels[^1]]);
            }
        }

        yield return new FilterChain([.. labels], [labels.Count > 1 ? Filters.Concat(labels.Count) : Filters.Null()], ["picture"]);
    }

    private static Filter[] Part((int From, int Frames) part) => [Filters.TrimFrames(part.From, part.From + part.Frames), Filters.SetPts("PTS-STARTPTS")];

    private static (int From, int End) Span(Piece piece, PlannedScene scene)
    {
        var parts = piece.PartsOf(scene);
        return (parts[0].From, parts[^1].From + parts[^1].Frames);
    }

    /// <summary>For how many frames the last one may be shown again: what is planned, and a little that a file may fall short of its promise. What lacks then is an error.</summary>
    private static int Held(MergePlan plan, PlannedScene scene)
    {
        var whole = scene.Frames + scene.ExitFrames;
        if (scene.Loops || scene.Part.Length is not { } own)
        {
            return whole;
        }

        var there = Math.Min(whole, (int)Math.Round(own.TotalSeconds * plan.Rate.Value));
        return whole - there + (int)Math.Ceiling(Math.Max(ShortfallSeconds, own.TotalSeconds * ShortfallShare) * plan.Rate.Value);
    }

    private static string PartLabel(PlannedScene scene, int from) => Number($"{Number("s", scene.Index)}at", from);

    private static string Number(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}{number}");
}
