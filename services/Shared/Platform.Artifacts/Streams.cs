using System.Security.Cryptography;

namespace Platform.Artifacts;

/// <summary>Copies and hashes in one pass.</summary>
internal static class Streams
{
    private const int BufferSize = 1 << 20;

    /// <summary>Copies all of <paramref name="from"/>, and says how much it was and its SHA-256 in lower-case hex.</summary>
    /// <param name="from">Read to its end.</param>
    /// <param name="to">Written to, or null to hash only.</param>
    /// <param name="maxBytes">More is <c>storage.too_large</c>.</param>
    /// <param name="stall">Longest wait for one read; infinite for a local file.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<(long Bytes, string Sha256)> CopyAsync(Stream from, Stream? to, long maxBytes, TimeSpan stall, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        var bytes = 0L;
        while (true)
        {
            limit.CancelAfter(stall);
            var read = await ReadAsync(from, buffer, limit.Token, cancellation);
            if (read == 0) return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
            if ((bytes += read) > maxBytes) throw new ArtifactStoreException("storage.too_large", transient: false, $"The file is larger than {maxBytes} bytes.");
            hash.AppendData(buffer, 0, read);
            if (to is not null) await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }

    private static async Task<int> ReadAsync(Stream from, byte[] buffer, CancellationToken limit, CancellationToken cancellation)
    {
        try { return await from.ReadAsync(buffer, limit); }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested) { throw new TimeoutException("no byte came in time", e); }
    }
}

/// <summary>A part of a local file, read-only. Seekable only when it is the whole file: then the file itself is used.</summary>
internal sealed class PartStream(Stream file, long length) : Stream
{
    private long _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = file.Read(buffer, offset, (int)Math.Min(count, _left));
        _left -= read;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
