using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Processes.Tests;

/// <summary>The library as a service gets it.</summary>
internal sealed class TestRunner : IAsyncDisposable
{
    private readonly ServiceProvider provider;

    public TestRunner(params (string Key, string Value)[] settings) => provider = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Processes:{s.Key}", (string?)s.Value))).Build())
        .AddProcesses()
        .BuildServiceProvider();

    public IProcessRunner Runner => provider.GetRequiredService<IProcessRunner>();

    public ISandbox Sandbox => provider.GetRequiredService<ISandbox>();

    public IChildUser User => provider.GetRequiredService<IChildUser>();

    public async Task<(ChildResult Result, string Output)> ReadAsync(ChildProcess child, CancellationToken cancellationToken = default)
    {
        var output = "";
        var result = await Runner.RunAsync(child with { Output = ReadToEnd }, cancellationToken);
        return (result, output);

        async Task ReadToEnd(Stream stream, CancellationToken token)
        {
            using var reader = new StreamReader(stream);
            output = await reader.ReadToEndAsync(token);
        }
    }

    public static ChildProcess Shell(string script) => new("/bin/bash", "-c", script);

    /// <summary>Ids of live processes whose command line holds a text.</summary>
    public static IReadOnlyList<int> Alive(string text) => [.. Directory.EnumerateDirectories("/proc")
        .Select(path => Path.GetFileName(path))
        .Where(name => int.TryParse(name, out _))
        .Where(name => Read($"/proc/{name}/cmdline").Contains(text, StringComparison.Ordinal) && !Read($"/proc/{name}/stat").Contains(") Z ", StringComparison.Ordinal))
        .Select(name => int.Parse(name, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>A number of seconds no other sleep on this machine has, to be found by.</summary>
    public static string Unique() => (100_000 + Random.Shared.Next(1, 800_000)).ToString(System.Globalization.CultureInfo.InvariantCulture) + "." + Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
