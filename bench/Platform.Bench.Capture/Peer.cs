using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Platform.Processes;

namespace Platform.Bench.Capture;

/// <summary>Another way to film a page, from npm, in a folder of its own below the platform's home; installed once.</summary>
/// <param name="runner">Starts it.</param>
/// <param name="name">As the table says it, and its script's name.</param>
/// <param name="package">What it is, with its version.</param>
/// <param name="version">Fixed, so that figures can be repeated.</param>
internal sealed class Peer(IProcessRunner runner, string name, string package, string version)
{
    private readonly string folder = Path.Combine(Path.GetFullPath(Environment.GetEnvironmentVariable("PLATFORM_HOME") ?? ".platform"), "bench", name);

    public string Name => $"{name} {version}";

    /// <summary>Fetches it.</summary>
    /// <returns>Why it takes no part; null: it does.</returns>
    public async Task<string?> InstallAsync()
    {
        Directory.CreateDirectory(folder);
        await using (var from = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.mjs")!)
        await using (var to = File.Create(Path.Combine(folder, $"{name}.mjs")))
        {
            await from.CopyToAsync(to);
        }

        string wanted = $$"""{ "private": true, "type": "module", "dependencies": { "{{package}}": "{{version}}" } }""", stamp = Path.Combine(folder, "installed");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
        {
            return null;
        }

        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), wanted);
            await RunAsync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"]);
        }
        catch (Exception e) when (e is InvalidOperationException or ChildException)
        {
            return e.Message.Split('\n')[0];
        }

        await File.WriteAllTextAsync(stamp, wanted);
        return null;
    }

    /// <summary>Films a page.</summary>
    /// <returns>Seconds, without the browser's start and the page's arrival.</returns>
    public async Task<double> FilmAsync(string page, int frames, int fps, int width, int height, string output)
    {
        var said = await RunAsync("node", [$"{name}.mjs", page, Text(frames), Text(fps), Text(width), Text(height), output]);
        return double.Parse(said.Trim().Split('\n')[^1], CultureInfo.InvariantCulture);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private async Task<string> RunAsync(string program, ImmutableArray<string> arguments)
    {
        var said = "";
        var result = await runner.RunAsync(
            new ChildProcess(program, arguments)
            {
                WorkingDirectory = folder,
                Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!),
                Limits = new ChildLimits { Silence = null, WallTime = TimeSpan.FromMinutes(20) },
                Output = async (stream, token) =>
                {
                    using var reader = new StreamReader(stream);
                    said = await reader.ReadToEndAsync(token);
                },
            },
            CancellationToken.None);
        return result.Succeeded ? said : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.ErrorTail.Trim().Split('\n')[^1]}");
    }
}
