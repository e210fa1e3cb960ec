using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Music.Soundtracks;

/// <summary>Lays music under a film.</summary>
internal interface ISoundtrack
{
    /// <summary>Makes the film with music in the stage's folder.</summary>
    /// <exception cref="StageException">It cannot be made.</exception>
    Task<StageResult> LayAsync(AddMusic message, StageWork work, CancellationToken cancellationToken);
}

internal sealed class Soundtrack(IFfmpeg ffmpeg, IMediaProbe probe) : ISoundtrack
{
    /// <summary>AAC moves peaks by itself, so what was reached is measured and corrected, this often at most. One is the rule.</summary>
    private const int MostRounds = 4;

    /// <summary>Tries of a level without the encoder.</summary>
    private const int MostTrials = 10;

    /// <summary>What MP4 players play; a picture of another kind cannot be copied into the result.</summary>
    private static readonly ImmutableArray<string> Mp4Codecs = ["h264", "hevc", "av1", "vp9", "mpeg4"];

    public async Task<StageResult> LayAsync(AddMusic message, StageWork work, CancellationToken cancellationToken)
    {
        try
        {
            return await new Session(ffmpeg, probe, message, work, cancellationToken).LayAsync();
        }
        catch (MediaException e)
        {
            throw new StageException(e.Code, e.Transient ? FailureKind.Transient : FailureKind.Permanent, e.Message, e);
        }
    }

    /// <summary>One film: what its steps share.</summary>
    private sealed class Session(IFfmpeg ffmpeg, IMediaProbe probe, AddMusic message, StageWork work, CancellationToken cancellationToken)
    {
        private readonly MusicParameters parameters = message.Parameters;
        private readonly bool isResult = message.Encode is { WritesResult: true };
        private readonly string result = work.PathOf(message.Encode is { WritesResult: true } ? "out.mp4" : "out.mkv");

        public async Task<StageResult> LayAsync()
        {
            var film = await FetchAsync(parameters.Video);
            film.Info.RequireVideo();
            if (film.Info.IsStill)
            {
                throw new StageException("media.no_duration", FailureKind.Permanent, "The film is a still picture.");
            }

            var pieces = new List<Source>();
            foreach (var media in parameters.Music)
            {
                pieces.Add(await FetchAsync(media));
                pieces[^1].Info.RequireAudio();
            }

            var plan = MusicPlan.For(
                Film.Of(film.Info), [.. pieces.Select(piece => piece.Info.Audio!.Duration ?? piece.Info.RequireDuration())], parameters, await HearAsync(film));
            var target = parameters.Loudness ?? new LoudnessTarget(isResult);
            var loudness = target.Enabled ? await LayLeveledAsync(film, pieces, plan, target) : await LayPlainAsync(film, pieces, plan);

            var made = await probe.ProbeAsync(result, cancellationToken);
            MediaInfo.RequireSameDuration(plan.Length, made.RequireDuration());
            return new StageResult
            {
                Files = new Dictionary<string, OutputFile> { ["video"] = new(result, isResult ? "video/mp4" : "video/x-matroska", Facts(made)) },
                Facts = FactsOf(plan, loudness),
            };
        }

        /// <summary>One run: everything at once.</summary>
        private async Task<Loudness?> LayPlainAsync(Source film, IReadOnlyList<Source> pieces, MusicPlan plan)
        {
            // A sum may pass full scale; AAC would clip it, so a result is held just under.
            var safe = isResult ? (Filter[])[Filters.Limit(MusicGraph.Linear(-1))] : [];
            await RunAsync(
                new FfmpegCommand
                {
                    Inputs = [new FfmpegInput(film.Path), .. Inputs(plan, pieces)],
                    Graph = MusicGraph.Mix(plan, [.. safe]),
                    Outputs = [Output(film, plan)],
                    Length = plan.Length,
                },
                0.1, 1, "mixing");
            return null;
        }

