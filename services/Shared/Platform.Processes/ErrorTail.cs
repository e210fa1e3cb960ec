using System.Text;

namespace Platform.Processes;

/// <summary>Splits standard error into lines and keeps its last 64 KB, however much there is.</summary>
internal sealed class ErrorTail(Action<string>? onLine)
{
    public const int MaxBytes = 64 * 1024;
    private const int MaxLine = 8 * 1024;

    private readonly byte[] ring = new byte[MaxBytes];
    private readonly byte[] line = new byte[MaxLine];
    private int lineLength;
    private long written;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (onLine is not null)
        {
            Split(bytes);
        }

        var kept = bytes.Length > MaxBytes ? bytes[^MaxBytes..] : bytes;
        written += bytes.Length - kept.Length;
        var at = (int)(written % MaxBytes);
        var first = Math.Min(kept.Length, MaxBytes - at);
        kept[..first].CopyTo(ring.AsSpan(at));
        kept[first..].CopyTo(ring);
        written += kept.Length;
    }

    /// <summary>Hands on a last line without an end.</summary>
    public void Finish()
    {
        if (lineLength > 0)
        {
            EndLine();
        }
    }

    public override string ToString()
    {
        var at = (int)(written % MaxBytes);
        return written <= MaxBytes
            ? Encoding.UTF8.GetString(ring.AsSpan(0, (int)written))
            : Encoding.UTF8.GetString([.. ring.AsSpan(at), .. ring.AsSpan(0, at)]);
    }

    private void Split(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            var part = end < 0 ? bytes : bytes[..end];
            part = part[..Math.Min(part.Length, MaxLine - lineLength)];
            part.CopyTo(line.AsSpan(lineLength));
            lineLength += part.Length;
            if (end < 0)
            {
                return;
            }

            EndLine();
            bytes = bytes[(end + 1)..];
        }
    }

    private void EndLine()
    {
        var text = Encoding.UTF8.GetString(line.AsSpan(0, lineLength));
        lineLength = 0;
        if (text.Length > 0)
        {
            onLine!(text);
        }
    }
}
