using System.Collections.Immutable;

namespace Platform.Browser;

/// <summary>What a block of text is cut into: each unit is a picture that moves by itself.</summary>
public enum TextUnit
{
    /// <summary>One picture with everything.</summary>
    Block,

    /// <summary>One picture per line, after wrapping.</summary>
    Line,

    /// <summary>One picture per word; in scripts without spaces, as their dictionaries have it.</summary>
    Word,

    /// <summary>One picture per letter as a reader sees it: an emoji of five code points is one.</summary>
    Letter,
}

public enum TextAlign
{
    /// <summary>Left, or right in text that runs from right to left.</summary>
    Start,
    Left,
    Center,
    Right,
    End,
    Justify,
}

public enum TextCase
{
    AsWritten,
    Upper,
    Lower,

    /// <summary>The first letter of every word.</summary>
    Capitalize,
}

public enum TextDirection
{
    /// <summary>From the first letter that has one.</summary>
    Auto,
    LeftToRight,
    RightToLeft,
}

/// <summary>Text to lay out and draw. Lengths are pixels of the picture; colours are what CSS takes for one.</summary>
public sealed record TextBlock(string Text, TextStyle Style)
{
    public TextUnit Unit { get; init; } = TextUnit.Block;

    /// <summary>Fonts that are files, to be named in <see cref="TextStyle.Families"/>.</summary>
    public ImmutableArray<TextFont> Fonts { get; init; } = [];
}

/// <summary>A font file (TrueType, OpenType, WOFF or WOFF2) under the family that blocks name it by.</summary>
public sealed record TextFont(string Family, string Path)
{
    /// <summary>100 to 900, or a range such as <c>100 900</c> for a variable font; null: every weight.</summary>
    public string? Weight { get; init; }

    public bool Italic { get; init; }
}

/// <summary>How text looks; what CSS would make of the same values.</summary>
public sealed record TextStyle
{
    /// <summary>In order of preference; glyphs that none has come from the machine's other fonts. One of them must exist.</summary>
    public ImmutableArray<string> Families { get; init; } = ["Noto Sans"];

    public required double Size { get; init; }

    /// <summary>1 to 1000.</summary>
    public int Weight { get; init; } = 400;

    public bool Italic { get; init; }

    public string Color { get; init; } = "#ffffff";

    /// <summary>Fills the letters instead of <see cref="Color"/>, over the whole block; emoji keep their own colours.</summary>
    public TextGradient? Gradient { get; init; }

    /// <summary>Pixels between letters.</summary>
    public double LetterSpacing { get; init; }

    /// <summary>Multiple of <see cref="Size"/>.</summary>
    public double LineHeight { get; init; } = 1.2;

    public TextAlign Align { get; init; } = TextAlign.Start;

    public TextCase Case { get; init; } = TextCase.AsWritten;

    public TextDirection Direction { get; init; } = TextDirection.Auto;

    /// <summary>BCP 47, such as <c>ja</c>: which forms of Han characters, where to hyphenate and break. Null: not said.</summary>
    public string? Language { get; init; }

    /// <summary>Of the block with its padding, exactly. Null: as wide as the text, at most <see cref="MaxWidth"/>.</summary>
    public double? Width { get; init; }

    /// <summary>Of the block with its padding; longer lines wrap. Null: lines end where the text says.</summary>
    public double? MaxWidth { get; init; }

    /// <summary>Lines of about the same length, where the text wraps.</summary>
    public bool Balanced { get; init; }

    /// <summary>The first lies on top.</summary>
    public ImmutableArray<TextShadow> Shadows { get; init; } = [];

    public TextOutline? Outline { get; init; }

    public TextBackground? Background { get; init; }
}

/// <param name="X">Pixels to the right.</param>
/// <param name="Y">Pixels down.</param>
/// <param name="Blur">Radius, pixels.</param>
/// <param name="Color">Of the shadow, mostly a translucent one.</param>
public sealed record TextShadow(double X, double Y, double Blur, string Color);

/// <param name="Width">Pixels outside the letters; they keep their own shape.</param>
/// <param name="Color">Of the outline.</param>
public sealed record TextOutline(double Width, string Color);

/// <param name="Angle">Degrees, as CSS counts: 0 upwards, 90 to the right.</param>
/// <param name="Stops">At least two.</param>
public sealed record TextGradient(double Angle, params ImmutableArray<GradientStop> Stops);

/// <param name="Color">There.</param>
/// <param name="At">0 to 1; null: evenly between its neighbours.</param>
public sealed record GradientStop(string Color, double? At = null);

/// <summary>A box behind the text.</summary>
public sealed record TextBackground(string Color)
{
    /// <summary>Instead of the colour.</summary>
    public TextGradient? Gradient { get; init; }

    /// <summary>Left and right, pixels.</summary>
    public double PaddingX { get; init; }

    /// <summary>Above and below, pixels.</summary>
    public double PaddingY { get; init; }

    public double Radius { get; init; }

    /// <summary>Each line has a box of its own, as wide as its text, instead of one around all.</summary>
    public bool PerLine { get; init; }
}
