using System.Text;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Caption.Sources;

/// <summary>Turns a file of captions into text, whatever wrote it. Pure.</summary>
internal static class SubtitleText
{
    /// <summary>Captions of a film of a day are shorter.</summary>
    public const int MostBytes = 8 << 20;

    /// <summary>UTF-8 and UTF-16 with and without their marks, else Windows-1252; one kind of line end, no NUL.</summary>
    /// <exception cref="StageException"><c>caption.unreadable</c>, <c>caption.limit_exceeded</c>.</exception>
    public static string Decode(byte[] file)
    {
        if (file.Length > MostBytes)
        {
            throw new StageException("caption.limit_exceeded", FailureKind.Permanent, $"A file of captions may have {MostBytes >> 20} MB.");
        }

        var text = Text(file).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\0", "", StringComparison.Ordinal);
        var strange = text.Count(letter => char.IsControl(letter) && letter is not ('\n' or '\t'));
        return strange * 20 > text.Length ? throw new StageException("caption.unreadable", FailureKind.Permanent, "The file of captions is not text.") : text;
    }

    private static string Text(byte[] file)
    {
        switch (file)
        {
            case [0xEF, 0xBB, 0xBF, ..]: return Encoding.UTF8.GetString(file, 3, file.Length - 3);
            case [0xFF, 0xFE, ..]: return Encoding.Unicode.GetString(file, 2, file.Length - 2);
            case [0xFE, 0xFF, ..]: return Encoding.BigEndianUnicode.GetString(file, 2, file.Length - 2);
        }

        // Western text in UTF-16 has a NUL in every other byte.
        var (even, odd) = (0, 0);
        for (var i = 0; i + 1 < Math.Min(file.Length, 2000); i += 2)
        {
            even += file[i] == 0 ? 1 : 0;
            odd += file[i + 1] == 0 ? 1 : 0;
        }

        var half = Math.Min(file.Length, 2000) / 4;
        if (half > 0 && odd > half)
        {
            return Encoding.Unicode.GetString(file);
        }

        if (half > 0 && even > half)
        {
            return Encoding.BigEndianUnicode.GetString(file);
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(file);
        }
    }
}
