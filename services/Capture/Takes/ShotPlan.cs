using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.Capture.Takes;

/// <summary>How a value goes from one key to the next.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Easing>))]
internal enum Easing
{
    /// <summary>Same speed all the way.</summary>
    Linear,

    /// <summary>Starts and ends at rest, third power.</summary>
    Cubic,

    /// <summary>Starts and ends at rest, even acceleration, fifth power (minimum jerk).</summary>
    Smooth,
}

/// <summary>Where the page is scrolled to at a time. Between two keys the later one's easing holds.</summary>
/// <param name="Time">Seconds from the start of the film.</param>
/// <param name="Y">CSS pixels from the top of the page, 0 to page height − viewport height.</param>
/// <param name="Easing">How the way to this key is gone.</param>
internal readonly record struct ScrollKey(double Time, double Y, Easing Easing = Easing.Smooth);

/// <summary>What a shot is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShotKind>))]
internal enum ShotKind
{
    Establishing,
    Hero,
    Section,
    CallToAction,
    EndCard,

    /// <summary>The whole page going by, mode <c>scroll</c>.</summary>
    Scroll,
}

/// <summary>A part of the film with one target.</summary>
internal sealed record Shot
{
    public required ShotKind Kind { get; init; }

    /// <summary>Seconds from the start of the film; a shot begins where the one before ended.</summary>
    public required double Start { get; init; }

    public required double End { get; init; }

    /// <summary>What is shown, from the top left corner of the page in CSS pixels; null when it is everything.</summary>
    public Box? Target { get; init; }

    /// <summary>What the target says, for people who read the list.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the camera sees when the shot begins: CSS pixels from the top left corner of the viewport (the take's frame is that times the device scale).</summary>
    public required Box From { get; init; }

    /// <summary>What the camera sees when the move has ended, same coordinates.</summary>
    public required Box To { get; init; }

    public Easing Easing { get; init; } = Easing.Smooth;

    /// <summary>Seconds from <see cref="Start"/> until the camera has reached <see cref="To"/>, where it rests for what is left.</summary>
    public required double Move { get; init; }
}

/// <summary>The director's list: how the page scrolls while it is taken, and what the camera does within the take's frames. Written as <c>shots.json</c>.</summary>
internal sealed record ShotPlan
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Seconds.</summary>
    public required double Duration { get; init; }

    /// <summary>Rising times; before the first key its value holds, after the last one the last's.</summary>
    public required ImmutableArray<ScrollKey> Scroll { get; init; }

    /// <summary>In order, without gaps, from 0 to <see cref="Duration"/>.</summary>
    public required ImmutableArray<Shot> Shots { get; init; }

    /// <summary>Take pixels per CSS pixel that keep every planned shot's enlargement within 1.25: the take's device scale factor. 1 to 3.</summary>
    public double DeviceScale { get; init; } = 1;
}
