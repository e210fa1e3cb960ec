using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Platform.Caption.Captions;

namespace Platform.Caption.Looks;

/// <summary>How wide text is, and how high its lines are, in multiples of the letters' size (em).</summary>
internal interface ITextMeasure
{
    /// <summary>Width of a text set in one line.</summary>
    double Width(string text);

    /// <summary>Whether this font draws a letter itself.</summary>
    bool Has(Rune rune);

    /// <summary>Whether the widths of all its letters are known; else they are guessed.</summary>
    bool Measures(string text);

    /// <summary>What libass calls a font's size, by the size of its letters: it counts from the highest to the lowest that a font draws.</summary>
    double LineSize { get; }
}

/// <summary>
/// Widths out of a TrueType or OpenType file: what is needed to break lines and to place words, no more. Kerning is left out, and shapes that letters take beside each other.
/// </summary>
internal sealed class FontFile : ITextMeasure
{
    /// <summary>Of letters that another font draws (<see cref="ForeignFont"/>): squares, Korean syllables, emoji; a guess for all others.</summary>
    private const double Square = 1.0, Syllable = 0.92, Emoji = 1.25, Other = 0.62;

    private readonly byte[] file;
    private readonly Dictionary<string, int> tables;
    private readonly int unitsPerEm;
    private readonly int metrics;
    private readonly int charmap;

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="index">Which of a collection.</param>
    /// <exception cref="InvalidDataException">It is no such font.</exception>
    public FontFile(byte[] file, int index = 0)
    {
        this.file = file;
        try
        {
            var start = Tag(0) == "ttcf" ? (int)U32(12 + (index * 4)) : 0;
            tables = Enumerable.Range(0, U16(start + 4)).ToDictionary(i => Tag(start + 12 + (i * 16)), i => (int)U32(start + 12 + (i * 16) + 8));
            unitsPerEm = U16(tables["head"] + 18);
            metrics = U16(tables["hhea"] + 34);
            charmap = Charmap();
            var (ascent, descent) = tables.TryGetValue("OS/2", out var os2) ? (U16(os2 + 74), U16(os2 + 76)) : (0, 0);
            if (ascent + descent == 0)
            {
                (ascent, descent) = (U16(tables["hhea"] + 4), -(short)U16(tables["hhea"] + 6));
            }

            LineSize = (ascent + descent) / (double)unitsPerEm;
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException("not a font that can be read", e);
        }
    }

    public double LineSize { get; }

    public bool Has(Rune rune) => Glyph(rune.Value) != 0;

    public bool Measures(string text) => Scripts.Elements(text).All(element => Scripts.IsEmoji(element) || element.EnumerateRunes().All(rune => IsWidthless(rune) || Has(rune) || Scripts.IsWide(rune) || Scripts.IsSyllable(rune)));

    public double Width(string text) => Scripts.Elements(text).Sum(element => Scripts.IsEmoji(element) ? Emoji : element.EnumerateRunes().Sum(Width));

    private double Width(Rune rune) => IsWidthless(rune) ? 0
        : Glyph(rune.Value) is var glyph and not 0 ? U16(tables["hmtx"] + (Math.Min(glyph, metrics - 1) * 4)) / (double)unitsPerEm
        : Scripts.IsWide(rune) ? Square
        : Scripts.IsSyllable(rune) ? Syllable
        : Other;

    private static bool IsWidthless(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    private int Charmap()
    {
        var cmap = tables["cmap"];
        return Enumerable.Range(0, U16(cmap + 2)).Select(i => cmap + 4 + (i * 8)).Select(at => (Platform: U16(at), Encoding: U16(at + 2), At: cmap + (int)U32(at + 4)))
            .Where(table => U16(table.At) is 4 or 12 && (table.Platform == 0 || (table.Platform == 3 && table.Encoding is 1 or 10)))
            .OrderByDescending(table => U16(table.At)).First().At;
    }

    private int Glyph(int code) => U16(charmap) == 12 ? GlyphOfGroups(code) : code <= 0xFFFF ? GlyphOfSegments(code) : 0;

    private int GlyphOfGroups(int code)
    {
        var (low, high) = (0, (int)U32(charmap + 12) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var at = charmap + 16 + (middle * 12);
            if (code < U32(at))
            {
                high = middle - 1;
            }
            else if (code > U32(at + 4))
            {
                low = middle + 1;
            }
            else
            {
                return (int)(U32(at + 8) + (code - U32(at)));
            }
        }

        return 0;
    }

    private int GlyphOfSegments(int code)
    {
        var segments = U16(charmap + 6) / 2;
        for (var i = 0; i < segments; i++)
        {
            if (code > U16(charmap + 14 + (i * 2)))
            {
                continue;
            }

            var start = U16(charmap + 16 + (segments * 2) + (i * 2));
            if (code < start)
            {
                return 0;
            }

            var delta = U16(charmap + 16 + (segments * 4) + (i * 2));
            var rangeAt = charmap + 16 + (segments * 6) + (i * 2);
            var range = U16(rangeAt);
            var glyph = range == 0 ? code : U16(rangeAt + range + ((code - start) * 2));
            return glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
        }

        return 0;
    }

    private string Tag(int at) => Encoding.ASCII.GetString(file, at, 4);

    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at, 2));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at, 4));
}
