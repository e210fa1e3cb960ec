using System.Runtime.InteropServices;
using Platform.Contracts;
using Platform.Merge.Sound;

namespace Platform.Merge.Tests;

public sealed class SoundPlanTests
{
    [Fact]
    public void Lowers_a_scene_s_own_sound_under_a_voice() => Assert.Equal(
        [(Stem.Voice, 1.0, 0L, 96_000L), (Stem.Effects, 0.2, 0, 96_000), (Stem.Effects, 1.0, 96_000, 48_000)],
        SoundPlan.For(Plans.Of([Plans.Scene(2, voice: 96_000, own: 96_000), Plans.Scene(1, own: 48_000)]), null).Select(clip => (clip.Stem, clip.Gain, clip.Start, clip.Length)));

    [Fact]
    public void Lets_the_earlier_sound_go_on_under_a_transition_where_it_has_more()
    {
        var plan = Plans.Of([Plans.Scene(5, own: 240_000), Plans.Scene(5, own: 240_000)], p => p with { Transition = new TransitionList([new Transition("fade", 1)], false) }, scene => scene with { Length = new SceneLength(false, 2) });
        var clips = SoundPlan.For(plan, null);

        Assert.Equal((144_000L, 48_000L), (clips[0].Length, clips[0].FadeOut));
        Assert.Equal((96_000L, 96_000L, 48_000L), (clips[1].Start, clips[1].Length, clips[1].FadeIn));
    }

    [Fact]
    public void Fades_apart_where_there_is_no_more_and_a_fade_was_asked_for()
    {
        var plan = Plans.Of([Plans.Scene(2, own: 96_000), Plans.Scene(2, own: 96_000)]);

        Assert.Equal((0L, 96_000L), (SoundPlan.For(plan, null)[0].FadeOut, SoundPlan.For(plan, null)[0].Length));
        Assert.Equal((24_000L, 96_000L), (SoundPlan.For(plan, 1)[0].FadeOut, SoundPlan.For(plan, 1)[0].Length));
        Assert.Equal(24_000, SoundPlan.For(plan, 1)[1].FadeIn);
    }

    [Fact]
    public void Leaves_out_what_nobody_hears() =>
        Assert.Empty(SoundPlan.For(Plans.Of([Plans.Scene(2, voice: 96_000, own: 96_000)], each: scene => scene with { Volume = 0, VoiceVolume = 0 }), null));
}

public sealed class MixerTests
{
    private const int Second = 48_000;

    [Fact]
    public async Task Mixes_to_the_sample_and_repeats_a_period()
    {
        SoundClip[] clips =
        [
            new() { Stem = Stem.Effects, Scene = 0, Start = 100, Length = 1000, Period = 300, Gain = 0.5 },
            new() { Stem = Stem.Voice, Scene = 1, Start = 600, Length = 200, Gain = 1 },
        ];
        var (mix, _) = await MixAsync(clips, 2000, clip => clip.Scene == 0 ? Ramp(300) : Constant(200, 0));

        Assert.Equal(2000, mix.Length);
        Assert.Equal(0, mix[99]);
        Assert.All(Enumerable.Range(400, 600), i => Assert.Equal(0.5f * ((i - 100) % 300) / 100_000f, mix[i], 1e-6f));
        Assert.Equal(0, mix[1999], 1e-3f);
    }

    [Fact]
    public async Task Leaves_a_tone_over_a_join_as_it_is_and_takes_a_step_out()
    {
        SoundClip[] clips = [new() { Stem = Stem.Effects, Scene = 0, Start = 0, Length = 10_001, Gain = 1 }, new() { Stem = Stem.Effects, Scene = 1, Start = 10_001, Length = 9_999, Gain = 1 }];
        float Tone(int i) => 0.5f * MathF.Sin(2 * MathF.PI * 9000 * i / Second);

        var (same, _) = await MixAsync(clips, 20_000, clip => Samples(clip.Scene == 0 ? 10_001 : 9_999, i => Tone(i + (clip.Scene == 0 ? 0 : 10_001))));
        Assert.All(Enumerable.Range(0, 20_000), i => Assert.Equal(Tone(i), same[i], 1e-5f));

        var (stepped, _) = await MixAsync(clips, 20_000, clip => Constant(clip.Scene == 0 ? 10_001 : 9_999, clip.Scene == 0 ? 0.4f : -0.4f));
        Assert.InRange(SoundMath.Steepest(stepped.AsSpan(300, 19_000)), 0.001, 0.01);
        Assert.Equal(-0.4f, stepped[10_001 + 240], 1e-5f);
    }

    [Theory]
    [InlineData(997, 0.7, 0)]
    [InlineData(12_000, 0.7, Math.PI / 4)] // every sample at 0.707 of the wave's height
    [InlineData(16_000, 0.9, Math.PI / 3)]
    public async Task Finds_the_peak_between_samples(double frequency, double amplitude, double phase)
    {
        SoundClip[] clips = [new() { Stem = Stem.Effects, Scene = 0, Start = 0, Length = Second, Gain = 1, FadeIn = 4800, FadeOut = 4800 }];
        var (_, peak) = await MixAsync(clips, Second, _ => Samples(Second, i => (float)(amplitude * Math.Sin((2 * Math.PI * frequency * i / Second) + phase))));

        Assert.Equal(20 * Math.Log10(amplitude), peak, 0.2);
    }

    [Fact]
    public async Task Finds_where_a_voice_begins_and_ends()
    {
        var sound = Samples(5 * Second, i => i is > Second and < 3 * Second ? 0.1f * MathF.Sin(i) : 0.001f);
        var (from, length) = await SilenceTrim.FindAsync(sound, CancellationToken.None);

        Assert.Equal(Second - 2400, from, 480.0);
        Assert.Equal((2 * Second) + 2400 + 7200, length, 960.0);
        Assert.Equal((0L, 100L), await SilenceTrim.FindAsync(Constant(100, 0), CancellationToken.None));
    }

    private static async Task<(float[] Left, double Peak)> MixAsync(SoundClip[] clips, long samples, Func<SoundClip, Stream> open)
    {
        var mixer = new Mixer([.. clips], samples);
        var mix = new MemoryStream();
        await mixer.MixAsync(open, mix, new Dictionary<Stem, Stream>(), CancellationToken.None);
        return ([.. MemoryMarshal.Cast<byte, float>(mix.ToArray()).ToArray().Chunk(2).Select(pair => pair[0])], mixer.TruePeak);
    }

    private static MemoryStream Ramp(int length) => Samples(length, i => i / 100_000f);

    private static MemoryStream Constant(int length, float value) => Samples(length, _ => value);

    private static MemoryStream Samples(int length, Func<int, float> value)
    {
        var samples = new float[length * 2];
        for (var i = 0; i < length; i++)
        {
            samples[i * 2] = samples[(i * 2) + 1] = value(i);
        }

        return new MemoryStream(MemoryMarshal.AsBytes<float>(samples).ToArray());
    }
}
