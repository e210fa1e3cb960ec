using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Music.Soundtracks;

/// <summary>One film: what its steps share.</summary>
internal sealed class SoundtrackRun(IFfmpeg ffmpeg, IMediaProbe probe, SoundtrackOrder order, CancellationToken cancellationToken)
{
    /// <summary>AAC moves peaks by itself, so what was reached is measured and corrected, this often at most. One is the rule.</summary>
    private const int MostRounds = 4;

    /// <summary>Tries of a level without the encoder.</summary>
    private const int MostTrials = 10;

    private static readonly TimeSpan LongestFilm = TimeSpan.FromHours(12);

    /// <summary>What MP4 players play; a picture of another kind cannot be copied into the result.</summary>
    private static readonly ImmutableArray<string> Mp4Codecs = ["h264", "hevc", "av1", "vp9", "mpeg4"];

    private readonly MusicParameters parameters = order.Parameters;
    private readonly string stem = Path.Combine(order.Folder, "music.flac");
    private readonly string result = Path.Combine(order.Folder, order.IsResult ? "out.mp4" : "out.mkv");

    public async Task<LaidFilm> LayAsync()
    {
        var film = await LookAsync(order.Film);
        film.Info.RequireVideo();
        if (film.Info.RequireDuration() > LongestFilm)
        {
            throw new MediaException("media.too_long", false, $"The film is longer than {LongestFilm.TotalHours:0} hours.");
        }

        var pieces = new List<Source>();
        foreach (var path in order.Pieces)
        {
            pieces.Add(await LookAsync(path));
            pieces[^1].Info.RequireAudio();
        }

        var plan = MusicPlan.For(
            Film.Of(film.Info), [.. pieces.Select(piece => piece.Info.Audio!.Duration ?? piece.Info.RequireDuration())], parameters, await HearAsync(film));
        var target = parameters.Loudness ?? new LoudnessTarget(order.IsResult);
        var loudness = target.Enabled ? await LayLeveledAsync(film, pieces, plan, target) : await LayPlainAsync(film, pieces, plan);

        var made = await probe.ProbeAsync(result, cancellationToken);
        MediaInfo.RequireSameDuration(plan.Length, made.RequireDuration());
        if (made.Video?.Duration * 2 < plan.Length)
        {
            // A header may promise hours over a second of pictures; sound that outlasts its picture by more than its length is no film.
            MediaInfo.RequireSameDuration(plan.Length, made.Video!.Duration!.Value);
        }

        return new LaidFilm(result, made, plan.Duck is not null, plan.Loops, loudness, plan.Stems ? stem : null);
    }

