using System.Text.Json.Serialization;

namespace Platform.Capture.Takes;

/// <summary>What kind of film the page becomes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TakeMode>))]
internal enum TakeMode
{
    Director,
    Scroll,
    Still,
}

/// <summary>How much the camera moves.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CameraIntensity>))]
internal enum CameraIntensity
{
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
}
