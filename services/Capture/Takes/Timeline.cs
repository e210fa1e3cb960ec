using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.Capture.Takes;

/// <summary>Something that was done to the page during the take, or is to be shown to the viewer about it.</summary>
internal sealed record TimelineAction
{
    /// <summary>The action's name in the script vocabulary: <c>click</c>, <c>type</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary>First frame of it: the pointer sets out, the first key goes down.</summary>
    public required int Start { get; init; }

    /// <summary>The frame at which its target was there: until then it waited for the page. <see cref="Start"/> for actions without one.</summary>
    public required int Found { get; init; }

    /// <summary>The frame at which it happens: the button is down, the page answers. From <see cref="Found"/> to <see cref="End"/>.</summary>
    public required int Frame { get; init; }

    /// <summary>The frame after the last one that belongs to it, its rest included.</summary>
    public required int End { get; init; }

    /// <summary>Its target in CSS pixels of the viewport, as it lay at <see cref="Frame"/>; null for actions without one.</summary>
    public Box? Box { get; init; }

    /// <summary>What was typed (a secret as dots) or pressed, such as <c>Control+K</c>; else what the target says.</summary>
    public string Text { get; init; } = "";

    /// <summary>Frames at which the keys went down, in order; empty for actions without keys.</summary>
    public ImmutableArray<int> Keys { get; init; } = [];

    /// <summary>Words that it brought into the picture.</summary>
    public int Words { get; init; }
}

/// <summary>What the pointer looks like, by the element under it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PointerShape>))]
internal enum PointerShape { Arrow, Hand, Text }

/// <summary>Where the synthetic pointer is at a frame. It is not in the take's pictures: composition draws it, so that its size and look need no new take.</summary>
/// <param name="X">CSS pixels of the viewport.</param>
/// <param name="Y">CSS pixels of the viewport.</param>
/// <param name="Shape">What the element under it asks for.</param>
/// <param name="Down">The button is pressed.</param>
internal readonly record struct PointerSample(double X, double Y, PointerShape Shape = PointerShape.Arrow, bool Down = false);

/// <summary>What a take's frames show, beside the frames: <c>timeline.json</c>. Composition needs this and the frames, and no browser.</summary>
internal sealed record Timeline
{
    public const int CurrentVersion = 2;

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

    /// <summary>The pointer at every frame; empty where the take has none. Not before its first use: null.</summary>
    public ImmutableArray<PointerSample?> Pointer { get; init; } = [];

    /// <summary>The frames whose picture is another than the one before it, by rising number. What blinks, as a caret does, counts once.</summary>
    public ImmutableArray<int> Changes { get; init; } = [];

    /// <summary>By rising <see cref="TimelineAction.Start"/>.</summary>
    public ImmutableArray<TimelineAction> Actions { get; init; } = [];
}
