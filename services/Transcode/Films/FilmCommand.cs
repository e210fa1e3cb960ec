using System.Collections.Immutable;
using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Transcode.Films;

/// <summary>Writes a plan as a run of ffmpeg. Pure.</summary>
internal static class FilmCommand
{
    /// <summary>−1 dB: a mix of ours may pass full scale, which PCM of floats holds and an encoder would clip.</summary>
    private const double Ceiling = 0.891251;

    /// <summary>How much higher VP9's rate factor is than x264's at the same look.</summary>
    private const int Vp9Crf = 12;

    private const int Vp9WorstCrf = 63;

    private const int OpusBitratePerChannel = 64_000;

    /// <summary>The run.</summary>
    /// <param name="plan">What is made.</param>
    /// <param name="film">What a probe found.</param>
    /// <param name="path">Where the film lies.</param>
    /// <param name="result">Where it goes.</param>
    /// <param name="settings">The job's.</param>
    public static FfmpegCommand For(FilmPlan plan, MediaInfo film, string path, string result, EncodeSettings settings)
    {
        var input = new FfmpegInput(path) { Options = Decoder(plan, film.Video!) };
        var chains = Chains(plan, film);
        return new FfmpegCommand
        {
            Inputs = IsPainted(plan) ? [input, input] : [input],
            Graph = chains.IsEmpty ? null : new FilterGraph(chains),
            Outputs = [new FfmpegOutput(result)
            {
                Maps = [.. Maps(plan, film)],
                Options = ["-map_metadata", "-1", "-map_chapters", "-1", .. Picture(plan, film.Video!, settings), .. Sound(plan, film.Audio), .. Texts(plan, film), .. Container(plan)],
                Format = plan.Format,
                Duration = plan.Length + TimeSpan.FromSeconds(1),
            }],
            Length = plan.Length,
        };
    }

    /// <summary>A GIF whose colours are chosen anew: the film is read twice, once for the palette, so that no frame need be kept until it is known.</summary>
    private static bool IsPainted(FilmPlan plan) => plan is { Format: TranscodeParameters.Gif, CopiesPicture: false };

    /// <summary>Options of the input: ffmpeg's own decoders do not see the transparent layer.</summary>
    public static ImmutableArray<string> Decoder(FilmPlan plan, VideoStream picture) =>
        picture.HasAlphaLayer && !plan.CopiesPicture ? ["-c:v", picture.Codec == "vp8" ? "libvpx" : "libvpx-vp9"] : [];

    private static ImmutableArray<FilterChain> Chains(FilmPlan plan, MediaInfo film) =>
    [
        .. plan.CopiesPicture ? [] : IsPainted(plan) ? Painted(plan, film.Video!) : [Filters.Chain("0:v:0", "picture", Shaped(plan, film.Video!))],
        .. plan.Format == TranscodeParameters.Gif ? [] : SoundChain(plan, film),
    ];

    /// <summary>From the film's sound to <c>[sound]</c>; nothing where it is copied, or there is none.</summary>
    public static ImmutableArray<FilterChain> SoundChain(FilmPlan plan, MediaInfo film) => film.Audio is not { } sound || plan.CopiesSound ? [] :
    [
        Filters.Chain("0:a:0", "sound", [
            .. sound.Codec is "pcm_f32le" or "pcm_f64le" ? (Filter[])[Filters.Limit(Ceiling)] : [], Filters.Resample(plan.SampleRate), Filters.AudioFormat(plan.SampleRate, plan.Layout)]),
    ];

    /// <summary>Filters that give the picture its rate, size and colours.</summary>
    public static ImmutableArray<Filter> Shaped(FilmPlan plan, VideoStream picture) => [Filters.FpsFromZero(plan.Rate), .. plan switch
    {
        { Format: TranscodeParameters.Gif } => [Filters.Scale(plan.Width, plan.Height), Filters.SquarePixels()],
        { KeepsAlpha: true } => PlainPicture.Sized(picture, plan.Width, plan.Height, "yuva420p"),
        _ when picture.HasTransparency => [Filters.PixelFormat("yuva444p"), Filters.Premultiply(), .. PlainPicture.Sized(picture, plan.Width, plan.Height)],
        _ => PlainPicture.Sized(picture, plan.Width, plan.Height),
    }];

