using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Platform.Processes;

namespace Platform.Bench;

/// <summary>A folder below the platform's home that npm installs another program into, and where it runs.</summary>
/// <param name="runner">Starts npm and the program.</param>
/// <param name="name">Of the folder.</param>
internal sealed class NpmFolder(IProcessRunner runner, string name)
{
    private string Stamp => PathOf("installed");

    /// <summary>A file of the folder.</summary>
    public string PathOf(string file) => Path.Combine(Path.GetFullPath(Environment.GetEnvironmentVariable("PLATFORM_HOME") ?? ".platform"), "bench", name, file);

    /// <summary>Puts a file of this program's resources there.</summary>
    public async Task WriteAsync(string resource)
    {
        Directory.CreateDirectory(PathOf(""));
        await using var from = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        await using var to = File.Create(PathOf(resource));
        await from.CopyToAsync(to);
    }

    /// <summary>Installs what a <c>package.json</c> asks for and tries it, unless that was done before.</summary>
    /// <param name="package">The <c>package.json</c>.</param>
    /// <param name="options">npm's, beside those that keep it quiet.</param>
    /// <param name="tryAsync">Throws where it does not work; done at every call.</param>
    /// <returns>Why it takes no part; null: it does.</returns>
    public async Task<string?> InstallAsync(string package, ImmutableArray<string> options, Func<Task> tryAsync)
    {
        try
        {
            if (!File.Exists(Stamp) || await File.ReadAllTextAsync(Stamp) != package)
            {
                await File.WriteAllTextAsync(PathOf("package.json"), package);
                await RunAsync("npm", ["install", .. options, "--no-audit", "--no-fund"]);
            }

            await tryAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or ChildException)
        {
            return e.Message.Split('\n')[0];
        }

        await File.WriteAllTextAsync(Stamp, package);
        return null;
    }

    /// <summary>Runs a program there.</summary>
    /// <returns>What it said.</returns>
    /// <exception cref="InvalidOperationException">It failed; with the last line of its errors.</exception>
    public async Task<string> RunAsync(string program, ImmutableArray<string> arguments)
    {
        var said = "";
        var result = await runner.RunAsync(
            new ChildProcess(program, arguments)
            {
                WorkingDirectory = PathOf(""),
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
