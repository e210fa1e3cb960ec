using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Ffmpeg;

/// <summary>A file ffmpeg reads, or <c>pipe:0</c>.</summary>
/// <param name="Path">An absolute path, or <c>pipe:0</c>; what a lavfi source is made of.</param>
public sealed record FfmpegInput(string Path)
{
    /// <summary>Null for users' media: found by content, among the containers we allow; a still picture of a user is
    /// <see cref="MediaInfo.Container"/>. Another for what we made ourselves, such as <c>rawvideo</c> or <c>lavfi</c>: those alone are not fenced.</summary>
    public string? Format { get; init; }

    /// <summary>Other options, before <c>-i</c>.</summary>
    public ImmutableArray<string> Options { get; init; } = [];

    /// <summary>Begin here. Fast: seeks to the key frame before, then decodes.</summary>
    public TimeSpan? Start { get; init; }

    /// <summary>Read at most this much.</summary>
    public TimeSpan? Duration { get; init; }
}

/// <summary>A file ffmpeg writes, or <c>pipe:1</c>.</summary>
/// <param name="Path">An absolute path in the workspace, <c>pipe:1</c>, or <c>-</c> with the format <c>null</c>.</param>
public sealed record FfmpegOutput(string Path)
{
    /// <summary>Streams and labelled pads, such as <c>0:v</c> or <c>[video]</c>.</summary>
    public ImmutableArray<string> Maps { get; init; } = [];

    public ImmutableArray<string> Options { get; init; } = [];

    /// <summary>Null: by the path's extension.</summary>
    public string? Format { get; init; }

    /// <summary>Write at most this much. Set it wherever users' media is decoded: time stamps can promise years.</summary>
    public TimeSpan? Duration { get; init; }
}

/// <summary>One run of ffmpeg as data. <see cref="Arguments"/> always includes what keeps hostile media in bounds.</summary>
public sealed record FfmpegCommand
{
    public required ImmutableArray<FfmpegInput> Inputs { get; init; }

    public FilterGraph? Graph { get; init; }

    public required ImmutableArray<FfmpegOutput> Outputs { get; init; }

    /// <summary>How long the result will be; gives progress its share. Null: unknown.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>Writes <c>pipe:0</c>.</summary>
    public Func<Stream, CancellationToken, Task>? Input { get; init; }

    /// <summary>Reads <c>pipe:1</c>.</summary>
    public Func<Stream, CancellationToken, Task>? Output { get; init; }

    /// <summary>Files and folders the run reads besides its inputs and its workspace: fonts, for one.</summary>
    public ImmutableArray<string> Readable { get; init; } = [];

    /// <summary>What ffmpeg says on standard error: <c>error</c>, or <c>info</c> for filters that measure.</summary>
    public string LogLevel { get; init; } = "error";

    /// <summary>The longest graph that is handed over as an argument; Linux takes 128 KB, a longer one goes by file.</summary>
    internal const int LongestGraphArgument = 100_000;

    /// <summary>The argument list.</summary>
    /// <param name="graphFile">A file that holds the graph, when it is too long for an argument.</param>
    public ImmutableArray<string> Arguments(string? graphFile = null) =>
    [
        "-nostdin", "-hide_banner", "-y", "-xerror", "-v", LogLevel, "-nostats", "-progress", Output is null ? "pipe:1" : "pipe:2", "-max_alloc", "1073741824",
        .. Inputs.SelectMany(Text),
        .. Graph is null ? [] : graphFile is null ? (string[])["-filter_complex", Graph.ToFilterString()] : ["-filter_complex_script", graphFile],
        .. Outputs.SelectMany(Text),
    ];

    private static IEnumerable<string> Text(FfmpegInput input) =>
    [
        "-protocol_whitelist", "file,pipe",
        .. input.Format is { } format ? (string[])["-f", format] : [],
        .. input.Format is { } made && !MediaAllowList.IsForUsers(made)
            ? (string[])[]
            : ["-format_whitelist", MediaAllowList.Formats, "-codec_whitelist", MediaAllowList.Codecs, "-max_pixels", MediaAllowList.MaxPixels.ToString(CultureInfo.InvariantCulture)],
        .. input.Start is { } start ? (string[])["-ss", FilterGraph.ValueText(start)] : [],
        .. input.Duration is { } duration ? (string[])["-t", FilterGraph.ValueText(duration)] : [],
        .. input.Options,
        "-i", input.Path,
    ];

    private static IEnumerable<string> Text(FfmpegOutput output) =>
    [
        .. output.Maps.SelectMany(map => (string[])["-map", map]),
        .. output.Options,
        .. output.Duration is { } duration ? (string[])["-t", FilterGraph.ValueText(duration)] : [],
        .. output.Format is { } format ? (string[])["-f", format] : [],
        output.Path,
    ];
}
