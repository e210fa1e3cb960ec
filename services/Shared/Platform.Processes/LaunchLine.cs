using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Processes;

/// <summary>What of this machine a command line depends on.</summary>
/// <param name="User">The user and group to become, or null to stay.</param>
/// <param name="Sandbox">Whether bubblewrap can be used.</param>
/// <param name="RootLinks">Top folders of the system: <c>bin → usr/bin</c>; a null target means a folder of its own.</param>
internal sealed record LaunchFacts((uint User, uint Group)? User, bool Sandbox, ImmutableArray<(string Name, string? Target)> RootLinks);

/// <summary>Writes the command line that puts session, limits, death signal, user and sandbox around a program. Pure.</summary>
internal static class LaunchLine
{
    // A process of its own that only waits must still get the signal of the sampler before this hard stop of the kernel.
    private static readonly TimeSpan CpuReserve = TimeSpan.FromSeconds(5);

    public static ImmutableArray<string> For(ChildProcess child, string executable, LaunchFacts facts) =>
    [
        "/usr/bin/setsid",
        .. Limits(child.Limits),
        .. DeathAndUser(child.Unprivileged ? facts.User : null),
        .. child.Confinement is { } confinement && facts.Sandbox ? Sandbox(confinement, child.WorkingDirectory, executable, facts) : [],
        executable,
        .. child.Arguments,
    ];

    /// <summary>The sandbox with nothing in it but the system's programs: what <see cref="Sandbox"/> tries once.</summary>
    public static ImmutableArray<string> EmptySandbox(LaunchFacts facts) => [.. Sandbox(new Confinement(), null, "/usr/bin/true", facts), "/usr/bin/true"];

    private static IEnumerable<string> Limits(ChildLimits limits)
    {
        yield return "/usr/bin/prlimit";
        yield return "--core=0";
        if (limits.MemoryBytes is { } memory)
        {
            yield return $"--data={memory.ToString(CultureInfo.InvariantCulture)}";
        }

        if (limits.FileBytes is { } file)
        {
            yield return $"--fsize={file.ToString(CultureInfo.InvariantCulture)}";
        }

        if (limits.CpuTime is { } cpu)
        {
            yield return $"--cpu={((long)Math.Ceiling((cpu + CpuReserve).TotalSeconds)).ToString(CultureInfo.InvariantCulture)}";
        }
    }

    private static IEnumerable<string> DeathAndUser((uint User, uint Group)? user)
    {
        yield return "/usr/bin/setpriv";
        yield return "--pdeathsig";
        yield return "KILL";
        if (user is var (id, group))
        {
            yield return $"--reuid={id.ToString(CultureInfo.InvariantCulture)}";
            yield return $"--regid={group.ToString(CultureInfo.InvariantCulture)}";
            yield return "--clear-groups";
        }

        yield return "--";
    }

    private static IEnumerable<string> Sandbox(Confinement confinement, string? folder, string executable, LaunchFacts facts)
    {
        string[] start = ["/usr/bin/bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--cap-drop", "ALL", "--ro-bind", "/usr", "/usr"];
        foreach (var argument in start)
        {
            yield return argument;
        }

        foreach (var argument in facts.RootLinks.SelectMany<(string Name, string? Target), string>(
            link => link.Target is null ? ["--ro-bind", $"/{link.Name}", $"/{link.Name}"] : ["--symlink", link.Target, $"/{link.Name}"]))
        {
            yield return argument;
        }

        foreach (var path in (string[])["/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts"])
        {
            yield return "--ro-bind-try";
            yield return path;
            yield return path;
        }

        string[] fresh = ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"];
        foreach (var argument in fresh)
        {
            yield return argument;
        }

        // Outer paths first, so that a folder inside a readable one can be writable, and the other way round.
        var readable = executable.StartsWith("/usr/", StringComparison.Ordinal) ? confinement.Readable : confinement.Readable.Add(executable);
        foreach (var (option, path) in readable.Select(path => ("--ro-bind", path))
            .Concat(confinement.Writable.Select(path => ("--bind", path)))
            .Select(bind => (bind.Item1, Path.GetFullPath(bind.path)))
            .OrderBy(bind => bind.Item2.Length))
        {
            yield return option;
            yield return path;
            yield return path;
        }

        yield return "--chdir";
        yield return folder ?? "/";
        yield return "--";
    }
}
