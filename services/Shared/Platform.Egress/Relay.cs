using System.Buffers;
using System.Globalization;

namespace Platform.Egress;

/// <summary>Moves bytes between two connections.</summary>
internal static class Relay
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Both ways, until one side has ended: then all it sent has been passed on, and there is nobody left to hear the other.</summary>
    public static async Task BothAsync(Stream client, Stream server, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = OneAsync(client, server, done.Token);
        var down = OneAsync(server, client, done.Token);
        await Task.WhenAny(up, down);
        await done.CancelAsync();
        await Task.WhenAll(up, down);
    }

    /// <summary>One way, until the source ends or either breaks. Never throws for that: the end of a connection is its ordinary end.</summary>
    public static async Task OneAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        try
        {
            await CopyAsync(from, to, long.MaxValue, cancellationToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Hung up, or stopped by the caller.
        }
    }

    public static async Task CopyAsync(Stream from, Stream to, long length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (length > 0)
            {
                var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), cancellationToken);
                if (read == 0)
                {
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                await to.FlushAsync(cancellationToken);
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>Reads the header <c>Range</c> (RFC 9110 §14) as far as browsers need it: one range.</summary>
internal static class ByteRange
{
    /// <summary>First byte and length; null when the whole file is to be sent.</summary>
    public static (long From, long Length)? Parse(string? header, long total)
    {
        if (header is null || !header.StartsWith("bytes=", StringComparison.Ordinal) || header[6..].Split('-') is not [var first, var last])
        {
            return null;
        }

        var to = last.Length == 0 ? total - 1 : Number(last);
        var from = first.Length == 0 ? Math.Max(0, total - (to ?? 0)) : Number(first);
        to = first.Length == 0 ? total - 1 : to;
        return from is { } start && to is { } end && start <= end && start < total ? (start, Math.Min(end, total - 1) - start + 1) : null;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
