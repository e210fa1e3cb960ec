using System.Text.Json.Serialization;

namespace Platform.Capture.Camera;

/// <summary>How the film is made from the page.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FilmMode>))]
internal enum FilmMode
{
    /// <summary>Shots of what matters on the page.</summary>
    Director,

    /// <summary>One smooth scroll from top to bottom.</summary>
    Scroll,

    /// <summary>The first screen, without scrolling.</summary>
    Still,
}

/// <summary>How much the camera does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CameraIntensity>))]
internal enum CameraIntensity
{
    /// <summary>The camera always shows the whole viewport; only the page scrolls.</summary>
    None,
    Calm,
    Normal,
    Lively,
}

/// <summary>What the director is asked for.</summary>
internal sealed record DirectorSettings
{
    /// <summary>Size of the viewport in CSS pixels; its shape is the film's.</summary>
    public required double ViewportWidth { get; init; }

    public required double ViewportHeight { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Frames per second, 1 to 120.</summary>
    public int Fps { get; init; } = 30;

    public FilmMode Mode { get; init; } = FilmMode.Director;

    public CameraIntensity Intensity { get; init; } = CameraIntensity.Normal;

    /// <summary>
    /// How many times the film's pixels the take has along one side: 1 when a take pixel is a film pixel while the camera sees the whole viewport, more when the take is
    /// scaled for closer shots.
    /// </summary>
    public double TakeScale { get; init; } = 1;

    /// <summary>Length of the film in frames, at least one.</summary>
    public int Frames => Math.Max(1, (int)Math.Round(Duration.TotalSeconds * Fps));
}