    /// <summary>One run: everything at once.</summary>
    private async Task<Loudness?> LayPlainAsync(Source film, IReadOnlyList<Source> pieces, MusicPlan plan)
    {
        // A sum may pass full scale; AAC would clip it, so a result is held just under.
        var safe = order.IsResult ? (Filter[])[Filters.Limit(MusicGraph.Linear(-1))] : [];
        await RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(film.Path), .. Inputs(plan, pieces)],
                Graph = MusicGraph.Mix(plan, [.. safe]),
                Outputs = [Output(film, plan), .. Stems(plan)],
                Length = plan.Length,
            },
            0.1, 1, "mixing");
        return null;
    }

    /// <summary>Mixes and measures; finds the level; encodes and measures what came out, again if that is not what was asked for.</summary>
    private async Task<Loudness?> LayLeveledAsync(Source film, IReadOnlyList<Source> pieces, MusicPlan plan, LoudnessTarget target)
    {
        var mix = new FfmpegInput(Path.Combine(order.Folder, "mix.w64")) { Format = "w64" };
        var mixed = await MeasureAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(film.Path) { Options = ["-vn"] }, .. Inputs(plan, pieces)],
                Graph = MusicGraph.Mix(plan, Filters.Loudness()),
                Outputs = [new FfmpegOutput(mix.Path) { Maps = ["[out]"], Options = ["-c:a", "pcm_f32le"], Format = "w64" }, .. Stems(plan)],
                Length = plan.Length,
            },
            0.1, 0.35, "mixing");
        var search = new LevelSearch(mixed, target);
        if (mixed.Integrated is null)
        {
            order.Warn("music.silent", "Film and music are silent: there is nothing to make louder.");
        }
        else if (search.Level.Ceiling is not null)
        {
            await TryOutAsync(mix, search, plan);
        }

        var output = Output(film, plan);
        for (var round = 1; ; round++)
        {
            await RunAsync(
                new FfmpegCommand
                {
                    Inputs = [new FfmpegInput(film.Path), mix],
                    Graph = MusicGraph.Leveled(1, search.Level),
                    Outputs = [output],
                    Length = plan.Length,
                },
                0.4, 0.85, "encoding");
            var loudness = await MeasureAsync(Measurement(new FfmpegInput(result) { Options = ["-vn"] }, new FilterGraph(Filters.Chain("0:a:0", "out", Filters.Loudness())), plan), 0.85, 1, "measuring");
            if (mixed.Integrated is null || search.IsMet(loudness))
            {
                return loudness;
            }

            if (round == MostRounds)
            {
                order.Warn("music.loudness_missed", string.Create(
                    CultureInfo.InvariantCulture, $"The sound has {loudness.Integrated} LUFS and {loudness.TruePeak} dBTP; {target.Target} and {target.TruePeak} were asked for."));
                return loudness;
            }

            search.Learn(loudness);
        }
    }

    /// <summary>A limiter takes loudness away, how much only trying tells; trying without the encoder costs little. Half of what AAC adds to peaks is left free.</summary>
    private async Task TryOutAsync(FfmpegInput mix, LevelSearch search, MusicPlan plan)
    {
        const double room = LevelSearch.Overshoot / 2;
        for (var trial = 1; trial <= MostTrials; trial++)
        {
            var measured = await MeasureAsync(Measurement(mix, MusicGraph.Leveled(0, search.Level, Filters.Loudness()), plan), 0.35, 0.4, "levelling");
            if (search.IsMet(measured, room))
            {
                return;
            }

            search.Learn(measured, room);
        }
    }

    /// <summary>Listens to the film where that decides something.</summary>
    private async Task<Hearing?> HearAsync(Source film)
    {
        if (film.Info.Audio is null || parameters.VideoVolume == 0 || parameters.Duck is { Enabled: false })
        {
            return null;
        }

        var detector = new SpeechDetector();
        await RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(film.Path) { Options = ["-vn"] }],
                Outputs =
                [
                    new FfmpegOutput("pipe:1")
                    {
                        Maps = ["0:a:0"],
                        Options = ["-ac", "1", "-ar", SpeechDetector.SampleRate.ToString(CultureInfo.InvariantCulture)],
                        Format = "s16le",
                        Duration = film.Info.RequireDuration(),
                    },
                ],
                Output = async (stream, token) =>
                {
                    var buffer = new byte[1 << 16];
                    for (int read; (read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token)) > 0;)
                    {
                        detector.Add(MemoryMarshal.Cast<byte, short>(buffer.AsSpan(0, read)));
                    }
                },
                Length = film.Info.Duration,
            },
            0.02, 0.1, "listening");
        return detector.Finish();
    }

    private static IEnumerable<FfmpegInput> Inputs(MusicPlan plan, IReadOnlyList<Source> pieces) => plan.Pieces.Select(piece => new FfmpegInput(pieces[piece.Index].Path)
    {
        Start = piece.Start > TimeSpan.Zero ? piece.Start : null,
        Options = ["-vn"],
    });

    private static FfmpegCommand Measurement(FfmpegInput input, FilterGraph graph, MusicPlan plan) => new()
    {
        Inputs = [input],
        Graph = graph,
        Outputs = [new FfmpegOutput("-") { Maps = ["[out]"], Format = "null" }],
        Length = plan.Length,
    };

    private FfmpegOutput Output(Source film, MusicPlan plan) => new(result)
    {
        Maps = ["0:v:0", "[out]", .. film.Info.Texts.Select(text => string.Create(CultureInfo.InvariantCulture, $"0:{text.Index}"))],
        Options = ["-map_metadata", "-1", "-map_chapters", "-1", .. Picture(film.Info.Video!), .. Sound(), .. Texts(film.Info)],
        Format = order.IsResult ? "mp4" : "matroska",
        Duration = plan.Length + TimeSpan.FromSeconds(1),
    };

    private IEnumerable<FfmpegOutput> Stems(MusicPlan plan) => plan.Stems ? [new FfmpegOutput(stem) { Maps = ["[stem]"], Options = ["-c:a", "flac", "-sample_fmt", "s32"], Format = "flac" }] : [];

    // Subtitles stay with their film; what they are written in is the container's.
    private IEnumerable<string> Texts(MediaInfo film) => film.Texts.IsEmpty ? [] :
    [
        "-c:s", order.IsResult ? "mov_text" : "subrip",
        .. film.Texts.SelectMany((text, i) => text.Language is { } language ? (string[])[string.Create(CultureInfo.InvariantCulture, $"-metadata:s:s:{i}"), $"language={language}"] : []),
    ];

    private IEnumerable<string> Picture(VideoStream picture)
    {
        if (!order.IsResult || Mp4Codecs.Contains(picture.Codec))
        {
            return picture.Codec == "hevc" && order.IsResult ? ["-c:v", "copy", "-tag:v", "hvc1"] : ["-c:v", "copy"];
        }

        order.Warn("music.picture_encoded", $"A picture in {picture.Codec} cannot be copied into MP4: it was encoded.");
        var settings = order.Encode!.Settings;
        return ["-c:v", "libx264", "-preset", settings.Preset, "-crf", settings.Crf.ToString(CultureInfo.InvariantCulture), "-pix_fmt", "yuv420p"];
    }

    private IEnumerable<string> Sound() => order.IsResult
        ? ["-c:a", "aac", "-b:a", order.Encode!.Settings.AudioBitrate.ToString(CultureInfo.InvariantCulture), "-movflags", "+faststart"]
        : ["-c:a", "pcm_f32le"]; // a sum may pass full scale, and a later stage may bring it down again

    private async Task<Source> LookAsync(string path) => new(path, await probe.ProbeAsync(path, cancellationToken));

    private async Task<Loudness> MeasureAsync(FfmpegCommand command, double from, double to, string activity) =>
        Loudness.Read(await RunAsync(command with { LogLevel = "info" }, from, to, activity));

    private Task<string> RunAsync(FfmpegCommand command, double from, double to, string activity) =>
        ffmpeg.RunAsync(command, order.Folder, now => order.Report(from + ((to - from) * (now.Share ?? 0)), activity), cancellationToken);

    private sealed record Source(string Path, MediaInfo Info);
}
