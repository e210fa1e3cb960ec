namespace Platform.Egress;

/// <summary>
/// A connection whose head was read in blocks: what came after the head is given first, then the connection itself. Reading and writing
/// at the same time is safe, and a read never waits for more than there is (<see cref="BufferedStream"/> promises neither).
/// </summary>
internal sealed class PeekedStream(Stream inner) : Stream
{
    private readonly byte[] _buffer = new byte[ProxyHead.MaxBytes];
    private int _start;
    private int _end;

    /// <summary>The bytes up to and including <paramref name="mark"/>. Empty when the peer closed before the first byte.</summary>
    /// <exception cref="InvalidDataException">The peer closed in between, or the mark is not within <see cref="ProxyHead.MaxBytes"/>.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadThroughAsync(ReadOnlyMemory<byte> mark, CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (true)
        {
            var at = _buffer.AsSpan(0, _end).IndexOf(mark.Span);
            if (at >= 0)
            {
                _start = at + mark.Length;
                return _buffer.AsMemory(0, _start);
            }

            if (_end == _buffer.Length)
            {
                throw new InvalidDataException($"The head is larger than {_buffer.Length} bytes.");
            }

            var read = await inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return _end == 0 ? ReadOnlyMemory<byte>.Empty : throw new InvalidDataException("The head is incomplete.");
            }

            _end += read;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end)
        {
            return inner.ReadAsync(buffer, cancellationToken);
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return ValueTask.FromResult(count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Asynchronous only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Asynchronous only.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
