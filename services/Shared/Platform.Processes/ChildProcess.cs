using System.Collections.Immutable;

namespace Platform.Processes;

/// <summary>A program to run: what it may see, what it may use, who reads and writes its pipes.</summary>
/// <param name="FileName">An absolute path, or a name that is looked up on this service's PATH.</param>
/// <param name="Arguments">One element per argument; nothing is ever quoted or split.</param>
public sealed record ChildProcess(string FileName, params ImmutableArray<string> Arguments)
{
    /// <summary>Where the child starts; also its HOME. Null: the root folder.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Added to a minimal environment of our own (PATH, HOME, LANG, TZ). Nothing of this service's own is inherited.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ChildLimits Limits { get; init; } = new();

    /// <summary>The sandbox around the child. Null: none.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>When this service runs as root, run the child as <see cref="ProcessOptions.User"/>; otherwise nothing changes.</summary>
    public bool Unprivileged { get; init; }

    /// <summary>Writes the child's standard input, which is closed when it returns. Null: the child reads an end of file at once.</summary>
    public Func<Stream, CancellationToken, Task>? Input { get; init; }

    /// <summary>Reads the child's standard output to its end. Null: output is thrown away.</summary>
    public Func<Stream, CancellationToken, Task>? Output { get; init; }

    /// <summary>Called for every line of standard error, cut at 8 KB, from one reader at a time.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>What the watchdog listens to. Null: every byte through any of the three pipes is a sign of life.</summary>
    public Heartbeat? Heartbeat { get; init; }
}

/// <summary>What a child may use. Null is no limit. Memory, processor time and processes count the whole tree, looked at every half second.</summary>
public sealed record ChildLimits
{
    /// <summary>From start to end. Default one hour.</summary>
    public TimeSpan WallTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest time without a sign of life (<see cref="ChildProcess.Heartbeat"/>). Default 60 s; null: none is expected.</summary>
    public TimeSpan? Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From SIGTERM to SIGKILL. Default 3 s, so that a cancel is over within 5. Zero: SIGKILL at once.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Processor time of the tree.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Resident memory of the tree, in bytes; besides, no process of it may allocate more than this.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The largest file any process of the tree may write, in bytes.</summary>
    public long? FileBytes { get; init; }

    /// <summary>How many processes the tree may have at one time.</summary>
    public int? Processes { get; init; }
}

/// <summary>
/// The sandbox: bubblewrap without network, where only <c>/usr</c>, <c>/etc/alternatives</c>, <c>/etc/ld.so.cache</c>, <c>/etc/fonts</c>
/// and the paths named here exist, each at its own place. Where no sandbox can be made the child runs without: see <see cref="ISandbox"/>.
/// </summary>
public sealed record Confinement
{
    /// <summary>Files and folders the child may read.</summary>
    public ImmutableArray<string> Readable { get; init; } = [];

    /// <summary>Folders the child may write.</summary>
    public ImmutableArray<string> Writable { get; init; } = [];
}

/// <summary>A pulse that the watchdog feels: whoever knows what progress means calls <see cref="Beat"/>.</summary>
public sealed class Heartbeat
{
    private long last = Environment.TickCount64;

    /// <summary>The child made progress just now.</summary>
    public void Beat() => Interlocked.Exchange(ref last, Environment.TickCount64);

    /// <summary>A stream that beats with every byte through the given one.</summary>
    public Stream On(Stream stream) => new PulseStream(stream, this);

    internal TimeSpan Silence => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref last));
}
