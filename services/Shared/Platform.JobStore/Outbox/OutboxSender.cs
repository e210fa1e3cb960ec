using MassTransit;
using MassTransit.Logging;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace Platform.JobStore.Outbox;

/// <summary>Sends one message as it was taken down and waits for the broker's confirmation.</summary>
internal sealed class OutboxSender(IBus bus, TimeProvider time)
{
    /// <summary>A send does not always obey its token, and may never return: after this much longer it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <exception cref="TimeoutException">The broker did not confirm in time; it may still get the message, which is then sent twice.</exception>
    public async Task SendAsync(OutboxMessage message, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var activity = LogContext.Current?.StartOutboxDeliverActivity(message);      // goes on with the trace in the message's headers
        try
        {
            await SendAsync(message, either.Token).WaitAsync(limit + Grace, time, cancellationToken);
        }
        catch (OperationCanceledException e) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            activity?.AddExceptionEvent(e);
            throw new TimeoutException($"The broker did not confirm within {limit.TotalSeconds:0.#} s.", e);
        }
        finally
        {
            activity?.Stop();
        }
    }

    private async Task SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(message.DestinationAddress);
        await endpoint.Send(new SerializedMessageBody(), new OutboxMessageSendPipe(message, message.DestinationAddress), cancellationToken);
    }
}
