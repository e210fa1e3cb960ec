using System.Collections.Immutable;
using System.Globalization;
using Platform.Ffmpeg;
using Platform.Merge.Beats;
using Platform.Merge.Sound;

namespace Platform.Merge.Films;

/// <summary>One film: what its steps share.</summary>
internal sealed class FilmRun(IFfmpeg ffmpeg, IMediaProbe probe, FilmOrder order, CancellationToken cancellationToken)
{
    private readonly FilmEncoding encoding = FilmEncoding.For(order.Encode);
    private readonly string result = Path.Combine(order.Folder, $"out{FilmEncoding.For(order.Encode).Extension}");

    public async Task<Film> MakeAsync()
    {
        var (videos, voices) = await LookAsync();
        var sounds = await new SceneSounds(ffmpeg, order, share => order.Report(0.02 + (0.06 * share), "listening"), cancellationToken).DecodeAsync(videos, voices);
        ImmutableArray<SceneMedia> media = [.. videos.Select((video, i) => new SceneMedia
        {
            Video = video,
            VoiceSamples = sounds.GetValueOrDefault((i, Stem.Voice))?.Samples,
            OwnSamples = sounds.GetValueOrDefault((i, Stem.Effects))?.Samples,
        })];
        var plan = MergePlan.For(order.Parameters, media);
        WarnOfExtended(plan);
        var music = await new MusicBeats(ffmpeg, probe, order, cancellationToken).FindAsync(plan.Length);
        if (music is not null)
        {
            plan = MergePlan.For(order.Parameters, media, music.Grid);
            WarnOfKept(plan, music.Grid);
        }

        var soundtrack = new Soundtrack(ffmpeg, order, encoding, plan, cancellationToken);
        var pictures = new Pictures(ffmpeg, order, plan, (share, activity) => order.Report(0.1 + (0.85 * share), activity), cancellationToken);
        var copies = pictures.PrepareCopyAsync();
        await Task.WhenAll(copies, soundtrack.MixAsync(sounds));
        order.Report(0.1, "joining");
        var copied = await copies && await pictures.TryCopyAsync(result, encoding, soundtrack);
        if (!copied)
        {
            await pictures.EncodeAsync(result, encoding, soundtrack);
        }

        order.Report(0.95, "measuring");
        var (peak, info) = await soundtrack.HoldPeaksAsync(result, probe);
        MediaInfo.RequireSameDuration(plan.Length, info.RequireDuration());
        return new Film(result, encoding.ContentType, info, plan, copied, peak, music?.Tempo, await soundtrack.StemsAsync());
    }

    private async Task<(IReadOnlyList<MediaInfo> Videos, IReadOnlyList<MediaInfo?> Voices)> LookAsync()
    {
        using var turns = new SemaphoreSlim(Environment.ProcessorCount);
        // One file is often used by many scenes.
        var looks = order.Scenes.SelectMany(scene => (string?[])[scene.Video, scene.Voice]).OfType<string>().Distinct().ToDictionary(path => path, InTurnAsync);
        await ((Task)Task.WhenAll(looks.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // below, in the order of the scenes: the first that is wrong is told

        var (videos, voices) = (new List<MediaInfo>(), new List<MediaInfo?>());
        for (var i = 0; i < order.Scenes.Count; i++)
        {
            var scene = order.Scenes[i];
            var video = await FoundAsync(scene.Video, i, "video");
            SceneErrors.Of(i, "video", () => video.RequireVideo());
            videos.Add(video);
            var voice = scene.Voice is { } path ? await FoundAsync(path, i, "voice-over") : null;
            SceneErrors.Of(i, "voice-over", () => voice?.RequireAudio());
            voices.Add(voice);
        }

        return (videos, voices);

        async Task<MediaInfo> InTurnAsync(string path)
        {
            await turns.WaitAsync(cancellationToken);
            try
            {
                return await probe.ProbeAsync(path, cancellationToken);
            }
            finally
            {
                turns.Release();
            }
        }

        async Task<MediaInfo> FoundAsync(string path, int scene, string part)
        {
            try
            {
                return await looks[path];
            }
            catch (MediaException e)
            {
                throw SceneErrors.Named(scene, part, e);
            }
        }
    }

    private void WarnOfExtended(MergePlan plan)
    {
        foreach (var scene in plan.Scenes.Where(scene => scene.Asked.Length is { FollowsVoice: false, Seconds: { } asked } && scene.Samples > MergePlan.SamplesIn(TimeSpan.FromSeconds(asked)) + 1 && asked > 0.2))
        {
            order.Warn("merge.scene_extended", string.Create(
                CultureInfo.InvariantCulture, $"Scene {scene.Index + 1} is {(double)scene.Samples / MergePlan.SampleRate:0.00} s long instead of {scene.Asked.Length!.Seconds:0.00}: its voice-over is."));
        }
    }

    private void WarnOfKept(MergePlan plan, BeatGrid beats)
    {
        var kept = plan.Scenes.SkipLast(1).Where(scene => scene.Media.VoiceSamples is null && !beats.Holds(scene.FirstSample + scene.Samples)).Select(scene => scene.Index + 1).ToList();
        if (kept.Count > 0)
        {
            order.Warn("merge.off_beat", $"No beat is near the end of {(kept.Count == 1 ? "scene" : "scenes")} {string.Join(", ", kept)}: the length was left as it is.");
        }
    }
}
