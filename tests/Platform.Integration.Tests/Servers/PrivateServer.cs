using System.Diagnostics;
using System.Globalization;

namespace Platform.Integration.Tests.Servers;

/// <summary>A server of a test's own, started by the scripts that <c>./platform up</c> uses; gone with the test.</summary>
internal sealed class PrivateServer : IAsyncDisposable
{
    private readonly string _script;

    private PrivateServer(string script, string folder)
    {
        _script = script;
        Folder = folder;
    }

    /// <summary>Where all of it lies.</summary>
    public string Folder { get; }

    /// <summary>What its start printed: addresses and passwords.</summary>
    public string[] Addresses { get; private set; } = [];

    /// <param name="kind"><c>rabbitmq</c>, <c>postgres</c> or <c>ceph</c>.</param>
    public static async Task<PrivateServer> StartAsync(string kind)
    {
        var root = Environment.GetEnvironmentVariable("PLATFORM_ROOT") is { Length: > 0 } given ? given : Repository();
        var script = Path.Combine(root, "deploy", "servers", $"{kind}.sh");
        // Below the temporary folder, which the servers' own users can pass; the name says whose it was.
        var folder = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"platform-{kind}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}"));
        var server = new PrivateServer(script, folder);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync() => Addresses = (await RunAsync("start")).Split(' ');

    public Task StopAsync() => RunAsync("stop");

    /// <summary>SIGKILL, to all of it.</summary>
    public Task KillAsync() => RunAsync("kill");

    /// <summary>The broker's own control command.</summary>
    public Task ControlAsync(params string[] arguments) => RunAsync("ctl", arguments);

    /// <summary>Processes of this server, told by the mark in their environment; zombies do not count.</summary>
    public IReadOnlyList<string> Processes() =>
        [.. Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)).Where(IsMine).Select(path => Read(Path.Combine(path, "cmdline")))];

    // Its data goes with it, so there is nothing to wait for; the stop ends what a kill leaves, the broker's name service.
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private bool IsMine(string process) => Read(Path.Combine(process, "environ")).Split('\0').Contains($"SERVER_DIR={Folder}");

    private static string Read(string path)
    {
        try { return File.ReadAllText(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return ""; }     // ended meanwhile, or another user's
    }

    private async Task<string> RunAsync(string verb, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(_script, [verb, Folder, .. arguments]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said.Trim() : throw new InvalidOperationException($"{Path.GetFileName(_script)} {verb} ended with {process.ExitCode}: {said}");
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Platform.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not below a checkout: set PLATFORM_ROOT.");
        return folder;
    }
}
