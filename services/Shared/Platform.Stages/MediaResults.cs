using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Stages;

/// <summary>What media tools find and say, as stages tell it.</summary>
public static class MediaResults
{
    /// <summary>What a probe found, as facts of an artifact. A still picture has no frame rate.</summary>
    public static MediaFacts ToFacts(this MediaInfo info) => new()
    {
        Duration = info.Duration?.TotalSeconds,
        Width = info.Video?.Width,
        Height = info.Video?.Height,
        FrameRate = info.IsStill ? null : info.Video?.FrameRate.Value,
        VideoCodec = info.Video?.Codec,
        AudioCodec = info.Audio?.Codec,
    };

    /// <summary>The stage's failure that a tool's failure is.</summary>
    /// <param name="failure">What the tool said.</param>
    /// <param name="place">What of the request it is about, said before it.</param>
    public static StageException ToStage(this MediaException failure, string? place = null) =>
        new(failure.Code, failure.Transient ? FailureKind.Transient : FailureKind.Permanent, place is null ? failure.Message : $"{place}: {failure.Message}", failure);
}
