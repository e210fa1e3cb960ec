using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Outbox;

/// <summary>
/// Sends what transactions of any process have committed. Any number of processes may deliver: each takes rows under a lease, sends those of one key one
/// after another and those of different keys side by side, and deletes what the broker has confirmed. No transaction is open while it sends. A process
/// that dies leaves its rows to the others when the lease ends; a row that was confirmed but not yet deleted goes twice, with the same message id.
/// </summary>
internal sealed partial class OutboxDelivery<TDbContext>(
    OutboxTable<TDbContext> table,
    OutboxSender sender,
    IBusControl bus,
    OutboxSignal<TDbContext> signal,
    OutboxOptions<TDbContext> options,
    TimeProvider time,
    ILogger<OutboxDelivery<TDbContext>> logger) : BackgroundService
    where TDbContext : StoreDbContext
{
    private static readonly TimeSpan DatabaseLimit = TimeSpan.FromSeconds(5);

    private enum Outcome { Sent, Failed, Refused, Stopped }

    private readonly Channel<long> _sent = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true });
    private readonly DeliveryPace _pace = new(options.QueryMessageLimit);
    private readonly DeliveryPace _databasePace = new(1);
    private readonly QuietLog _quiet = new(time);
    private readonly Lock _paceLock = new();
    private int _inFlight;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lanes = new HashSet<Task>();
        var removal = RemoveSentAsync();
        try
        {
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);     // before its topology is there, messages would go nowhere
            while (true)
            {
                stoppingToken.ThrowIfCancellationRequested();
                lanes.RemoveWhere(lane => lane.IsCompleted);
                if (!await TakeAsync(lanes, stoppingToken))
                {
                    await signal.WaitAsync(Pause(), stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
        finally
        {
            await Task.WhenAll(lanes);
            _sent.Writer.Complete();
            await removal;
        }
    }

    /// <returns>Whether there may be more to take at once.</returns>
    private async Task<bool> TakeAsync(HashSet<Task> lanes, CancellationToken stoppingToken)
    {
        var (width, pause) = PaceNow();
        var room = width - Volatile.Read(ref _inFlight);
        if (pause > TimeSpan.Zero || room <= width / 4)     // not one by one
        {
            return false;
        }

        var since = time.GetTimestamp();
        if (await AskDatabaseAsync("take", cancel => table.TakeAsync(room, options.LeaseDuration, cancel), stoppingToken) is not { Count: > 0 } taken)
        {
            return false;
        }

        Interlocked.Add(ref _inFlight, taken.Count);
        foreach (var lane in taken.GroupBy(message => message.OrderKey ?? message.MessageId))
        {
            lanes.Add(SendInOrderAsync([.. lane], since, stoppingToken));
        }

        return taken.Count == room;
    }

    private async Task SendInOrderAsync(List<OutboxMessage> lane, long takenAt, CancellationToken stoppingToken)
    {
        await Task.Yield();
        var done = 0;
        foreach (var message in lane)
        {
            if (stoppingToken.IsCancellationRequested || time.GetElapsedTime(takenAt) > options.LeaseDuration - options.MessageDeliveryTimeout)
            {
                break;      // the lease might end while this one is sent
            }

            var outcome = await TrySendAsync(message, stoppingToken);
            if (outcome == Outcome.Stopped)
            {
                break;
            }

            done++;
            if (outcome == Outcome.Sent)
            {
                _sent.Writer.TryWrite(message.SequenceNumber);
                continue;
            }

            var refused = outcome == Outcome.Refused;
            await TellDatabaseAsync("hold", cancel => table.FailAsync(message.SequenceNumber, DeliveryPace.HoldAfter(message.Failures, refused), refused, cancel));
            if (!refused)
            {
                break;
            }
        }

        if (done < lane.Count)
        {
            await TellDatabaseAsync("return", cancel => table.ReturnAsync([.. lane.Skip(done).Select(message => message.SequenceNumber)], cancel));
        }

        Interlocked.Add(ref _inFlight, -lane.Count);
        signal.Set();
    }

    private async Task<Outcome> TrySendAsync(OutboxMessage message, CancellationToken stoppingToken)
    {
        var began = time.GetUtcNow();
        try
        {
            if (message.ExpiresAt is null || message.ExpiresAt > began)
            {
                await sender.SendAsync(message, options.MessageDeliveryTimeout, stoppingToken);
            }
        }
#pragma warning disable CA1031 // every failure has one meaning here: the row stays, it is tried again, and the cause is logged
        catch (Exception e)
#pragma warning restore CA1031
        {
            return stoppingToken.IsCancellationRequested ? Outcome.Stopped : Failed(e, message, began);
        }

        Succeeded(message);
        return Outcome.Sent;
    }

    private void Succeeded(OutboxMessage message)
    {
        var now = time.GetUtcNow();
        TimeSpan? trouble;
        lock (_paceLock)
        {
            trouble = _pace.Succeeded(now);
        }

        OutboxMetrics.Delivered.Add(1);
        OutboxMetrics.Waited.Record(Math.Max(0, (now - (message.DueAt ?? message.WrittenAt)).TotalSeconds));
        if (trouble is { } length && _quiet.Allows("recovered"))
        {
            LogRecovered(length);
        }
    }

    private Outcome Failed(Exception exception, OutboxMessage message, DateTimeOffset began)
    {
        // The broker's own answer to this message (returned, not serializable), or the lack of one?
        var refused = exception is MassTransitException and not (TransportException or ConnectionException);
        if (!refused)
        {
            lock (_paceLock)
            {
                _pace.Failed(began, time.GetUtcNow());
            }
        }

        OutboxMetrics.Failed.Add(1);
        if (_quiet.Allows(exception.GetType().Name))
        {
            LogNotSent(message.MessageId, message.MessageType, message.DestinationAddress.AbsolutePath, message.Failures + 1, exception.GetType().Name, exception.Message);
        }

        return refused ? Outcome.Refused : Outcome.Failed;
    }

    /// <summary>Deletes what was confirmed, as much at once as has come together.</summary>
    private async Task RemoveSentAsync()
    {
        var sent = new List<long>();
        while (await _sent.Reader.WaitToReadAsync())
        {
            while (sent.Count < 1000 && _sent.Reader.TryRead(out var number))
            {
                sent.Add(number);
            }

            while (!await TellDatabaseAsync("remove", cancel => table.RemoveAsync(sent, cancel)) && !_sent.Reader.Completion.IsCompleted)
            {
                await Task.Delay(options.QueryDelay, time);     // rows that stay past their lease are only sent again
            }

            sent.Clear();
        }
    }

    /// <summary>Also while the host stops, for a few seconds; what fails is mended by the end of the lease.</summary>
    private Task<bool> TellDatabaseAsync(string what, Func<CancellationToken, Task> tell) => AskDatabaseAsync(
        what,
        async _ =>
        {
            using var limit = new CancellationTokenSource(DatabaseLimit, time);
            await tell(limit.Token);
            return true;
        },
        CancellationToken.None);

    /// <returns>The answer, or default when the database could not answer.</returns>
    private async Task<T?> AskDatabaseAsync<T>(string what, Func<CancellationToken, Task<T>> ask, CancellationToken stoppingToken)
    {
        var began = time.GetUtcNow();
        try
        {
            var answer = await ask(stoppingToken);
            lock (_paceLock)
            {
                _databasePace.Succeeded(time.GetUtcNow());
            }

            return answer;
        }
#pragma warning disable CA1031 // a database that is away must not end the delivery: it is asked again, and the cause is logged
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            lock (_paceLock)
            {
                _databasePace.Failed(began, time.GetUtcNow());
            }

            if (_quiet.Allows("database"))
            {
                LogNoDatabase(what, e.GetType().Name, e.Message);
            }

            return default;
        }
    }

    private (int Width, TimeSpan Pause) PaceNow()
    {
        lock (_paceLock)
        {
            var now = time.GetUtcNow();
            var (broker, database) = (_pace.PauseAt(now), _databasePace.PauseAt(now));
            return (_pace.Width, broker > database ? broker : database);
        }
    }

    private TimeSpan Pause() => PaceNow().Pause is { Ticks: > 0 } pause ? pause : options.QueryDelay;

    [LoggerMessage(LogLevel.Warning, "Did not send message {MessageId} ({MessageType}) to {Destination}, try {Try}; it stays in the outbox. {Cause}: {Reason}")]
    private partial void LogNotSent(Guid messageId, string messageType, string destination, int @try, string cause, string reason);

    [LoggerMessage(LogLevel.Information, "Sent from the outbox again after {Trouble}")]
    private partial void LogRecovered(TimeSpan trouble);

    [LoggerMessage(LogLevel.Warning, "Could not {Action} outbox rows, goes on trying. {Cause}: {Reason}")]
    private partial void LogNoDatabase(string action, string cause, string reason);
}
