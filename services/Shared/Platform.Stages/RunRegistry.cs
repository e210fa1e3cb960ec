using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Contracts;

namespace Platform.Stages;

/// <summary>How a run ended.</summary>
/// <param name="Manifest">What it made, or null.</param>
/// <param name="Failure">Why it made nothing, or null.</param>
/// <param name="Bug">An exception that nobody expected: goes on to the error queue.</param>
internal sealed record RunOutcome(StageManifest? Manifest, StageFailure? Failure, Exception? Bug = null)
{
    /// <summary>What the stage turned into, instead of a manifest.</summary>
    public StageExpansion? Expansion { get; init; }

    /// <summary>Nobody waits for it any more: the saga, which asked for that, is told that it is done.</summary>
    public static RunOutcome Cancelled { get; } = new(null, new StageFailure("stage.cancelled", FailureKind.Permanent, "The stage was cancelled."));
}

/// <summary>
/// The work under way in this process: one run per fingerprint. Deliveries join it, a redelivery of a lost one too; a cancel detaches one
/// of them. A run is killed with its last waiter, or a while after its last delivery was lost without a new one.
/// </summary>
internal sealed class RunRegistry(IOptions<StagesOptions> options, TimeProvider time) : IHostedService
{
    private readonly ConcurrentDictionary<(string Tenant, string Fingerprint), ActiveRun> _runs = new();
    private readonly Lock _gate = new();
    private bool _stopping;

    /// <summary>Joins the run of that fingerprint, or begins it.</summary>
    public RunWaiter Join(StageRun run, Func<ActiveRun, CancellationToken, Task<RunOutcome>> begin)
    {
        lock (_gate)
        {
            var key = (run.Tenant, run.Fingerprint);
            if (!_runs.TryGetValue(key, out var active) || !active.CanBeJoinedBy(run))
                _runs[key] = active = new ActiveRun(begin, ended => Forget(key, ended));
            return active.Attach(run);
        }
    }

    /// <summary>Detaches the waiters that a message cancels; a run that nobody waits for any more is killed.</summary>
    public void Cancel(CancelStage cancel)
    {
        lock (_gate)
            foreach (var run in _runs.Values)
                run.Cancel(waiter => waiter.Tenant == cancel.Tenant && waiter.JobId == cancel.JobId
                    && (cancel.Stage is null || (waiter.Stage == cancel.Stage && (cancel.Attempt is null || waiter.Attempt == cancel.Attempt))));
    }

    /// <summary>A delivery went away without a cancel: the run goes on for a while and waits to be joined.</summary>
    public void Lose(RunWaiter waiter)
    {
        lock (_gate) waiter.Active.Lose(waiter, _stopping ? TimeSpan.Zero : options.Value.LostGrace, time);
    }

    /// <summary>The answer of a delivery went out.</summary>
    public void Answered(RunWaiter waiter)
    {
        lock (_gate) waiter.Active.Answered(waiter);
    }

    private void Forget((string, string) key, ActiveRun ended)
    {
        lock (_gate) _runs.TryRemove(new KeyValuePair<(string, string), ActiveRun>(key, ended));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The bus has stopped before: what still runs was handed back, so it is killed, and its workspace deleted.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] left;
        lock (_gate)
        {
            _stopping = true;
            foreach (var run in _runs.Values) run.Kill();
            left = [.. _runs.Values.Select(run => run.Ended)];
        }
        await Task.WhenAll(left).WaitAsync(cancellationToken);
    }
}

/// <summary>One delivery that waits for a run.</summary>
internal sealed class RunWaiter(ActiveRun active, StageRun run, bool isFirst)
{
    private readonly TaskCompletionSource<RunOutcome> _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>False for a redelivery of what waited here before: to the saga nothing began anew.</summary>
    public bool IsFirst { get; } = isFirst;

    public ActiveRun Active { get; } = active;
    public StageRun Run { get; } = run;

    /// <summary>How the run ended, for this waiter: a cancelled one waits for the run's end only if nobody else needs it.</summary>
    public async Task<RunOutcome> OutcomeAsync(CancellationToken cancellation) =>
        await (await Task.WhenAny(Active.Outcome, _cancelled.Task).WaitAsync(cancellation));

    public void SetCancelled() => _cancelled.TrySetResult(RunOutcome.Cancelled);
}

/// <summary>Work under way, and who waits for it. Its members are called under the registry's lock, but for the tasks.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The source has no timer: nothing to dispose, and disposing would race with a late kill")]
internal sealed class ActiveRun
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly HashSet<RunWaiter> _waiters = [];
    private readonly HashSet<(Guid, string, int)> _seen = [];
    private readonly Action<ActiveRun> _forget;
    private ITimer? _graceTimer;

    public ActiveRun(Func<ActiveRun, CancellationToken, Task<RunOutcome>> begin, Action<ActiveRun> forget)
    {
        _forget = forget;
        Outcome = Task.Run(() => begin(this, _cancellation.Token));
        Ended = Outcome.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public Task<RunOutcome> Outcome { get; }

    /// <summary>Completes, without an exception, when nothing of the run is left.</summary>
    public Task Ended { get; }

    /// <summary>A run that was killed is too late to join; one that has ended gives its answer only to a redelivery: another attempt works anew.</summary>
    public bool CanBeJoinedBy(StageRun run) => !_cancellation.IsCancellationRequested && (!Outcome.IsCompleted || _seen.Contains(Identity(run)));

    /// <summary>Whom to tell how far the run is.</summary>
    public IReadOnlyList<StageRun> Waiting { get; private set; } = [];

    public RunWaiter Attach(StageRun run)
    {
        _graceTimer?.Dispose();
        _graceTimer = null;
        var waiter = new RunWaiter(this, run, isFirst: _seen.Add(Identity(run)));
        _waiters.Add(waiter);
        Refresh();
        return waiter;
    }

    public void Cancel(Func<StageRun, bool> meant)
    {
        var cancelled = _waiters.Where(waiter => meant(waiter.Run)).ToList();
        if (cancelled.Count == 0) return;
        _waiters.ExceptWith(cancelled);
        Refresh();
        if (_waiters.Count == 0) Kill();        // its end, with nothing left behind, is their answer
        else foreach (var waiter in cancelled) waiter.SetCancelled();
    }

    public void Lose(RunWaiter waiter, TimeSpan grace, TimeProvider time)
    {
        if (!_waiters.Remove(waiter)) return;
        Refresh();
        if (_waiters.Count > 0) return;
        if (grace == TimeSpan.Zero) { Kill(); return; }
        _graceTimer?.Dispose();
        _graceTimer = time.CreateTimer(_ => Kill(), null, grace, Timeout.InfiniteTimeSpan);
    }

    public void Answered(RunWaiter waiter)
    {
        _waiters.Remove(waiter);
        Refresh();
        if (_waiters.Count == 0) _forget(this);
    }

    public void Kill()
    {
        _graceTimer?.Dispose();
        _cancellation.Cancel();
        Ended.ContinueWith(_ => _forget(this), TaskScheduler.Default);
    }

    private static (Guid, string, int) Identity(StageRun run) => (run.JobId, run.Stage, run.Attempt);

    private void Refresh() => Waiting = [.. _waiters.Select(waiter => waiter.Run)];
}
