using System.Collections.Immutable;

namespace Platform.Capture.Takes;

/// <summary>Something that was done to the page during the take.</summary>
/// <param name="Time">Seconds from the start of the film.</param>
/// <param name="Kind">The action's name in the script vocabulary.</param>
/// <param name="Box">Where, in CSS pixels from the top left corner of the viewport; null for actions without a place.</param>
/// <param name="Text">What was typed or pressed, or what the target says.</param>
internal sealed record TimelineAction(double Time, string Kind, Box? Box, string Text);

/// <summary>What a take's frames show, beside the frames: <c>timeline.json</c>. Composition needs this and the frames, and no browser.</summary>
internal sealed record Timeline
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Where the page was at the end of loading, without user information, query and fragment.</summary>
    public required string Url { get; init; }

    public required string Title { get; init; }

    /// <summary>Frames per second: 24, 25, 30, 50 or 60.</summary>
    public required int Fps { get; init; }

    public required int Frames { get; init; }

    /// <summary>CSS pixels.</summary>
    public required int ViewportWidth { get; init; }

    /// <summary>CSS pixels.</summary>
    public required int ViewportHeight { get; init; }

    /// <summary>Pixels of a frame per CSS pixel.</summary>
    public required double DeviceScale { get; init; }

    /// <summary>Pixels of the take's frames: viewport × scale, rounded up to even numbers.</summary>
    public required int FrameWidth { get; init; }

    /// <summary>See <see cref="FrameWidth"/>.</summary>
    public required int FrameHeight { get; init; }

    public required PageMap Page { get; init; }

    /// <summary>Scroll position of every frame in CSS pixels, as the page really was; as many as <see cref="Frames"/>.</summary>
    public required ImmutableArray<double> ScrollY { get; init; }

    public ImmutableArray<TimelineAction> Actions { get; init; } = [];
}
