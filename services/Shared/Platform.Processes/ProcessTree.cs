using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Platform.Processes;

/// <summary>One process as <c>/proc</c> shows it; its processor time includes that of its children which ended.</summary>
internal sealed record ProcessRow(int Id, string Name, char State, int Parent, int Session, TimeSpan Cpu)
{
    // USER_HZ, the unit of the times in /proc/PID/stat, is 100 on every Linux that .NET runs on.
    private const int TicksPerSecond = 100;

    /// <summary>Reads one line of <c>/proc/PID/stat</c> (proc(5)); the name may hold spaces and brackets.</summary>
    public static ProcessRow Parse(string line)
    {
        int open = line.IndexOf('('), close = line.LastIndexOf(')');
        var fields = line[(close + 2)..].Split(' ');
        return new ProcessRow(
            Number(line[..(open - 1)]),
            line[(open + 1)..close],
            fields[0][0],
            Number(fields[1]),
            Number(fields[3]),
            TimeSpan.FromSeconds(fields[11..15].Sum(long.Parse) / (double)TicksPerSecond));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A child and everything it started, found by parent, by session and by a mark in the environment.</summary>
/// <param name="root">The child's process id, which is its session's too.</param>
/// <param name="mark">The value of <see cref="MarkName"/> that only this child was given.</param>
internal sealed class ProcessTree(int root, string mark)
{
    /// <summary>The environment variable that marks a child and all it starts, however deep and daemonised.</summary>
    public const string MarkName = "PLATFORM_CHILD";

    // A process that the kernel does not end within this time hangs in a driver; nobody can do more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The live processes of the tree. Pure but for the marks, which are asked of processes that neither parent nor session betray.</summary>
    public static IReadOnlyList<ProcessRow> Members(IReadOnlyCollection<ProcessRow> all, int root, Func<int, bool> isMarked)
    {
        var members = new HashSet<int>(all.Where(p => p.Id == root || p.Session == root || isMarked(p.Id)).Select(p => p.Id));
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var process in all.Where(p => members.Contains(p.Parent)))
            {
                grown |= members.Add(process.Id);
            }
        }

        return [.. all.Where(p => members.Contains(p.Id) && p.State is not ('Z' or 'X'))];
    }

    /// <summary>Asks the tree to end. Bubblewrap itself is left alone: it would die at once and take what it holds with it.</summary>
    public void Terminate()
    {
        foreach (var process in Members(Snapshot(), root, IsMarked).Where(p => p.Name != "bwrap"))
        {
            Native.Send(process.Id, Native.Terminate);
        }
    }

    /// <summary>Kills until nothing is left. False when something outlived every signal.</summary>
    public async Task<bool> KillAsync()
    {
        var clock = Stopwatch.StartNew();
        for (var wait = 1; ; wait = Math.Min(wait * 2, 100))
        {
            if (!KillOnce())
            {
                return true;
            }

            if (clock.Elapsed > Patience)
            {
                return false;
            }

            await Task.Delay(wait);
        }
    }

    /// <summary>Kills what lives now; true when there was anything.</summary>
    public bool KillOnce()
    {
        var members = Members(Snapshot(), root, IsMarked);
        if (members.Count > 0)
        {
            Native.Send(-root, Native.Kill); // the whole group at once: nobody forks in between
        }

        foreach (var process in members)
        {
            Native.Send(process.Id, Native.Kill);
        }

        return members.Count > 0;
    }

    /// <summary>What the tree uses now. Shared pages count once, as the largest share of any process.</summary>
    public (int Processes, long MemoryBytes, TimeSpan Cpu) Use()
    {
        var members = Members(Snapshot(), root, _ => false);
        var pages = members.Select(p => Pages(p.Id)).ToList();
        return (
            members.Count,
            (pages.Sum(p => p.Resident - p.Shared) + pages.Select(p => p.Shared).DefaultIfEmpty().Max()) * Environment.SystemPageSize,
            members.Aggregate(TimeSpan.Zero, (sum, p) => sum + p.Cpu));
    }

    private bool IsMarked(int process) => Read($"/proc/{process}/environ").Contains($"{MarkName}={mark}\0", StringComparison.Ordinal);

    private static List<ProcessRow> Snapshot() => [.. Directory.EnumerateDirectories("/proc")
        .Where(path => char.IsAsciiDigit(path["/proc/".Length]))
        .Select(path => Read($"{path}/stat"))
        .Where(line => line.Length > 0)
        .Select(ProcessRow.Parse)];

    private static (long Resident, long Shared) Pages(int process)
    {
        var fields = Read($"/proc/{process}/statm").Split(' ');
        return fields.Length < 3 ? default : (long.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[2], CultureInfo.InvariantCulture));
    }

    // Processes end while one looks, and others' environments are closed: both are nothing to see.
    private static string Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
