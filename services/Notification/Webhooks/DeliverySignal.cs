using System.Threading.Channels;

namespace Platform.Notification.Webhooks;

/// <summary>Wakes the delivery of this process; any number of signs before it looks count as one.</summary>
internal sealed class DeliverySignal(TimeProvider time)
{
    private readonly Channel<bool> _signs = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _signs.Writer.TryWrite(true);

    /// <summary>Returns at a sign, one of before included, or when the time is over.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            await _signs.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // the time is over: look
        }
    }
}