    private static ImmutableArray<FilterChain> Painted(FilmPlan plan, VideoStream picture) =>
    [
        Filters.Chain("0:v:0", "palette", [.. Shaped(plan, picture), Filters.Palette()]),
        Filters.Chain("1:v:0", "frames", Shaped(plan, picture)),
        new FilterChain(["frames", "palette"], [Filters.UsePalette()], ["picture"]),
    ];

    private static IEnumerable<string> Maps(FilmPlan plan, MediaInfo film) =>
    [
        plan.CopiesPicture ? "0:v:0" : "[picture]",
        .. film.Audio is null || plan.Format == TranscodeParameters.Gif ? [] : (string[])[plan.CopiesSound ? "0:a:0" : "[sound]"],
        .. plan.Format == TranscodeParameters.Gif ? [] : film.Texts.Select(text => string.Create(CultureInfo.InvariantCulture, $"0:{text.Index}")),
    ];

    private static ImmutableArray<string> Picture(FilmPlan plan, VideoStream picture, EncodeSettings settings) => plan switch
    {
        { CopiesPicture: true } => ["-c:v", "copy", .. picture.HasAlphaLayer ? (string[])["-metadata:s:v:0", "alpha_mode=1"] : []],
        { Format: TranscodeParameters.Gif } => ["-c:v", "gif"],
        { Format: TranscodeParameters.Webm } =>
        [
            "-c:v", "libvpx-vp9", "-crf", Text(Math.Min(Vp9WorstCrf, settings.Crf + Vp9Crf)), "-b:v", "0", "-deadline", "good",
            "-cpu-used", settings.Preset is "slow" or "slower" or "veryslow" ? "1" : "4", "-row-mt", "1", .. plan.KeepsAlpha ? (string[])["-auto-alt-ref", "0"] : [],
            "-g", Text((int)Math.Max(1, Math.Round(FilmPicture.GroupSeconds * plan.Rate.Value))), "-fps_mode", "cfr", "-r", plan.Rate.ToString(),
            "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv",
        ],
        _ =>
        [
            .. FilmPicture.Options(settings.Preset, settings.Crf, plan.Rate),
            .. plan.Platform is null ? [] : (string[])["-profile:v", "high"],
            .. plan.Bitrate is { } most ? (string[])["-maxrate", Text(most), "-bufsize", Text(2 * most)] : [],
        ],
    };

    private static ImmutableArray<string> Sound(FilmPlan plan, AudioStream? sound) =>
        sound is null || plan.Format == TranscodeParameters.Gif ? []
        : plan.CopiesSound ? ["-c:a", "copy"]
        : plan.Format == TranscodeParameters.Webm ? ["-c:a", "libopus", "-b:a", Text(OpusBitratePerChannel * Math.Max(2, Channels(plan.Layout)))]
        : ["-c:a", "aac", "-b:a", Text(plan.AudioBitrate)];

    // Subtitles stay with their film; what they are written in is the container's.
    private static ImmutableArray<string> Texts(FilmPlan plan, MediaInfo film) => film.Texts.IsEmpty || plan.Format == TranscodeParameters.Gif ? [] :
    [
        "-c:s", plan.Format == TranscodeParameters.Webm ? "webvtt" : "mov_text",
        .. film.Texts.SelectMany((text, i) => text.Language is { } language ? (string[])[string.Create(CultureInfo.InvariantCulture, $"-metadata:s:s:{i}"), $"language={language}"] : []),
    ];

    // Platforms want no edit lists: the picture begins at 0 without one, and the sound with what its encoder needs to start, a fiftieth of a second.
    private static ImmutableArray<string> Container(FilmPlan plan) => plan switch
    {
        { Format: TranscodeParameters.Gif } => ["-loop", "0"],
        { Format: TranscodeParameters.Webm } => [],
        { Platform: not null } => ["-use_editlist", "0", "-movflags", "+faststart+negative_cts_offsets"],
        _ => ["-movflags", "+faststart"],
    };

    private static int Channels(string layout) => layout switch { "mono" => 1, "5.1" => 6, "7.1" => 8, _ => 2 };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
