using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace Platform.Processes;

/// <summary>A started child: its three pipes, its watchdog and its end.</summary>
internal sealed partial class RunningChild : IRunningChild
{
    private const int FileSizeSignal = 25; // SIGXFSZ
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(5);

    private readonly ChildProcess child;
    private readonly Process process;
    private readonly ProcessTree tree;
    private readonly ILogger logger;
    private readonly ErrorTail errors;
    private readonly Heartbeat pulse;
    private readonly Heartbeat ownPulse = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource pumping = new();
    private readonly CancellationTokenSource feeding = new();
    private readonly TaskCompletionSource<Ending> ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunningChild(ChildProcess child, Process process, ProcessTree tree, ILogger logger, CancellationToken cancellationToken)
    {
        (this.child, this.process, this.tree, this.logger) = (child, process, tree, logger);
        errors = new ErrorTail(child.OnErrorLine);
        pulse = child.Heartbeat ?? ownPulse;
        pulse.Beat();
        Id = process.Id;
        Completion = Task.Run(() => SuperviseAsync(cancellationToken), CancellationToken.None);
    }

    private enum Kind { Exited, Cancelled, Killed, Limit, Broken }

    private sealed record Ending(Kind Kind, ChildFailure Limit = default, Exception? Error = null);

    public int Id { get; }

    public Task<ChildResult> Completion { get; }

    public async Task KillAsync()
    {
        ending.TrySetResult(new Ending(Kind.Killed));
        await Completion.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default); // its outcome is for those who await it
    }

    /// <summary>Sends SIGKILL and does not wait: for a service that is being torn down.</summary>
    public void KillNow() => tree.KillOnce();

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<ChildResult> SuperviseAsync(CancellationToken cancellationToken)
    {
        await using var cancel = cancellationToken.Register(() => ending.TrySetResult(new Ending(Kind.Cancelled)));
        var pumps = (Task[])[PumpAsync(ReadErrorsAsync), PumpAsync(ReadOutputAsync), PumpAsync(WriteInputAsync)];
        var natural = EndNaturallyAsync(pumps);
        using var stopWatching = new CancellationTokenSource();
        var watch = WatchAsync(stopWatching.Token);

        var end = await ending.Task;
        await stopWatching.CancelAsync();
        await watch;
        if (end.Kind != Kind.Exited)
        {
            await KillTreeAsync(end.Kind);
        }

        await process.WaitForExitAsync(CancellationToken.None);
        await feeding.CancelAsync();
        await pumping.CancelAsync();
        await ClosePipesAsync(Task.WhenAll(natural, Task.WhenAll(pumps)));
        var result = new ChildResult(process.ExitCode, errors.ToString(), clock.Elapsed);
        await Launcher.Forget(Id);
        process.Dispose();
        feeding.Dispose();
        pumping.Dispose();
        return Judge(end, result, cancellationToken);
    }

    private ChildResult Judge(Ending end, ChildResult result, CancellationToken cancellationToken) => end.Kind switch
    {
        Kind.Cancelled => throw Cancelled(cancellationToken),
        Kind.Broken when cancellationToken.IsCancellationRequested => throw Cancelled(cancellationToken),
        Kind.Broken => throw Rethrown(end.Error!),
        Kind.Limit => throw new ChildException(end.Limit, $"{child.FileName} was ended after {result.Elapsed.TotalSeconds:0.0} s: {end.Limit}.", result.ErrorTail),
        _ when result.Signal == FileSizeSignal && child.Limits.FileBytes is not null =>
            throw new ChildException(ChildFailure.FileSize, $"{child.FileName} wrote a file over {child.Limits.FileBytes} bytes.", result.ErrorTail),
        _ => result,
    };

    private OperationCanceledException Cancelled(CancellationToken token) => new($"{child.FileName} was cancelled.", token);

    private static Exception Rethrown(Exception error)
    {
        ExceptionDispatchInfo.Throw(error); // with the stack of whoever threw it
        return error;
    }

    private async Task EndNaturallyAsync(Task[] pumps)
    {
        await process.WaitForExitAsync(CancellationToken.None);
        if (ending.Task.IsCompleted)
        {
            return;
        }

        await feeding.CancelAsync();
        await tree.KillAsync(); // what it left behind: nothing outlives the child, and nothing holds its pipes open
        await Task.WhenAll(pumps);
        ending.TrySetResult(new Ending(Kind.Exited));
    }

    private async Task KillTreeAsync(Kind kind)
    {
        if (kind != Kind.Limit && child.Limits.Grace > TimeSpan.Zero)
        {
            tree.Terminate();
            await Task.WhenAny(process.WaitForExitAsync(CancellationToken.None), Task.Delay(child.Limits.Grace, CancellationToken.None));
        }

        if (!await tree.KillAsync())
        {
            LogOutlived(child.FileName, Id);
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        try
        {
            using var timer = new PeriodicTimer(Look);
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (Exceeded() is { } limit)
                {
                    ending.TrySetResult(new Ending(Kind.Limit, limit));
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the child has ended
        }
    }

    private ChildFailure? Exceeded()
    {
        var limits = child.Limits;
        if (clock.Elapsed > limits.WallTime)
        {
            return ChildFailure.TimedOut;
        }

        if (pulse.Silence > limits.Silence)
        {
            return ChildFailure.Stalled;
        }

        if (limits is { CpuTime: null, MemoryBytes: null, Processes: null })
        {
            return null;
        }

        var (processes, memory, cpu) = tree.Use();
        return memory > limits.MemoryBytes ? ChildFailure.Memory
            : cpu > limits.CpuTime ? ChildFailure.CpuTime
            : processes > limits.Processes ? ChildFailure.Processes
            : null;
    }

    [LoggerMessage(LogLevel.Error, "Killed {Program} but processes of its tree ({ProcessId}) live on")]
    private partial void LogOutlived(string program, int processId);
}
