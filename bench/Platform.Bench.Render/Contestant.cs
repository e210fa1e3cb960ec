using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Platform.Processes;

namespace Platform.Bench.Render;

/// <summary>Another renderer, from npm, in a folder of its own below the platform's home; installed once.</summary>
internal abstract class Contestant(Studio studio, string name)
{
    private static readonly string Home = Path.GetFullPath(Environment.GetEnvironmentVariable("PLATFORM_HOME") ?? ".platform");

    public string Name { get; } = name;

    protected Studio Studio { get; } = studio;

    protected string Folder { get; } = Path.Combine(Home, "bench", name.ToLowerInvariant());

    /// <summary>What its <c>package.json</c> depends on, and which of that may run what it brings along to build itself.</summary>
    protected abstract string Package { get; }

    /// <summary>What starts its script.</summary>
    protected virtual ImmutableArray<string> Start => ["node"];

    /// <summary>Files of ours beside it: script and composition.</summary>
    protected abstract IEnumerable<string> Sources { get; }

    /// <summary>Fetches and builds it, and lets it render once. What is missing is said, for a bench without it.</summary>
    public async Task<string?> InstallAsync()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "public"));
        foreach (var source in Sources)
        {
            await using var from = Assembly.GetExecutingAssembly().GetManifestResourceStream(source)!;
            await using var to = File.Create(Path.Combine(Folder, source));
            await from.CopyToAsync(to);
        }

        foreach (var file in new[] { "photo.jpg", "logo.png", "music.wav" }) File.Copy(Studio.File(file), Path.Combine(Folder, "public", file), overwrite: true);
        var stamp = Path.Combine(Folder, "installed");
        try
        {
            if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp) != Package)
            {
                await File.WriteAllTextAsync(Path.Combine(Folder, "package.json"), Package);
                await RunAsync("npm", ["install", "--no-audit", "--no-fund"]);
            }

            await RenderAsync("ultrafast");
        }
        catch (Exception e) when (e is InvalidOperationException or ChildException)
        {
            return e.Message.Split('\n')[0];
        }

        await File.WriteAllTextAsync(stamp, Package);
        return null;
    }

    /// <summary>Renders the film.</summary>
    /// <returns>Seconds, without what it does once for all films.</returns>
    public async Task<double> RenderAsync(string preset)
    {
        var output = Studio.File($"{Name.ToLowerInvariant()}-{preset}.mp4");
        var said = await RunAsync(Start[0], [.. Start[1..], $"{Name.ToLowerInvariant()}.mjs", preset, output]);
        return double.Parse(said.Trim().Split('\n')[^1], CultureInfo.InvariantCulture);
    }

    private async Task<string> RunAsync(string program, ImmutableArray<string> arguments)
    {
        var said = "";
        var result = await Studio.Runner.RunAsync(
            new ChildProcess(program, arguments)
            {
                WorkingDirectory = Folder,
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

/// <summary>React in a browser, a screenshot per frame, on both processors.</summary>
internal sealed class Remotion(Studio studio) : Contestant(studio, "Remotion")
{
    protected override string Package => """
        { "private": true, "type": "module", "allowScripts": { "esbuild": true },
          "dependencies": { "remotion": "4.0.529", "@remotion/renderer": "4.0.529", "@remotion/bundler": "4.0.529", "react": "18.3.1", "react-dom": "18.3.1" } }
        """;

    protected override IEnumerable<string> Sources => ["remotion.mjs", "composition.jsx"];
}

/// <summary>Canvas and WebGL in Node, frames through a pipe to ffmpeg.</summary>
internal sealed class Editly(Studio studio) : Contestant(studio, "editly")
{
    protected override string Package => """
        { "private": true, "type": "module", "allowScripts": { "canvas": true, "gl": true }, "dependencies": { "editly": "0.14.2" } }
        """;

    // Its WebGL wants a display, if only a virtual one.
    protected override ImmutableArray<string> Start => ["xvfb-run", "-a", "node"];

    protected override IEnumerable<string> Sources => ["editly.mjs"];
}
