namespace Platform.Caption.Looks;

/// <summary>
/// The font for letters that a look's own does not draw. libass would take the first that fontconfig has for them, often a wide one, and at another size: what it calls a font's size counts from the highest
/// to the lowest that the font draws, which differs by half from one writing system to the next.
/// </summary>
/// <param name="Family">Of Debian's packages fonts-noto-core and fonts-noto-cjk. Where it is missing, fontconfig finds another.</param>
/// <param name="LineSize">Its <see cref="ITextMeasure.LineSize"/>.</param>
internal sealed record ForeignFont(string Family, double LineSize)
{
    // By Unicode's blocks.
    private static readonly (int First, int Last, ForeignFont Font)[] Table =
    [
        (0x0530, 0x058F, new("Noto Sans Armenian", 1.36)),
        (0x0590, 0x05FF, new("Noto Sans Hebrew", 1.36)), (0xFB1D, 0xFB4F, new("Noto Sans Hebrew", 1.36)),
        (0x0600, 0x08FF, new("Noto Sans Arabic", 2.112)), (0xFB50, 0xFDFF, new("Noto Sans Arabic", 2.112)), (0xFE70, 0xFEFC, new("Noto Sans Arabic", 2.112)),
        (0x0900, 0x097F, new("Noto Sans Devanagari", 1.304)),
        (0x0980, 0x09FF, new("Noto Sans Bengali", 1.325)),
        (0x0A00, 0x0A7F, new("Noto Sans Gurmukhi", 1.304)),
        (0x0A80, 0x0AFF, new("Noto Sans Gujarati", 1.304)),
        (0x0B80, 0x0BFF, new("Noto Sans Tamil", 1.24)),
        (0x0C00, 0x0C7F, new("Noto Sans Telugu", 1.352)),
        (0x0C80, 0x0CFF, new("Noto Sans Kannada", 1.349)),
        (0x0D00, 0x0D7F, new("Noto Sans Malayalam", 1.247)),
        (0x0D80, 0x0DFF, new("Noto Sans Sinhala", 1.304)),
        (0x0E00, 0x0E7F, new("Noto Sans Thai", 1.511)),
        (0x0E80, 0x0EFF, new("Noto Sans Lao", 1.645)),
        (0x1000, 0x109F, new("Noto Sans Myanmar", 2.184)),
        (0x10A0, 0x10FF, new("Noto Sans Georgian", 1.36)),
        (0x1200, 0x137F, new("Noto Sans Ethiopic", 1.362)),
        (0x1780, 0x17FF, new("Noto Sans Khmer", 1.362)),
        (0x1100, 0x11FF, new("Noto Sans CJK KR", 1.448)), (0x3130, 0x318F, new("Noto Sans CJK KR", 1.448)), (0xAC00, 0xD7FF, new("Noto Sans CJK KR", 1.448)),
        (0x2E80, 0x312F, new("Noto Sans CJK JP", 1.448)), (0x31A0, 0x9FFF, new("Noto Sans CJK JP", 1.448)), (0xF900, 0xFAFF, new("Noto Sans CJK JP", 1.448)),
        (0xFF00, 0xFF60, new("Noto Sans CJK JP", 1.448)), (0x20000, 0x3FFFF, new("Noto Sans CJK JP", 1.448)),
    ];

    /// <summary>The font that a text needs for the first of its letters that another does not draw; null where that one draws all, or nobody knows better.</summary>
    public static ForeignFont? For(string text, ITextMeasure font)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!font.Has(rune) && Array.Find(Table, entry => rune.Value >= entry.First && rune.Value <= entry.Last).Font is { } foreign)
            {
                return foreign;
            }
        }

        return null;
    }
}
