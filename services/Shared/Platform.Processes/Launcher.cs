using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace Platform.Processes;

/// <summary>Turns a <see cref="ChildProcess"/> into a running process of its own session.</summary>
internal sealed class Launcher(Sandbox sandbox, ChildUser user) : ILaunchLines
{
    private const string Path = "/usr/local/bin:/usr/bin:/bin";
    private static int count;

    /// <exception cref="ChildException">There is no such program, or it could not be started.</exception>
    public async Task<(Process Process, ProcessTree Tree)> StartAsync(ChildProcess child)
    {
        var executable = Find(child.FileName);
        var line = LaunchLine.For(child, executable, sandbox.Facts(user));
        var mark = NewMark();
        try
        {
            return await LaunchThread.Run(() =>
            {
                HostWatch.Stand();
                Native.KeepHandlesFromChildren();
                var process = Process.Start(StartInfo(child, line, mark))!;
                HostWatch.Add(process.Id);
                return (process, new ProcessTree(process.Id, mark));
            });
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new ChildException(ChildFailure.NotStarted, $"{child.FileName} could not be started: {e.Message}", inner: e);
        }
    }

    public async Task<ImmutableArray<string>> WriteAsync(ChildProcess child)
    {
        var line = LaunchLine.For(child, Find(child.FileName), sandbox.Facts(user));
        await LaunchThread.Run(() =>
        {
            HostWatch.Stand();
            Native.KeepHandlesFromChildren();
            return true;
        });
        return ["/usr/bin/env", "-i", .. EnvironmentOf(child, NewMark()).Select(pair => $"{pair.Name}={pair.Value}"), .. line];
    }

    /// <summary>The child of that id is gone.</summary>
    public static Task Forget(int id) => LaunchThread.Run(() =>
    {
        HostWatch.Remove(id);
        return id;
    });

    private static ProcessStartInfo StartInfo(ChildProcess child, ImmutableArray<string> line, string mark)
    {
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = child.WorkingDirectory ?? "/",
        };
        start.Environment.Clear();
        foreach (var (name, value) in EnvironmentOf(child, mark))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static IEnumerable<(string Name, string Value)> EnvironmentOf(ChildProcess child, string mark) =>
    [
        ("PATH", Path),
        ("HOME", child.WorkingDirectory ?? "/"),
        ("LANG", "C.UTF-8"),
        ("TZ", "UTC"),
        .. child.Environment.Select(pair => (pair.Key, pair.Value)),
        (ProcessTree.MarkName, mark),
    ];

    private static string NewMark() => $"{HostWatch.Host}.{Interlocked.Increment(ref count)}";

    private static string Find(string fileName)
    {
        var candidates = fileName.Contains('/')
            ? [System.IO.Path.GetFullPath(fileName)]
            : $"{Environment.GetEnvironmentVariable("PATH")}:{Path}".Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => System.IO.Path.Combine(folder, fileName));
        const UnixFileMode runnable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return candidates.FirstOrDefault(path => File.Exists(path) && (File.GetUnixFileMode(path) & runnable) != 0)
            ?? throw new ChildException(ChildFailure.NotStarted, $"There is no program {fileName} that can be run.");
    }
}
