using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Platform.EndToEnd.Tests;

/// <summary>How a command ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line of standard output.</summary>
    public string LastLine => Output.TrimEnd().Split('\n')[^1];
}

/// <summary>The command line as its users run it: a process of its own, with a data folder of its own.</summary>
internal sealed class Command : IDisposable
{
    private readonly Process _process;

    private Command(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A folder that the browser's user may pass, gone with the machine's temporary files.</summary>
    public static string NewHome()
    {
        var home = Directory.CreateTempSubdirectory("platform-e2e-").FullName;
        File.SetUnixFileMode(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return home;
    }

    public static Command Start(string home, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = home };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Platform.Cli.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["PLATFORM_HOME"] = home;
        return new Command(Process.Start(start)!);
    }

    public static async Task<Ended> RunAsync(string home, params string[] arguments)
    {
        using var command = Start(home, arguments);
        var output = command._process.StandardOutput.ReadToEndAsync();
        var errors = command._process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await command._process.WaitForExitAsync(limit.Token);
        return new Ended(command._process.ExitCode, await output, await errors);
    }

    /// <summary>Reads standard output until a line that holds a text; then goes on reading, so that the process never waits for us.</summary>
    public async Task<string> WaitForLineAsync(string text)
    {
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (!line.Contains(text, StringComparison.Ordinal)) continue;
            _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return line;
        }
        throw new InvalidOperationException($"it ended without saying \"{text}\"");
    }

    /// <summary>As the kernel's out-of-memory killer does it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Processes that have a text in their command line or work in a folder with it.</summary>
    public static IEnumerable<int> ProcessesWith(string text) => Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Where(folder => Contains(folder, text))
        .Select(folder => int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture));

    private static bool Contains(string folder, string text)
    {
        try { return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(text, StringComparison.Ordinal); }
        catch (IOException) { return false; }       // it ended while we looked
    }

    /// <summary>A port of loopback that nothing listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRoot([CallerFilePath] string path = "")
    {
        var folder = Path.GetDirectoryName(path)!;
        while (!File.Exists(Path.Combine(folder, "Platform.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
