using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Platform.Processes;

/// <summary>Tries the sandbox once, for a machine may have bubblewrap and yet forbid what it needs.</summary>
internal sealed class Sandbox(IOptions<ProcessOptions> options) : ISandbox
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly ImmutableArray<(string Name, string? Target)> RootLinks =
        [.. from name in (string[])["bin", "sbin", "lib", "lib32", "lib64"] let path = new DirectoryInfo($"/{name}") where path.Exists select (name, path.LinkTarget)];

    private readonly Lazy<string?> problem = new(() => options.Value.Sandbox ? Try() : "It is switched off (Processes:Sandbox).");

    public bool Available => Problem is null;

    public string? Problem => problem.Value;

    public LaunchFacts Facts(ChildUser user) => new(user.Ids, Available, RootLinks);

    private static string? Try()
    {
        var line = LaunchLine.EmptySandbox(new LaunchFacts(null, true, RootLinks));
        if (!File.Exists(line[0]))
        {
            return "bubblewrap is not installed (package bubblewrap).";
        }

        using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            return "bubblewrap did not answer.";
        }

        return process.ExitCode == 0 ? null : $"bubblewrap cannot make a sandbox here: {errors.GetAwaiter().GetResult().Trim()}";
    }
}
