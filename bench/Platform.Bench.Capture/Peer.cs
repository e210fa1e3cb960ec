using System.Globalization;
using Platform.Processes;

namespace Platform.Bench.Capture;

/// <summary>Another way to film a page, from npm, in a folder of its own below the platform's home; installed once.</summary>
/// <param name="runner">Starts it.</param>
/// <param name="name">As the table says it, and its script's name.</param>
/// <param name="package">What it is, with its version.</param>
/// <param name="version">Fixed, so that figures can be repeated.</param>
internal sealed class Peer(IProcessRunner runner, string name, string package, string version)
{
    private readonly NpmFolder folder = new(runner, name);

    public string Name => $"{name} {version}";

    /// <summary>Fetches it.</summary>
    /// <returns>Why it takes no part; null: it does.</returns>
    public async Task<string?> InstallAsync()
    {
        await folder.WriteAsync($"{name}.mjs");
        return await folder.InstallAsync($$"""{ "private": true, "type": "module", "dependencies": { "{{package}}": "{{version}}" } }""", ["--ignore-scripts"], () => Task.CompletedTask);
    }

    /// <summary>Films a page.</summary>
    /// <returns>Seconds, without the browser's start and the page's arrival.</returns>
    public async Task<double> FilmAsync(string page, int frames, int fps, int width, int height, string output)
    {
        var said = await folder.RunAsync("node", [$"{name}.mjs", page, Text(frames), Text(fps), Text(width), Text(height), output]);
        return double.Parse(said.Trim().Split('\n')[^1], CultureInfo.InvariantCulture);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
