using System.Collections.Immutable;

namespace Platform.Processes;

/// <summary>Runs child processes. Every process this platform starts is started here.</summary>
public interface IProcessRunner
{
    /// <summary>Runs a child to its end. A non-zero exit code is a result, not an exception. What <see cref="ChildProcess.Input"/>
    /// or <see cref="ChildProcess.Output"/> throws ends the child and is thrown here once its whole tree is dead.</summary>
    /// <exception cref="ChildException">It could not be started, or a limit ended it; its whole tree is dead.</exception>
    /// <exception cref="OperationCanceledException">The token ended it; its whole tree is dead.</exception>
    Task<ChildResult> RunAsync(ChildProcess child, CancellationToken cancellationToken);

    /// <summary>Starts a child and returns while it runs. The token ends it as long as it runs, not only its start.</summary>
    /// <exception cref="ChildException">It could not be started.</exception>
    Task<IRunningChild> StartAsync(ChildProcess child, CancellationToken cancellationToken);
}

/// <summary>A child that runs. Disposing it kills its tree and waits until that is dead.</summary>
public interface IRunningChild : IAsyncDisposable
{
    /// <summary>The process's id as this service sees it: the sandbox's, where there is one.</summary>
    int Id { get; }

    /// <summary>Ends when the tree is dead and its pipes are read, with the result or as <see cref="IProcessRunner.RunAsync"/> would throw.</summary>
    Task<ChildResult> Completion { get; }

    /// <summary>SIGTERM, after <see cref="ChildLimits.Grace"/> SIGKILL, to the whole tree. Returns when it is dead; <see cref="Completion"/> then holds the exit code.</summary>
    Task KillAsync();
}

/// <summary>How a child ended by itself.</summary>
/// <param name="ExitCode">128 + n where signal n ended it.</param>
/// <param name="ErrorTail">The last 64 KB of its standard error.</param>
/// <param name="Elapsed">From start to end.</param>
public sealed record ChildResult(int ExitCode, string ErrorTail, TimeSpan Elapsed)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The signal that ended it, or null.</summary>
    public int? Signal => ExitCode is > 128 and < 128 + 65 ? ExitCode - 128 : null;
}

/// <summary>Why a child was ended, or never began.</summary>
public enum ChildFailure
{
    /// <summary>No such program, or no right to run it.</summary>
    NotStarted,

    /// <summary><see cref="ChildLimits.WallTime"/>.</summary>
    TimedOut,

    /// <summary><see cref="ChildLimits.Silence"/>.</summary>
    Stalled,
    CpuTime,
    Memory,
    FileSize,
    Processes,
}

/// <summary>A child that a limit ended, or that could not be started. Its whole tree is dead.</summary>
public sealed class ChildException(ChildFailure reason, string message, string errorTail = "", Exception? inner = null) : Exception(message, inner)
{
    public ChildFailure Reason { get; } = reason;

    /// <summary>The last 64 KB of its standard error.</summary>
    public string ErrorTail { get; } = errorTail;
}

/// <summary>For a library that insists on starting its processes itself: what to start instead of its program, so that the child is held as the runner's are.</summary>
public interface ILaunchLines
{
    /// <summary>
    /// A program and its arguments which set up environment, session, limits of the kernel, death signal and sandbox, then become the child. The three pipes, the
    /// wall clock and the watchdog remain the caller's. The thread that starts it must live as long as the child: it is killed with it.
    /// </summary>
    /// <exception cref="ChildException">There is no such program.</exception>
    Task<ImmutableArray<string>> WriteAsync(ChildProcess child);
}

/// <summary>What this machine's sandbox can do; looked at once, at first use.</summary>
public interface ISandbox
{
    bool Available { get; }

    /// <summary>Null when available, else what is missing, for an operator.</summary>
    string? Problem { get; }
}

/// <summary>The user that unprivileged children run as when this service is root.</summary>
public interface IChildUser
{
    /// <summary>Its name, or null when this service is not root and children run as the service does.</summary>
    string? Name { get; }

    /// <summary>Makes a folder and all in it belong to that user. Does nothing when <see cref="Name"/> is null.</summary>
    /// <exception cref="InvalidOperationException">A folder above it is closed to that user: the message says which.</exception>
    void Give(string folder);
}
