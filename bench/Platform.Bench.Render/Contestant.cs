using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Bench.Render;

/// <summary>Another renderer, from npm, in a folder of its own below the platform's home; installed once.</summary>
internal abstract class Contestant(Studio studio, string name)
{
    private readonly NpmFolder folder = new(studio.Runner, name.ToLowerInvariant());

    public string Name { get; } = name;

    protected Studio Studio { get; } = studio;

    /// <summary>What its <c>package.json</c> depends on, and which of that may run what it brings along to build itself.</summary>
    protected abstract string Package { get; }

    /// <summary>What starts its script.</summary>
    protected virtual ImmutableArray<string> Start => ["node"];

    /// <summary>Files of ours beside it: script and composition.</summary>
    protected abstract IEnumerable<string> Sources { get; }

    /// <summary>Fetches and builds it, and lets it render once. What is missing is said, for a bench without it.</summary>
    public async Task<string?> InstallAsync()
    {
        foreach (var source in Sources) await folder.WriteAsync(source);
        Directory.CreateDirectory(folder.PathOf("public"));
        foreach (var file in new[] { "photo.jpg", "logo.png", "music.wav" }) File.Copy(Studio.File(file), folder.PathOf(Path.Combine("public", file)), overwrite: true);
        return await folder.InstallAsync(Package, [], () => RenderAsync("ultrafast"));
    }

    /// <summary>Renders the film.</summary>
    /// <returns>Seconds, without what it does once for all films.</returns>
    public async Task<double> RenderAsync(string preset)
    {
        var output = Studio.File($"{Name.ToLowerInvariant()}-{preset}.mp4");
        var said = await folder.RunAsync(Start[0], [.. Start[1..], $"{Name.ToLowerInvariant()}.mjs", preset, output]);
        return double.Parse(said.Trim().Split('\n')[^1], CultureInfo.InvariantCulture);
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
