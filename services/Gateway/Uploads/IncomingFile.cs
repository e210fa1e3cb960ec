namespace Platform.Gateway.Uploads;

/// <summary>
/// A file on its way in: its first bytes can be looked at before the rest is read, its length is counted, and a failure of the sender is told apart from one of the store that
/// reads it.
/// </summary>
internal sealed class IncomingFile(Stream source) : Stream
{
    private byte[] _head = [];
    private int _given;

    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>How the sender failed, if it did.</summary>
    public Exception? SenderFailure { get; private set; }

    /// <summary>Reads the first bytes; they are still part of the stream.</summary>
    public async Task<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellation)
    {
        var head = new byte[count];
        var length = 0;
        while (length < count && await ReadSourceAsync(head.AsMemory(length), cancellation) is > 0 and var more) length += more;
        return _head = head[..length];
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        if (_given < _head.Length)
        {
            count = Math.Min(buffer.Length, _head.Length - _given);
            _head.AsMemory(_given, count).CopyTo(buffer);
            _given += count;
        }
        else count = await ReadSourceAsync(buffer, cancellationToken);
        Count += count;
        return count;
    }

    private async ValueTask<int> ReadSourceAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try { return await source.ReadAsync(buffer, cancellation); }
        catch (Exception e)
        {
            SenderFailure = e;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => Count; set => throw new NotSupportedException(); }
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
