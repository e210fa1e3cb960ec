using System.Globalization;

namespace Platform.Gateway.Jobs;

/// <summary>A part of a file.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>
    /// Reads a <c>Range</c> header for a file of <paramref name="total"/> bytes. Null: the whole file, since there is no header, it makes no sense, or it asks for several
    /// parts (RFC 9110 lets a server ignore it). A length of 0: nothing of it lies in the file.
    /// </summary>
    public static ByteRange? Read(string? header, long total)
    {
        const string Unit = "bytes=";
        if (header is null || header.Length > 100 || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) || header.Contains(',', StringComparison.Ordinal)) return null;
        var parts = header[Unit.Length..].Trim().Split('-');
        if (parts.Length != 2) return null;
        if (parts[0].Length == 0) return Number(parts[1]) is { } last ? new ByteRange(Math.Max(0, total - last), Math.Min(last, total)) : null;
        if (Number(parts[0]) is not { } first || (parts[1].Length > 0 && Number(parts[1]) is null)) return null;
        var end = Math.Min(Number(parts[1]) ?? long.MaxValue, total - 1);
        if (parts[1].Length > 0 && Number(parts[1]) < first) return null;
        return first >= total ? new ByteRange(0, 0) : new ByteRange(first, end - first + 1);
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
