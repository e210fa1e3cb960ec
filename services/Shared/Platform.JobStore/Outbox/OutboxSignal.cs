using System.Threading.Channels;

namespace Platform.JobStore.Outbox;

/// <summary>Wakes the delivery of this process; any number of wake-ups before it looks count as one.</summary>
internal abstract class OutboxSignal(TimeProvider time)
{
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _wakeUps.Writer.TryWrite(true);

    /// <summary>Returns at a wake-up, one of before included, or when the time is over.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _wakeUps.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // the time is over: look
        }
    }
}

/// <inheritdoc/>
internal sealed class OutboxSignal<TDbContext>(TimeProvider time) : OutboxSignal(time);
