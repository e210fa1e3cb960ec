using System.Globalization;
using Platform.Contracts;

namespace Platform.Caption.Looks;

/// <summary>A colour with its opacity, 255 for none to see through.</summary>
internal readonly record struct Rgba(byte R, byte G, byte B, byte A = 255)
{
    /// <summary>Reads <c>#rrggbb</c> or <c>#rrggbbaa</c>.</summary>
    public static Rgba Parse(string text) => new(Byte(text, 1), Byte(text, 3), Byte(text, 5), text.Length == 9 ? Byte(text, 7) : (byte)255);

    /// <summary>As CSS writes it.</summary>
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}{A:x2}";

    private static byte Byte(string text, int at) => byte.Parse(text.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

/// <summary>How words come and go.</summary>
internal enum CaptionAnimation
{
    None,
    Fade,

    /// <summary>Filled with the active colour from one side to the other as it is spoken.</summary>
    Karaoke,

    /// <summary>A box in the active colour behind the word that is spoken.</summary>
    Highlight,

    /// <summary>The word that is spoken has the active colour.</summary>
    Color,

    /// <summary>Each word springs up when it is spoken.</summary>
    Pop,

    /// <summary>Letter by letter.</summary>
    Typewriter,

    /// <summary>From the side, with its box.</summary>
    Slide,
}

/// <summary>How captions look, everything decided. Lengths are shares of the size of the letters, that itself is one of the picture's height: the same in every format.</summary>
internal sealed record Look
{
    private static readonly Rgba DarkBox = new(12, 14, 20, 205);

    public string Font { get; init; } = "Inter";

    /// <summary>100 to 900.</summary>
    public int Weight { get; init; } = 700;

    public double Size { get; init; } = 0.042;

    public Rgba Color { get; init; } = new(255, 255, 255);

    public Rgba ActiveColor { get; init; } = new(255, 214, 10);

    public Rgba OutlineColor { get; init; } = new(0, 0, 0);

    public double Outline { get; init; }

    public double Shadow { get; init; }

    public Rgba? Box { get; init; }

    /// <summary>A bar beside the box, in the active colour.</summary>
    public bool Bar { get; init; }

    public string Case { get; init; } = "none";

    /// <summary>−1 left or top, 0 middle, 1 right or bottom.</summary>
    public (int X, int Y) Anchor { get; init; } = (0, 1);

    /// <summary>Where the anchor's point lies, as shares of the picture; null: at the edge of what is safe.</summary>
    public double? X { get; init; }

    public double? Y { get; init; }

    public CaptionAnimation Animation { get; init; }

    /// <summary>From line to line.</summary>
    public double LineHeight { get; init; } = 1.22;

    /// <summary>Between the text and the edge of its box.</summary>
    public double Padding => Box is null ? 0 : 0.42;

    /// <summary>A preset, with changes.</summary>
    public static Look Of(CaptionStyle style)
    {
        var look = Preset(style.Preset);
        return style.Changes is not { } changes ? look : look with
        {
            Font = changes.Font ?? look.Font,
            Weight = changes.Weight switch { "regular" => 400, "bold" => 700, "heavy" => 800, _ => look.Weight },
            Size = changes.Size ?? look.Size,
            Color = Or(changes.Color, look.Color),
            ActiveColor = Or(changes.ActiveColor, look.ActiveColor),
            OutlineColor = Or(changes.OutlineColor, look.OutlineColor),
            Outline = changes.Outline ?? look.Outline,
            Shadow = changes.Shadow ?? look.Shadow,
            Box = changes.Box == false ? null : changes.BoxColor is { } color ? Rgba.Parse(color) : changes.Box == true ? look.Box ?? DarkBox : look.Box,
            Case = changes.Case ?? look.Case,
            Anchor = changes.Position is { } position ? AnchorOf(position) : look.Anchor,
            X = changes.X ?? look.X,
            Y = changes.Y ?? look.Y,
            Animation = changes.Animation is { } animation ? Enum.Parse<CaptionAnimation>(animation, ignoreCase: true) : look.Animation,
        };
    }

    /// <summary>The text as it is set.</summary>
    public string Cased(string text) => Case switch { "upper" => text.ToUpperInvariant(), "lower" => text.ToLowerInvariant(), _ => text };

    private static Look Preset(string name) => name switch
    {
        "bold" => new Look { Weight = 800, Size = 0.055, Case = "upper", Outline = 0.11, Shadow = 0.06 },
        "karaoke" => new Look { Weight = 800, Size = 0.052, Outline = 0.09, Shadow = 0.04, Animation = CaptionAnimation.Karaoke },
        "highlight" => new Look { Weight = 800, Size = 0.05, Outline = 0.05, OutlineColor = new(0, 0, 0, 190), ActiveColor = new(124, 58, 237), Animation = CaptionAnimation.Highlight },
        "pop" => new Look { Weight = 800, Size = 0.062, Case = "upper", Outline = 0.11, Shadow = 0.06, ActiveColor = new(74, 222, 128), Animation = CaptionAnimation.Pop },
        "box" => new Look { Weight = 600, Box = DarkBox, Animation = CaptionAnimation.Fade },
        "outline" => new Look { Size = 0.05, Color = new(255, 225, 53), Outline = 0.085 },
        "typewriter" => new Look { Font = "DejaVu Sans Mono", Size = 0.036, Color = new(134, 239, 172), Box = new(4, 16, 10, 225), Animation = CaptionAnimation.Typewriter },
        "lower-third" => new Look
        {
            Weight = 600, Size = 0.036, Color = new(17, 24, 39), Box = new(255, 255, 255, 240), ActiveColor = new(37, 99, 235), Bar = true, Anchor = (-1, 1), Animation = CaptionAnimation.Slide,
        },
        _ => new Look { Weight = 600, Outline = 0.035, OutlineColor = new(0, 0, 0, 200), Shadow = 0.05, Animation = CaptionAnimation.Fade },
    };

    private static (int, int) AnchorOf(string position) =>
        (position.EndsWith("left", StringComparison.Ordinal) ? -1 : position.EndsWith("right", StringComparison.Ordinal) ? 1 : 0,
            position.StartsWith("top", StringComparison.Ordinal) ? -1 : position.StartsWith("bottom", StringComparison.Ordinal) ? 1 : 0);

    private static Rgba Or(string? text, Rgba other) => text is null ? other : Rgba.Parse(text);
}
