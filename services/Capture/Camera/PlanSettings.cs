using System.Collections.Immutable;
using Platform.Capture.Takes;
using Platform.Contracts;
using CameraIntensity = Platform.Capture.Takes.CameraIntensity;

namespace Platform.Capture.Camera;

/// <summary>What the director may know before it plans. Lengths in CSS pixels, time in seconds.</summary>
internal sealed record PlanSettings
{
    public required int ViewportWidth { get; init; }
    public required int ViewportHeight { get; init; }

    /// <summary>Height of the strip that a shot's target has to fit into: less than the viewport's where a wide film is cut out of a taller page.</summary>
    public int FieldHeight { get => field > 0 ? field : ViewportHeight; init; }

    /// <summary>Every film that the plan is for.</summary>
    public required ImmutableArray<FrameFormat> Formats { get; init; }

    public required double Duration { get; init; }
    public required int Fps { get; init; }
    public TakeMode Mode { get; init; } = TakeMode.Director;
    public CameraIntensity Intensity { get; init; } = CameraIntensity.Normal;
    public Window Window { get; init; } = Window.None;

    /// <summary>Seconds at the end that a card takes; 0 for none.</summary>
    public double EndCard { get; init; }

    /// <summary>Longest time in seconds that a script's film waits for the page; 0 for any.</summary>
    public double LongestWait { get; init; }

    /// <summary>Longest time in seconds that a script's film shows one and the same picture; 0 for any.</summary>
    public double LongestStill { get; init; }

    /// <summary>Length of the film in frames, at least one.</summary>
    public int Frames => Math.Max(1, (int)Math.Round(Duration * Fps));

    /// <summary>Take pixels per CSS pixel at which every film has the page's own sharpness when its camera rests widest.</summary>
    public double FilmScale => Formats.Max(format => format.Width / Stand.Widest(this, format).Width);
}
