using System.Collections.Immutable;
using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Merge.Sound;

namespace Platform.Merge.Films;

/// <summary>Sound of a scene as it lies in the workspace: raw samples as the <see cref="Mixer"/> takes them.</summary>
/// <param name="Path">The file.</param>
/// <param name="From">First sample that is used.</param>
/// <param name="Samples">How many.</param>
internal sealed record RawSound(string Path, long From, long Samples)
{
    /// <summary>Opens it where it begins.</summary>
    public Stream Open() => new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16) { Position = From * Mixer.BytesPerSample };
}

/// <summary>Decodes what is heard of every scene, before anything is planned: so lengths are those of the sound itself, not what a header promises.</summary>
internal sealed class SceneSounds(IFfmpeg ffmpeg, FilmOrder order, Action<double> progress, CancellationToken cancellationToken)
{
    /// <summary>Sounds of one run: an open file takes memory.</summary>
    private const int MostAtOnce = 32;

    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(6); // what a crossfade, and a voice longer than its header says, may need more

    private static readonly ImmutableArray<Filter> Same =
        [Filters.Resample(MergePlan.SampleRate), Filters.AudioFormat(MergePlan.SampleRate, "stereo", "flt")];

    private sealed record Wanted(int Scene, Stem Stem, FfmpegInput Input, TimeSpan Promised, ImmutableArray<Filter> Filters)
    {
        public required string Path { get; init; }
    }

    /// <summary>Decodes.</summary>
    /// <param name="videos">What a probe found in each scene's video.</param>
    /// <param name="voices">And in its voice-over.</param>
    public async Task<IReadOnlyDictionary<(int Scene, Stem Stem), RawSound>> DecodeAsync(IReadOnlyList<MediaInfo> videos, IReadOnlyList<MediaInfo?> voices)
    {
        var wanted = order.Scenes.SelectMany((_, i) => Of(i, videos[i], voices[i])).ToList();
        var sounds = new Dictionary<(int, Stem), RawSound>();
        foreach (var group in wanted.Chunk(MostAtOnce))
        {
            await ffmpeg.RunAsync(
                new FfmpegCommand
                {
                    Inputs = [.. group.Select(sound => sound.Input)],
                    Graph = new FilterGraph([.. group.Select((sound, i) => Filters.Chain(Text($"{i}:a:0"), Text($"sound{i}"), sound.Filters))]),
                    Outputs = [.. group.Select((sound, i) => new FfmpegOutput(sound.Path) { Maps = [Text($"[sound{i}]")], Options = ["-c:a", "pcm_f32le"], Format = "f32le", Duration = sound.Promised + Reserve })],
                },
                order.Folder, null, cancellationToken);
            foreach (var sound in group)
            {
                sounds[(sound.Scene, sound.Stem)] = await MeasureAsync(sound);
                progress((double)sounds.Count / wanted.Count);
            }
        }

        return sounds;
    }

    private IEnumerable<Wanted> Of(int i, MediaInfo video, MediaInfo? voice)
    {
        var scene = order.Parameters.Scenes[i];
        if (voice is not null)
        {
            yield return new Wanted(
                i, Stem.Voice, new FfmpegInput(order.Scenes[i].Voice!) { Options = ["-vn"] }, voice.Audio!.Duration ?? voice.RequireDuration(),
                order.Parameters.Denoise ? [.. Same, Filters.Denoise(), .. Same[1..]] : Same) { Path = Raw(i, "voice") };
        }

        if (video.Audio is not null && !video.IsStill && SoundPlan.Volume(scene) > 0 && UsedPart.Of(scene, video, i) is { Heard: var own } part)
        {
            var longest = TimeSpan.FromSeconds(scene.Length?.Seconds ?? 0);
            longest = voice?.Duration > longest ? voice.Duration.Value : longest;
            var heard = longest > TimeSpan.Zero && scene.Length != SceneLength.Video && longest + Reserve < own ? longest + Reserve : own;
            yield return new Wanted(
                i, Stem.Effects, new FfmpegInput(order.Scenes[i].Video) { Start = part.Start > TimeSpan.Zero ? part.Start : null, Duration = heard, Options = ["-vn"] }, heard, Same) { Path = Raw(i, "own") };
        }
    }

    private async Task<RawSound> MeasureAsync(Wanted sound)
    {
        var whole = new RawSound(sound.Path, 0, new FileInfo(sound.Path).Length / Mixer.BytesPerSample);
        if (sound.Stem != Stem.Voice)
        {
            return whole;
        }

        SceneErrors.Of(sound.Scene, "voice-over", () => MediaInfo.RequireSameDuration(sound.Promised, TimeSpan.FromSeconds((double)whole.Samples / MergePlan.SampleRate)));
        if (!order.Parameters.TrimSilence)
        {
            return whole;
        }

        await using var stream = whole.Open();
        var (from, length) = await SilenceTrim.FindAsync(stream, cancellationToken);
        return whole with { From = from, Samples = length };
    }

    private string Raw(int scene, string name) => Path.Combine(order.Folder, Text($"scene-{scene}-{name}.f32"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
