using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Processes;

/// <summary>
/// Ends what a killed service leaves behind. Parent-death signals reach only the child itself; a small shell in a session of its own holds the other end
/// of a pipe, and when that closes it kills every process of the sessions it was told of, or that carries this service's mark. Used on the launch thread only.
/// </summary>
internal static class HostWatch
{
    /// <summary>The first part of every mark this service gives.</summary>
    public static readonly string Host = Guid.NewGuid().ToString("N");

    private const string Script = """
        trap '' TERM INT HUP
        declare -A sessions
        while read -r verb id; do
          case $verb in +) sessions[$id]=1 ;; -) unset "sessions[$id]" ;; esac
        done
        for round in {1..100}; do
          found=
          for file in $(grep -lsF "PLATFORM_CHILD=$1" /proc/[0-9]*/environ); do
            id=${file#/proc/} id=${id%/environ}
            read -r line <"/proc/$id/stat" || continue
            line=${line##*) }
            [[ ${line:0:1} == Z ]] || { kill -KILL "$id"; found=1; }
          done
          for file in /proc/[0-9]*/stat; do
            read -r line <"$file" || continue
            id=${file#/proc/} id=${id%/stat}
            set -- "$1" ${line##*) }
            [[ $2 == Z || -z ${sessions[$5]} ]] || { kill -KILL "$id"; found=1; }
          done
          [[ $found ]] || exit 0
        done
        """;

    private static readonly ConcurrentDictionary<int, byte> Sessions = [];
    private static Process? watch;

    public static void Add(int session)
    {
        Sessions[session] = 0;
        Tell($"+ {session}");
    }

    public static void Remove(int session)
    {
        if (Sessions.TryRemove(session, out _))
        {
            Tell($"- {session}");
        }
    }

    /// <summary>Makes sure the watch stands before a child is started: from then on the mark alone is enough to find it.</summary>
    public static void Stand()
    {
        if (watch is { HasExited: false })
        {
            return;
        }

        watch?.Dispose();
        var start = new ProcessStartInfo("/usr/bin/setsid", ["/bin/bash", "--norc", "-c", Script, "children-of", Host])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        watch = Process.Start(start)!;
        foreach (var session in Sessions.Keys)
        {
            Tell($"+ {session}");
        }
    }

    private static void Tell(string line)
    {
        try
        {
            watch?.StandardInput.WriteLine(line);
            watch?.StandardInput.Flush();
        }
        catch (IOException)
        {
            // Somebody killed the watch; the next start sets up another, which learns of every session.
        }
    }
}