        /// <summary>Mixes and measures; finds the level; encodes and measures what came out, again if that is not what was asked for.</summary>
        private async Task<Loudness?> LayLeveledAsync(Source film, IReadOnlyList<Source> pieces, MusicPlan plan, LoudnessTarget target)
        {
            var mix = new FfmpegInput(work.PathOf("mix.w64")) { Format = "w64" };
            var mixed = await MeasureAsync(
                new FfmpegCommand
                {
                    Inputs = [new FfmpegInput(film.Path) { Options = ["-vn"] }, .. Inputs(plan, pieces)],
                    Graph = MusicGraph.Mix(plan, Filters.Loudness()),
                    Outputs = [new FfmpegOutput(mix.Path) { Maps = ["[out]"], Options = ["-c:a", "pcm_f32le"], Format = "w64" }],
                    Length = plan.Length,
                },
                0.1, 0.35, "mixing");
            var search = new LevelSearch(mixed, target);
            if (mixed.Integrated is null)
            {
                work.Warn("music.silent", "Film and music are silent: there is nothing to make louder.");
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
                    work.Warn("music.loudness_missed", string.Create(
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
            Maps = ["0:v:0", "[out]"],
            Options = ["-map_metadata", "-1", "-map_chapters", "-1", .. Picture(film.Info.Video!), .. Sound()],
            Format = isResult ? "mp4" : "matroska",
            Duration = plan.Length + TimeSpan.FromSeconds(1),
        };

        private IEnumerable<string> Picture(VideoStream picture)
        {
            if (!isResult || Mp4Codecs.Contains(picture.Codec))
            {
                return picture.Codec == "hevc" && isResult ? ["-c:v", "copy", "-tag:v", "hvc1"] : ["-c:v", "copy"];
            }

            work.Warn("music.picture_encoded", $"A picture in {picture.Codec} cannot be copied into MP4: it was encoded.");
            var settings = message.Encode!.Settings;
            return ["-c:v", "libx264", "-preset", settings.Preset, "-crf", settings.Crf.ToString(CultureInfo.InvariantCulture), "-pix_fmt", "yuv420p"];
        }

        private IEnumerable<string> Sound() => isResult
            ? ["-c:a", "aac", "-b:a", message.Encode!.Settings.AudioBitrate.ToString(CultureInfo.InvariantCulture), "-movflags", "+faststart"]
            : ["-c:a", "pcm_f32le"]; // a sum may pass full scale, and a later stage may bring it down again

        private async Task<Source> FetchAsync(Media media)
        {
            if (!message.Inputs.TryGetValue(media.Text, out var artifact))
            {
                throw new StageException("music.missing_input", FailureKind.Permanent, $"The file of \"{media.Text}\" was not handed over.");
            }

            var path = await work.FetchAsync(artifact, cancellationToken);
            return new Source(path, await probe.ProbeAsync(path, cancellationToken));
        }

        private async Task<Loudness> MeasureAsync(FfmpegCommand command, double from, double to, string activity) =>
            Loudness.Read(await RunAsync(command with { LogLevel = "info" }, from, to, activity));

        private Task<string> RunAsync(FfmpegCommand command, double from, double to, string activity) =>
            ffmpeg.RunAsync(command, work.Folder, now => work.Report(from + ((to - from) * (now.Share ?? 0)), activity), cancellationToken);

        private static MediaFacts Facts(MediaInfo info) => new()
        {
            Duration = info.Duration?.TotalSeconds,
            Width = info.Video?.Width,
            Height = info.Video?.Height,
            FrameRate = info.Video?.FrameRate.Value,
            VideoCodec = info.Video?.Codec,
            AudioCodec = info.Audio?.Codec,
        };

        private static Dictionary<string, JsonElement> FactsOf(MusicPlan plan, Loudness? loudness)
        {
            var facts = new Dictionary<string, JsonElement>
            {
                ["ducked"] = JsonSerializer.SerializeToElement(plan.Duck is not null),
                ["looped"] = JsonSerializer.SerializeToElement(plan.Loops),
            };
            if (loudness is not null)
            {
                facts["loudness"] = JsonSerializer.SerializeToElement(new { integrated = loudness.Integrated, range = loudness.Range, truePeak = loudness.TruePeak });
            }

            return facts;
        }

        private sealed record Source(string Path, MediaInfo Info);
    }
}
