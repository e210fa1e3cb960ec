using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Platform.Processes;

internal sealed class ProcessRunner(Launcher launcher, ILogger<ProcessRunner> logger) : IProcessRunner, IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<int, RunningChild> running = [];

    public async Task<ChildResult> RunAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        await using var started = await StartAsync(child, cancellationToken);
        return await started.Completion;
    }

    public async Task<IRunningChild> StartAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (process, tree) = await launcher.StartAsync(child);
        var started = new RunningChild(child, process, tree, logger, cancellationToken);
        running[started.Id] = started;
        _ = started.Completion.ContinueWith(_ => running.TryRemove(KeyValuePair.Create(started.Id, started)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return started;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(running.Values.Select(child => child.KillAsync()));

    public void Dispose()
    {
        foreach (var child in running.Values)
        {
            child.KillNow();
        }
    }
}
