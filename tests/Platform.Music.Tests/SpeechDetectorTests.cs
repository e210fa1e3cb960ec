using Platform.Music.Soundtracks;

namespace Platform.Music.Tests;

/// <summary>Sounds made by arithmetic, so that what decides is seen; a synthesised voice is heard in <see cref="SoundtrackTests"/>.</summary>
public sealed class SpeechDetectorTests
{
    private static readonly Random Noise = new(7);

    [Fact]
    public void Hears_a_gliding_pitch_in_syllables() => Assert.True(Hear(Voice).HasSpeech);

    [Fact]
    public void Hears_it_over_quiet_noise() => Assert.True(Hear(t => Voice(t) + White(0.01)).HasSpeech);

    [Fact]
    public void Gives_the_level_of_what_is_spoken_not_of_the_pauses()
    {
        var level = Hear(t => t % 4 < 2.5 ? Voice(t) : 0).Level!.Value;
        var steady = Hear(Voice).Level!.Value;

        Assert.Equal(steady, level, 1.5);
    }

    [Fact]
    public void Does_not_take_a_drone_for_speech() => Assert.False(Hear(t => 0.3 * Math.Sin(2 * Math.PI * 110 * t)).HasSpeech);

    [Fact]
    public void Does_not_take_a_melody_for_speech() =>
        Assert.False(Hear(t => 0.4 * Math.Sin(2 * Math.PI * 196 * Math.Pow(2, Math.Floor(t * 4 % 8) / 12) * t) * Math.Exp(-6 * (t % 0.25))).HasSpeech);

    [Fact]
    public void Does_not_take_drums_for_speech() =>
        Assert.False(Hear(t => (White(0.5) * Math.Exp(-20 * (t % 0.25))) + (0.5 * Math.Sin(2 * Math.PI * 55 * t) * Math.Exp(-10 * (t % 0.5)))).HasSpeech);

    [Fact]
    public void Does_not_take_noise_for_speech() => Assert.False(Hear(_ => White(0.3)).HasSpeech);

    [Fact]
    public void Does_not_take_a_cough_for_speech() => Assert.False(Hear(t => t is > 3 and < 3.9 ? Voice(t) : White(0.05)).HasSpeech);

    [Fact]
    public void Hears_nothing_in_silence() => Assert.Equal(new Hearing(false, null), Hear(_ => 0));

    [Fact]
    public void Says_the_same_however_the_sound_is_cut()
    {
        var samples = Samples(Voice, 5.3);
        var detector = new SpeechDetector();
        foreach (var part in samples.Chunk(777))
        {
            detector.Add(part);
        }

        Assert.Equal(Hear(Voice, 5.3), detector.Finish());
    }

    /// <summary>Ten harmonics of 120 Hz that rise and fall by a fifth, four syllables a second with pauses between.</summary>
    private static double Voice(double t)
    {
        var phase = 2 * Math.PI * ((120 * t) - (120 * 0.2 / (2 * Math.PI * 0.7) * Math.Cos(2 * Math.PI * 0.7 * t)));
        var syllable = Math.Pow(Math.Max(0, Math.Sin(2 * Math.PI * 2 * t)), 0.5);
        return 0.1 * syllable * Enumerable.Range(1, 10).Sum(harmonic => Math.Sin(harmonic * phase) / harmonic);
    }

    private static double White(double amplitude) => amplitude * ((2 * Noise.NextDouble()) - 1);

    private static Hearing Hear(Func<double, double> sound, double seconds = 10)
    {
        var detector = new SpeechDetector();
        detector.Add(Samples(sound, seconds));
        return detector.Finish();
    }

    private static short[] Samples(Func<double, double> sound, double seconds) =>
        [.. Enumerable.Range(0, (int)(seconds * SpeechDetector.SampleRate)).Select(i => (short)(32767 * Math.Clamp(sound(i / (double)SpeechDetector.SampleRate), -1, 1)))];
}
