using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Merge.Films;

/// <summary>What of a scene's files matters to the film.</summary>
internal sealed record SceneMedia
{
    /// <summary>The picture: a film's or a still one.</summary>
    public required MediaInfo Video { get; init; }

    /// <summary>Samples of the voice-over that are heard; null without one.</summary>
    public long? VoiceSamples { get; init; }

    /// <summary>Samples of the scene's own sound, from where it is used; null without one, or where nobody hears it.</summary>
    public long? OwnSamples { get; init; }

    public VideoStream Picture => Video.Video!;
}

/// <summary>Which part of a video is used.</summary>
/// <param name="Start">Into the file.</param>
/// <param name="Length">Null for a still picture, which lasts as long as it must.</param>
/// <param name="Heard">How long there may be sound: often a little longer.</param>
internal sealed record UsedPart(TimeSpan Start, TimeSpan? Length, TimeSpan Heard)
{
    /// <summary>Sound often outlasts its picture by what its codec pads; from here on it counts as part of the scene.</summary>
    private static readonly TimeSpan Padding = TimeSpan.FromSeconds(0.1);

    /// <summary>The part that a scene uses.</summary>
    /// <exception cref="StageException"><c>merge.trim_after_end</c>.</exception>
    public static UsedPart Of(MergeScene scene, MediaInfo video, int index)
    {
        if (video.IsStill)
        {
            return new UsedPart(TimeSpan.Zero, null, TimeSpan.Zero);
        }

        var (start, end, silent) = (TimeSpan.FromSeconds(scene.Trim?.Start ?? 0), LengthOf(video), video.RequireDuration());
        if (scene.Trim?.End is { } asked && TimeSpan.FromSeconds(asked) < end)
        {
            end = silent = TimeSpan.FromSeconds(asked);
        }

        return end > start
            ? new UsedPart(start, end - start, silent - start)
            : throw new StageException("merge.trim_after_end", FailureKind.Permanent, $"Scene {index + 1}: the video is over before the part of it begins that is to be used.");
    }

    private static TimeSpan LengthOf(MediaInfo video)
    {
        var whole = video.RequireDuration();
        return video.Video!.Duration is { } picture && picture < whole && whole - picture < Padding ? picture : whole;
    }
}
