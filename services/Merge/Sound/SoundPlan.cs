using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Merge.Films;

namespace Platform.Merge.Sound;

/// <summary>Which of a film's sounds.</summary>
internal enum Stem
{
    /// <summary>What is spoken over the scenes.</summary>
    Voice,

    /// <summary>The scenes' own sound.</summary>
    Effects,
}

/// <summary>A sound with its place in the film. Everything in samples.</summary>
internal sealed record SoundClip
{
    public required Stem Stem { get; init; }

    /// <summary>Number of the scene whose sound it is.</summary>
    public required int Scene { get; init; }

    /// <summary>Where in the film.</summary>
    public required long Start { get; init; }

    /// <summary>How long it is heard.</summary>
    public required long Length { get; init; }

    /// <summary>After so many it begins anew; null: never.</summary>
    public long? Period { get; init; }

    public required double Gain { get; init; }

    /// <summary>How long it fades in.</summary>
    public long FadeIn { get; init; }

    /// <summary>How long it fades out, at its end.</summary>
    public long FadeOut { get; init; }
}

/// <summary>Which sound is heard when. Pure.</summary>
internal static class SoundPlan
{
    /// <summary>The film's sounds, in order of their beginnings; empty for a silent film.</summary>
    public static ImmutableArray<SoundClip> For(MergePlan plan, double? crossfade)
    {
        var clips = new List<SoundClip>();
        for (var i = 0; i < plan.Scenes.Length; i++)
        {
            var scene = plan.Scenes[i];
            if (scene.Media.VoiceSamples is { } voice && scene.Asked.VoiceVolume > 0)
            {
                clips.Add(new SoundClip { Stem = Stem.Voice, Scene = i, Start = scene.FirstSample, Length = voice, Gain = scene.Asked.VoiceVolume });
            }

            if (Heard(scene) is { } there && there > 0)
            {
                clips.Add(Own(plan, scene, i, crossfade));
            }
        }

        return [.. clips.OrderBy(clip => clip.Start)];
    }

    /// <summary>Gain of a scene's own sound.</summary>
    public static double Volume(MergeScene scene) => scene.Volume ?? (scene.Voiceover is null ? 1 : 0.2);

    private static SoundClip Own(MergePlan plan, PlannedScene scene, int i, double? crossfade)
    {
        var fadeIn = i > 0 ? Join(plan, i, crossfade) : default;
        var fadeOut = i + 1 < plan.Scenes.Length ? Join(plan, i + 1, crossfade) : default;
        return new SoundClip
        {
            Stem = Stem.Effects,
            Scene = i,
            Start = scene.FirstSample,
            Length = Math.Min(scene.Samples + fadeOut.Overlap, Heard(scene)!.Value),
            Period = scene.Loops ? Period(scene) : null,
            Gain = Volume(scene.Asked),
            FadeIn = Math.Max(fadeIn.Overlap, fadeIn.Apart),
            FadeOut = Math.Max(fadeOut.Overlap, fadeOut.Apart),
        };
    }

    /// <summary>
    /// How the own sound of one scene becomes that of the next: the earlier goes on under the later where it has anything left; where it has not, and a fade was asked for by itself, it ends before the
    /// later begins. Left alone, a join is hard: what fits together stays as it was.
    /// </summary>
    private static (long Overlap, long Apart) Join(MergePlan plan, int join, double? crossfade)
    {
        var (before, after) = (plan.Scenes[join - 1], plan.Scenes[join]);
        var wanted = Math.Min(MergePlan.SamplesIn(crossfade is { } asked ? TimeSpan.FromSeconds(asked) : plan.TimeOf(after.EntryFrames)), after.Samples);
        var overlap = Math.Clamp((Heard(before) ?? 0) - before.Samples, 0, wanted);
        return crossfade is null || overlap >= wanted / 2 ? (overlap, 0) : (0, Math.Min(wanted / 2, Math.Min(before.Samples, after.Samples) / 2));
    }

    // Looped, there is always more; null without own sound.
    private static long? Heard(PlannedScene scene) => Volume(scene.Asked) == 0 ? null
        : scene.Loops && scene.Media.OwnSamples > 0 ? long.MaxValue
        : scene.Media.OwnSamples;

    // A loop takes as long as the picture's, though its sound may end sooner.
    private static long Period(PlannedScene scene) => MergePlan.SamplesIn(scene.Part.Length!.Value);
}
