using System.Globalization;
using Platform.Ffmpeg;
using Platform.Merge.Sound;

namespace Platform.Merge.Films;

/// <summary>A film's sound in the workspace: mixed once, encoded once, its peaks held and measured in the finished file.</summary>
internal sealed class Soundtrack(IFfmpeg ffmpeg, FilmOrder order, FilmEncoding encoding, MergePlan plan, CancellationToken cancellationToken)
{
    /// <summary>No peak is higher, in dBTP: −1, and what meters differ by.</summary>
    private const double HighestPeak = -1.1;

    /// <summary>What encoding, and the wave between samples, may add to a peak; measured on music and noise, mostly less.</summary>
    private const double Overshoot = 0.8;

    private const int MostRounds = 4;

    private readonly string mixed = Path.Combine(order.Folder, "mix.f32");
    private readonly Dictionary<Stem, string> stems = [];
    private double? ceiling;

    /// <summary>Whether the film has any.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>Mixes what the scenes have.</summary>
    public async Task MixAsync(IReadOnlyDictionary<(int Scene, Stem Stem), RawSound> sounds)
    {
        var clips = SoundPlan.For(plan, order.Parameters.Crossfade);
        IsHeard = clips.Length > 0;
        if (!IsHeard)
        {
            return;
        }

        var mixer = new Mixer(clips, plan.Samples);
        var files = new Dictionary<Stem, Stream>();
        try
        {
            foreach (var stem in order.Parameters.Stems ? clips.Select(clip => clip.Stem).Distinct() : [])
            {
                stems[stem] = Path.Combine(order.Folder, $"{(stem == Stem.Voice ? "voice" : "effects")}.f32");
                files[stem] = Create(stems[stem]);
            }

            await using var mix = Create(mixed);
            await mixer.MixAsync(clip => sounds[(clip.Scene, clip.Stem)].Open(), mix, files, cancellationToken);
        }
        finally
        {
            foreach (var file in files.Values)
            {
                await file.DisposeAsync();
            }
        }

        foreach (var used in sounds.Values)
        {
            File.Delete(used.Path); // an hour of it is more than a gigabyte
        }

        if (mixer.TruePeak > HighestPeak - Overshoot)
        {
            ceiling = HighestPeak - Overshoot;
        }
    }

    /// <summary>The mix as an input of a run.</summary>
    public FfmpegInput Input => Raw(mixed);

    /// <summary>What is done to it before it is encoded.</summary>
    /// <param name="input">Number of <see cref="Input"/>.</param>
    /// <returns>Ends at <c>[sound]</c>.</returns>
    public FilterChain Chain(int input) => Filters.Chain(
        string.Create(CultureInfo.InvariantCulture, $"{input}:a:0"), "sound", ceiling is { } held ? Filters.Limit(Math.Round(Math.Pow(10, held / 20), 6)) : Filters.AudioNull());

    /// <summary>Looks at a finished film while its peaks are measured, and lays its sound anew, lower, as long as they are too high.</summary>
    /// <returns>The highest, in dBTP, null without sound; and what the film is.</returns>
    public async Task<(double? Peak, MediaInfo Info)> HoldPeaksAsync(string film, IMediaProbe probe)
    {
        for (var round = 1; ; round++)
        {
            var (look, measure) = (probe.ProbeAsync(film, cancellationToken), IsHeard ? MeasureAsync(film) : Task.FromResult(double.NegativeInfinity));
            await Task.WhenAll(look, measure);
            var (info, peak) = (await look, await measure);
            if (peak <= HighestPeak)
            {
                return (IsHeard ? peak : null, info);
            }

            if (round == MostRounds)
            {
                order.Warn("merge.peak_missed", string.Create(CultureInfo.InvariantCulture, $"The sound's true peak is {peak:0.0} dBTP; {HighestPeak} is the most it should be."));
                return (peak, info);
            }

            ceiling = (ceiling ?? HighestPeak) - (peak - HighestPeak) - 0.05;
            await LayAsync(film);
        }
    }

    /// <summary>The stems that were asked for as files, by output name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> StemsAsync()
    {
        var files = new Dictionary<string, string>();
        foreach (var (stem, raw) in stems)
        {
            var path = Path.ChangeExtension(raw, ".flac");
            await ffmpeg.RunAsync(
                new FfmpegCommand { Inputs = [Raw(raw)], Outputs = [new FfmpegOutput(path) { Maps = ["0:a:0"], Options = ["-c:a", "flac", "-sample_fmt", "s32"], Format = "flac" }] },
                order.Folder, null, cancellationToken);
            files[stem == Stem.Voice ? "voice" : "effects"] = path;
        }

        return files;
    }

    private async Task<double> MeasureAsync(string film)
    {
        var peak = double.NegativeInfinity;
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(film) { Options = ["-vn"] }],
                Outputs = [new FfmpegOutput("pipe:1") { Maps = ["0:a:0"], Options = ["-c:a", "pcm_f32le"], Format = "f32le" }],
                Output = async (stream, token) => peak = await Mixer.TruePeakAsync(stream, token),
            },
            order.Folder, null, cancellationToken);
        return peak;
    }

    private async Task LayAsync(string film)
    {
        var old = Path.Combine(order.Folder, $"louder{Path.GetExtension(film)}");
        File.Move(film, old);
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(old), Input],
                Graph = new FilterGraph(Chain(1)),
                Outputs = [new FfmpegOutput(film) { Maps = ["0:v:0", "[sound]"], Options = ["-c:v", "copy", .. encoding.Sound], Format = encoding.Format }],
            },
            order.Folder, null, cancellationToken);
        File.Delete(old);
    }

    private static FfmpegInput Raw(string path) => new(path)
    {
        Format = "f32le",
        Options = ["-ar", MergePlan.SampleRate.ToString(CultureInfo.InvariantCulture), "-ac", Mixer.Channels.ToString(CultureInfo.InvariantCulture)],
    };

    private static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
}
