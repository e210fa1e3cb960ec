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
