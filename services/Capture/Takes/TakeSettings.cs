using System.Text.Json.Serialization;

namespace Platform.Capture.Takes;

/// <summary>What kind of film the page becomes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TakeMode>))]
internal enum TakeMode
{
    /// <summary>Shots of what matters on the page.</summary>
    Director,

    /// <summary>One smooth scroll from top to bottom.</summary>
    Scroll,

    /// <summary>The first screen, without scrolling.</summary>
    Still,
}

/// <summary>How much the camera moves.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CameraIntensity>))]
internal enum CameraIntensity
{
    /// <summary>The camera always shows the whole viewport; only the page scrolls.</summary>
    None,
    Calm,
    Normal,
    Lively,
}

/// <summary>What the director may know before it plans. Lengths in CSS pixels, time in seconds.</summary>
internal sealed record PlanSettings
{
    public required int ViewportWidth { get; init; }
    public required int ViewportHeight { get; init; }

    /// <summary>Pixels of the film.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Pixels of the film.</summary>
    public required int OutputHeight { get; init; }

    public required double Duration { get; init; }
    public required int Fps { get; init; }
    public TakeMode Mode { get; init; } = TakeMode.Director;
    public CameraIntensity Intensity { get; init; } = CameraIntensity.Normal;

    /// <summary>Length of the film in frames, at least one.</summary>
    public int Frames => Math.Max(1, (int)Math.Round(Duration * Fps));

    /// <summary>Take pixels per CSS pixel at which the whole viewport is the film, pixel for pixel.</summary>
    public double FilmScale => Math.Max((double)OutputWidth / ViewportWidth, (double)OutputHeight / ViewportHeight);
}
