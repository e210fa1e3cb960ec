namespace Platform.Egress;

/// <summary>Watches that enough bytes come in every window; else its token is cancelled and <see cref="IsTooSlow"/> says why.</summary>
internal sealed class Pace : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _timer;
    private long _bytes;
    private volatile bool _tooSlow;

    public Pace(EgressLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var least = (long)(limits.MinBytesPerSecond * limits.SlowWindow.TotalSeconds);
        _timer = time.CreateTimer(_ => Check(least), null, limits.SlowWindow, limits.SlowWindow);
    }

    /// <summary>Cancelled by the caller or because it is too slow.</summary>
    public CancellationToken Token => _stop.Token;

    public bool IsTooSlow => _tooSlow;

    public void Add(int bytes) => Interlocked.Add(ref _bytes, bytes);

    public void Dispose()
    {
        // The timer's last callback may still run: it must not find the source disposed.
        _timer.Dispose();
        lock (_stop)
        {
            _stop.Dispose();
        }
    }

    private void Check(long least)
    {
        if (Interlocked.Exchange(ref _bytes, 0) >= least)
        {
            return;
        }

        lock (_stop)
        {
            try
            {
                _tooSlow = true;
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The download has ended between the tick and here.
            }
        }
    }
}
