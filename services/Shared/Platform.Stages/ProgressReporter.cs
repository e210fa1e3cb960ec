using Platform.Contracts;

namespace Platform.Stages;

/// <summary>Tells those who wait how far a run is: at most twice a second, and every five seconds though nothing changed.</summary>
internal sealed class ProgressReporter : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private const int TicksPerHeartbeat = 10;

    private readonly ActiveRun _run;
    private readonly StageAnswers _answers;
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;
    private double _progress;
    private string? _activity;
    private int _changed = 1;

    public ProgressReporter(ActiveRun run, StageAnswers answers, TimeProvider time)
    {
        (_run, _answers, _timer) = (run, answers, new PeriodicTimer(Tick, time));
        _loop = LoopAsync();
    }

    public void Report(double progress, string? activity)
    {
        _progress = Math.Clamp(Math.Max(progress, _progress), 0, 1);
        _activity = activity ?? _activity;
        Volatile.Write(ref _changed, 1);
    }

    private async Task LoopAsync()
    {
        for (var tick = 0; await _timer.WaitForNextTickAsync(); tick++)
        {
            if (Interlocked.Exchange(ref _changed, 0) == 0 && tick % TicksPerHeartbeat != 0) continue;
            foreach (var waiter in _run.Waiting)
                await _answers.TryTellAsync(new StageProgressed
                {
                    JobId = waiter.JobId,
                    Tenant = waiter.Tenant,
                    Stage = waiter.Stage,
                    Attempt = waiter.Attempt,
                    Progress = _progress,
                    Activity = _activity,
                });
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
    }
}
