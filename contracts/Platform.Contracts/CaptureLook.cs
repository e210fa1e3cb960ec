using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>How the camera moves over a take, and what stands round the page.</summary>
public sealed record CameraParameters
{
    [Description("How much the camera moves; none shows the page as a visitor's screen does.")]
    public CameraIntensity Intensity { get; init; } = CameraIntensity.Normal;

    [Description("browser shows the page in a window with a browser's bar, on a background.")]
    public CameraFrame Frame { get; init; } = CameraFrame.None;

    [Description("What lies behind a window, and on the end card: auto takes the page's own hue; else one or two colours, such as \"#0b3d4a #04161c\".")]
    [RegularExpression("^(auto|#[0-9A-Fa-f]{6}( #[0-9A-Fa-f]{6})?)$")]
    public string Background { get; init; } = "auto";

    [Description("Background round the window, as a share of the page's shorter side. Left out: 0.06 with a frame, none without.")]
    [Range(0.0, 0.4)]
    public double? Padding { get; init; }
}

/// <summary>Strength of camera moves.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CameraIntensity>))]
public enum CameraIntensity { None, Calm, Normal, Lively }

/// <summary>What stands round the page.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CameraFrame>))]
public enum CameraFrame { None, Browser }

/// <summary>A logo over the film, and on its end card.</summary>
public sealed record LogoParameters
{
    [Description("A still picture, with transparency or without.")]
    public required Media Media { get; init; }

    [Description("Where it stands.")]
    public Anchor Position { get; init; } = Anchor.TopRight;

    [Description("Its longer side, as a share of the film's shorter side.")]
    [Range(0.02, 1.0)]
    public double Size { get; init; } = 0.12;

    [Range(0.0, 1.0)]
    public double Opacity { get; init; } = 1;

    [Description("Room between it and the film's edge, as a share of the film's shorter side.")]
    [Range(0.0, 0.4)]
    public double Padding { get; init; } = 0.04;
}

/// <summary>A place in a picture. In reading order: the value says column (modulo 3) and row (divided by 3).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Anchor>))]
public enum Anchor { TopLeft, Top, TopRight, Left, Center, Right, BottomLeft, Bottom, BottomRight }

/// <summary>The last picture of a directed film.</summary>
public sealed record EndCardParameters
{
    [Description("Whether there is one. Left out: in director mode, in films of 12 s or more.")]
    public bool? Show { get; init; }

    [Description("Left out: the page's own, up to its first separator.")]
    [MaxLength(120)]
    public string? Title { get; init; }

    [Description("Left out: the rest of the page's title.")]
    [MaxLength(200)]
    public string? Subtitle { get; init; }

    [Description("Seconds, of the film's own length.")]
    [Range(1.0, 10.0)]
    public double Duration { get; init; } = 2.4;
}

/// <summary>What composition shows, and lets be heard, of a script: the take itself holds none of it.</summary>
public sealed record PointerParameters
{
    [Description("Whether the pointer and the ripples of its clicks are seen.")]
    public bool Show { get; init; } = true;

    [Description("Its size, as a multiple of a desktop's.")]
    [Range(0.5, 4.0)]
    public double Size { get; init; } = 1.5;

    [Description("Whether keys that are pressed, and text that is typed, are shown.")]
    public bool Keys { get; init; } = true;

    [Description("Whether presses of the button and of keys are heard: short clicks. Without it, and where nothing is pressed, the film has no sound.")]
    public bool Sounds { get; init; }
}
