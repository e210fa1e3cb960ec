using System.Globalization;
using System.Text;

namespace Platform.Caption.Captions;

/// <summary>What of writing systems matters to captions, by Unicode's blocks. Pure.</summary>
internal static class Scripts
{
    /// <summary>Whether words of this text follow each other without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese.</summary>
    public static bool WritesWithoutSpaces(string text) => text.EnumerateRunes().Any(rune => IsWide(rune) || rune.Value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF));

    /// <summary>Whether a letter fills a square, as Chinese and Japanese ones do. Korean ones do too, but are written with spaces.</summary>
    public static bool IsWide(Rune rune) => rune.Value is (>= 0x2E80 and <= 0x312F) or (>= 0x31A0 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF00 and <= 0xFF60) or (>= 0x20000 and <= 0x3FFFF);

    /// <summary>Whether it is a Korean syllable.</summary>
    public static bool IsSyllable(Rune rune) => rune.Value is >= 0xAC00 and <= 0xD7A3;

    /// <summary>Whether it is written from right to left.</summary>
    public static bool IsRightToLeft(Rune rune) =>
        rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    /// <summary>Whether letters of it change shape with their neighbours or move around, so that a line must be laid out as a whole.</summary>
    public static bool IsComplex(Rune rune) => IsRightToLeft(rune) || rune.Value is (>= 0x0900 and <= 0x109F) or (>= 0x1780 and <= 0x18AF) or (>= 0x1A00 and <= 0x1AFF);

    public static bool IsRightToLeft(string text) => text.EnumerateRunes().Any(IsRightToLeft);

    public static bool IsComplex(string text) => text.EnumerateRunes().Any(IsComplex);

    /// <summary>Whether a word has an emoji, which is drawn in colour.</summary>
    public static bool HasEmoji(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            if (IsEmoji(elements.GetTextElement()))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one letter, as a reader sees it, is an emoji: flags, families and keycaps included, a © without a colour selector not.</summary>
    public static bool IsEmoji(string element)
    {
        const char colour = '\uFE0F';
        const int keycap = 0x20E3;
        var runes = element.EnumerateRunes().ToList();
        return runes.Exists(rune => rune.Value == keycap)
            || (runes[0].Value is (>= 0x1F000 and <= 0x1FAFF) or 0x231A or 0x231B or (>= 0x23E9 and <= 0x23EC) or 0x23F0 or 0x23F3 or 0x25FD or 0x25FE or 0x2614 or 0x2615
                or (>= 0x2648 and <= 0x2653) or 0x267F or 0x2693 or 0x26A1 or 0x26AA or 0x26AB or 0x26BD or 0x26BE or 0x26C4 or 0x26C5 or 0x26CE or 0x26D4 or 0x26EA or 0x26F2
                or 0x26F3 or 0x26F5 or 0x26FA or 0x26FD or 0x2705 or 0x270A or 0x270B or 0x2728 or 0x274C or 0x274E or (>= 0x2753 and <= 0x2755) or 0x2757
                or (>= 0x2795 and <= 0x2797) or 0x27B0 or 0x27BF or 0x2B1B or 0x2B1C or 0x2B50 or 0x2B55)
            || (runes.Count > 1 && element.Contains(colour, StringComparison.Ordinal));
    }

    /// <summary>Letters as a reader sees them.</summary>
    public static IEnumerable<string> Elements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            yield return elements.GetTextElement();
        }
    }
}
