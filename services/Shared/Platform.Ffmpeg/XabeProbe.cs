using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Platform.Processes;
using Xabe.FFmpeg;
using Xabe.FFmpeg.Exceptions;
using Engine = Xabe.FFmpeg.FFmpeg;

namespace Platform.Ffmpeg;

/// <summary>
/// Runs ffprobe through Xabe.FFmpeg, which starts its processes itself. So the executable it is pointed at is <c>/usr/bin/env</c>, and what it starts is the
/// runner's own launch line: environment, session, limits, death signal, sandbox, then ffprobe. (A wrapper script it would refuse: it takes only files that begin
/// as an ELF file does.) The thread Xabe starts a process on waits until that process has ended, so the death signal that follows the thread is safe; its cancel
/// kills the process at the front, and everything behind goes with it before the pipe closes that Xabe reads to the end.
/// </summary>
internal sealed class XabeProbe(ILaunchLines lines)
{
    // It recognises no executable on another processor: there, the runner is asked instead.
    public static bool Works => RuntimeInformation.OSArchitecture is Architecture.X64 or Architecture.X86;

    private static readonly Lock Once = new();
    private static bool pointed;

    /// <summary>Runs a child whose output is text; what it says on standard error goes to a file.</summary>
    /// <exception cref="ChildException">It could not be started.</exception>
    public async Task<string> RunAsync(ChildProcess child, string errorFile, CancellationToken cancellationToken)
    {
        Point();
        // Xabe leaves standard input and error as they are, which would hand ours on: a shell in between turns them before it becomes the child.
        ImmutableArray<string> arguments = ["/bin/bash", "--norc", "-c", "exec \"$@\" </dev/null 2>\"$0\"", errorFile, .. await lines.WriteAsync(child)];
        try
        {
            using var own = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken); // Xabe never takes its registration back
            return await Probe.New().Start(Quote(arguments), own.Token);
        }
        catch (Exception e) when (e is FFmpegNotFoundException or Win32Exception)
        {
            throw new ChildException(ChildFailure.NotStarted, $"{child.FileName} could not be started: {e.Message}", inner: e);
        }
    }

    /// <summary>One string that .NET splits into the same arguments again: each in quotes, with quotes and the backslashes before them escaped.</summary>
    internal static string Quote(ImmutableArray<string> arguments) => string.Join(' ', arguments.Select(argument =>
    {
        var text = new System.Text.StringBuilder("\"");
        var backslashes = 0;
        foreach (var c in argument)
        {
            if (c == '"')
            {
                text.Append('\\', backslashes + 1);
            }

            backslashes = c == '\\' ? backslashes + 1 : 0;
            text.Append(c);
        }

        return text.Append('\\', backslashes).Append('"').ToString();
    }));

    private static void Point()
    {
        lock (Once)
        {
            if (!pointed)
            {
                Engine.SetExecutablesPath("/usr/bin", "env", "env", FileNameFilterMethod.Exact, CultureInfo.InvariantCulture);
                pointed = true;
            }
        }
    }
}
