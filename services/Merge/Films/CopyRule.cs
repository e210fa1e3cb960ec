using Platform.Contracts;

namespace Platform.Merge.Films;

/// <summary>When scenes can be joined as they are. Pure.</summary>
internal static class CopyRule
{
    /// <summary>
    /// Whether every picture is used whole, as it is, and is of the kind that the film is to be. What an earlier stage made for us to work on, fast and large, is no picture for a result; nor is one out
    /// of Matroska, whose clock knows milliseconds only.
    /// </summary>
    public static bool Holds(MergePlan plan, MergeParameters parameters, bool encodesForResult) =>
        plan.Scenes.All(scene => IsWhole(plan, scene))
        && !(encodesForResult && (parameters.Scenes.Any(scene => scene.Video.Kind == MediaKind.Stage) || plan.Scenes.Any(scene => scene.Media.Video.Container.StartsWith("matroska", StringComparison.Ordinal))));

    private static bool IsWhole(MergePlan plan, PlannedScene scene) =>
        scene is { EntryFrames: 0, Asked.Trim: null, Loops: false, Part.Length: { } length, Media.Picture: { Codec: "h264" } picture }
        && PictureShape.IsInPlace(picture, plan.Width, plan.Height)
        && picture.FrameRate == picture.TickRate && picture.FrameRate == plan.Rate
        && (picture.Frames ?? Math.Round(length.TotalSeconds * plan.Rate.Value)) == scene.Frames
        && Math.Abs((picture.Duration ?? length).TotalSeconds - (scene.Frames / plan.Rate.Value)) * plan.Rate.Value < 0.5;

    /// <summary>Sequence and picture parameter sets of an H.264 stream with start codes: they must be the same in everything that is joined, since MP4 keeps them once.</summary>
    public static byte[] ParameterSets(ReadOnlySpan<byte> stream)
    {
        const int typeMask = 0x1f, sequence = 7, picture = 8;
        var sets = new List<byte>();
        for (var at = Next(stream, 0); at < stream.Length;)
        {
            var next = Next(stream, at);
            if ((stream[at] & typeMask) is sequence or picture)
            {
                sets.AddRange(stream[at..next].TrimEnd([(byte)0, (byte)1]));
            }

            at = next;
        }

        return [.. sets];
    }

    // The byte after the next start code 0, 0, 1.
    private static int Next(ReadOnlySpan<byte> stream, int from)
    {
        var found = stream[from..].IndexOf<byte>([0, 0, 1]);
        return found < 0 ? stream.Length : from + found + 3;
    }
}
