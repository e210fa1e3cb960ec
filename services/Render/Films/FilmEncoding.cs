using System.Collections.Immutable;
using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Render.Graphs;
using Platform.Templates;

namespace Platform.Render.Films;

/// <summary>What kind of file is made, and how.</summary>
/// <param name="Format">One of the formats of <see cref="RenderParameters.Format"/>.</param>
/// <param name="Encode">Null for a film for a later stage: near to lossless, and fast.</param>
/// <param name="Encoder">ffmpeg's H.264 encoder.</param>
internal sealed record FilmEncoding(string Format, FinalEncode? Encode, string Encoder = FilmEncoding.Software)
{
    /// <summary>The format of a long film's sound, which is made on its own: as the film has it.</summary>
    public const string SoundPart = "sound";

    /// <summary>Whether it is a part of a long film's picture: in a container whose times are exact.</summary>
    public bool IsPart { get; init; }

    public const string Software = "libx264";

    /// <summary>Frames at a part's end that get more bits, and by how much: what brings them as near to the picture as those of a film in one (`PartsTests`).</summary>
    private const int LastFrames = 4;

    private const double LastShare = 1.35;

    /// <summary>Players take no GIF faster than this.</summary>
    private const int GifRate = 25;

    /// <summary>Whether it holds pictures.</summary>
    public bool HasPicture => Format is not ("mp3" or "wav" or SoundPart);

    /// <summary>Whether it holds sound, where there is any.</summary>
    public bool HasSound => Format is not ("gif" or "png");

    public Surface Surface => Format is "webm" or "mov" or "gif" or "png" ? Surface.Rgb : Surface.Yuv;

    /// <summary>Whether it lies in Matroska, as films for later stages do.</summary>
    public bool IsMatroska => Format is "mp4" or SoundPart && Encode is not { WritesResult: true } && !IsPart;

    public string Extension => IsMatroska ? ".mkv" : Format == SoundPart ? ".mp4" : $".{Format}";

    public string ContentType => Format switch
    {
        "webm" => "video/webm", "mov" => "video/quicktime", "gif" => "image/gif", "png" => "image/png", "mp3" => "audio/mpeg", "wav" => "audio/wav",
        _ => IsMatroska ? "video/x-matroska" : "video/mp4",
    };

    /// <summary>Filters between the graph's picture and the encoder; the label they end at.</summary>
    public (IEnumerable<FilterChain> Chains, string Label) Last(int fps) => Format == "gif"
        ? ([
            new FilterChain(["picture"], [.. fps > GifRate ? (Filter[])[Filters.Fps(GifRate)] : [], Filters.Split(2)], ["seen", "counted"]),
            Filters.Chain("counted", "palette", new Filter("palettegen", ("stats_mode", "diff"))),
            new FilterChain(["seen", "palette"], [new Filter("paletteuse", ("dither", "sierra2_4a"), ("diff_mode", "rectangle"))], ["final"]),
        ], "final")
        : Format is "webm" or "mov" ? ([Filters.Chain("picture", "final", ToAlpha(), Filters.PixelFormat(Format == "webm" ? "yuva420p" : "yuva444p10le"), Tagged())], "final")
        : ([], "picture");

    /// <summary>The file as an output of ffmpeg.</summary>
    public FfmpegOutput Output(string path, Timeline timeline, string? picture, string? sound) => new(path)
    {
        Maps = [.. new[] { picture, sound }.OfType<string>().Select(label => $"[{label}]")],
        Options =
        [
            "-map_metadata", "-1", .. picture is null ? [] : Picture(timeline), .. sound is null ? [] : Sound(),
            .. Format == "mp4" && !IsMatroska || Format == "mov" ? (string[])["-movflags", "+faststart"] : [],
        ],
        Format = Format switch { "mp4" or SoundPart => IsMatroska ? "matroska" : "mp4", "png" => "image2", _ => Format },
    };

    /// <summary>Tags and rate that every H.264 of ours has.</summary>
    private ImmutableArray<string> Picture(Timeline timeline) => Format switch
    {
        "webm" => ["-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-crf", Text(Math.Min(63, Crf + 12)), "-b:v", "0", "-deadline", "good", "-cpu-used", Preset is "slow" or "slower" or "veryslow" ? "1" : "4", "-row-mt", "1", "-auto-alt-ref", "0", .. Rate(timeline)],
        "mov" => ["-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le", "-vendor", "apl0", "-alpha_bits", "16", .. Rate(timeline)],
        "gif" => ["-loop", "0"],
        "png" => ["-frames:v", "1", "-update", "1", "-pix_fmt", "rgba", "-pred", "up", "-compression_level", "3"],      // half the time of ffmpeg's default, and smaller
        _ => [.. Encoder switch
        {
            "h264_nvenc" => (string[])["-c:v", Encoder, "-preset", "p5", "-rc", "vbr", "-cq", Text(Crf), "-b:v", "0"],
            "h264_qsv" => ["-c:v", Encoder, "-global_quality", Text(Crf)],
            Software => ["-c:v", Software, "-preset", Preset, "-crf", Text(Crf), .. IsPart && timeline.Frames > LastFrames ? LastOfPart(timeline.Frames) : []],
            _ => ["-c:v", Encoder],
        }, "-pix_fmt", "yuv420p", "-g", Text(FilmPicture.GroupSeconds * timeline.Fps), "-flags", "+cgop", .. Rate(timeline)],
    };

    // x264 spends on a frame what the frames after it gain from it. At a part's end it sees none, though the film goes on.
    private static string[] LastOfPart(int frames) => ["-x264-params", string.Create(CultureInfo.InvariantCulture, $"zones={frames - LastFrames},{frames - 1},b={LastShare}")];

    private static ImmutableArray<string> Rate(Timeline timeline) =>
    [
        "-fps_mode", "cfr", "-r", Text(timeline.Fps),
        "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv",
    ];

    public IEnumerable<string> Sound() => Format switch
    {
        "webm" => ["-c:a", "libopus", "-b:a", "128k"],
        "mov" or "wav" => ["-c:a", "pcm_s16le"],
        "mp3" => ["-c:a", "libmp3lame", "-b:a", "256k"],
        _ => IsMatroska ? ["-c:a", "flac"] : ["-c:a", "aac", "-b:a", Text(Encode!.Settings.AudioBitrate)],
    };

    private string Preset => Encode?.Settings.Preset ?? FilmPicture.FastPreset;

    private int Crf => Encode?.Settings.Crf ?? FilmPicture.FastCrf;

    private static Filter ToAlpha() => new("scale", ("out_color_matrix", "bt709"), ("out_range", "tv"), ("flags", "bicubic+accurate_rnd+full_chroma_int"));

    // ProRes' encoder takes the tags of the frames, not those of the command: without them players guess, and shift colours.
    private static Filter Tagged() => new("setparams", ("range", "tv"), ("color_primaries", "bt709"), ("color_trc", "bt709"), ("colorspace", "bt709"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
