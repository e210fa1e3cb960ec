using System.Runtime.InteropServices;
using Platform.Contracts;
using Platform.Merge.Beats;

namespace Platform.Merge.Tests;

public sealed class BeatTrackerTests
{
    private const double Near = 0.025;

    [Theory]
    [InlineData(60)]
    [InlineData(97.3)]
    [InlineData(120)]
    [InlineData(140)]
    public void Finds_every_click_of_a_metronome(double tempo)
    {
        var pulse = Hear(20, t => Click(t, tempo, offset: 0.21))!;

        Assert.Equal(tempo, pulse.Tempo, 0.3);
        Assert.All(pulse.Times, beat => Assert.InRange(Math.Abs(Math.IEEERemainder(beat - 0.21, 60 / tempo)), 0, Near));
        Assert.InRange(pulse.Times.Count, (int)(19 * tempo / 60), (20 * tempo / 60) + 1);
        Assert.All(pulse.Times.Zip(pulse.Times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.8 * 60 / tempo, 1.2 * 60 / tempo));
    }

    [Fact]
    public void Goes_on_over_beats_that_are_not_struck() =>
        Assert.Equal(40, Hear(20, t => t % 4 is > 1.9 and < 3.1 ? 0 : Click(t, 120))!.Times.Count, 1.0);

    [Fact]
    public void Follows_a_player_who_hurries()
    {
        // From 110 to 120 beats a minute in twenty seconds: beat n is where the phase passes n.
        static double Phase(double t) => (110 * t / 60) + (10 * t * t / (2 * 20 * 60));
        var pulse = Hear(20, t => 0.5 * Math.Sin(2 * Math.PI * 1000 * t) * (Phase(t) % 1 < 0.04 ? 1 : 0))!;

        Assert.All(pulse.Times.Skip(1), beat => Assert.InRange(Math.Abs(Math.IEEERemainder(Phase(beat), 1)) * 60 / 115, 0, Near));
    }

    [Fact]
    public void Takes_the_beats_that_are_struck_hardest_for_a_bar_s_first()
    {
        var bars = Hear(20, t => Click(t, 120, offset: 0.5) * ((t + 1.5) % 2 < 0.5 ? 1 : 0.2))!.Every(4);

        Assert.Equal(30, bars.Tempo, 0.2);
        Assert.All(bars.Times, beat => Assert.InRange(Math.Abs(Math.IEEERemainder(beat - 0.5, 2)), 0, Near));
    }

    [Fact]
    public void Finds_none_where_there_is_none()
    {
        var random = new Random(1);
        Assert.Null(Hear(20, _ => 0));
        Assert.Null(Hear(20, t => 0.3 * Math.Sin(2 * Math.PI * 220 * t)));
        Assert.Null(Hear(20, _ => random.NextDouble() - 0.5));
        Assert.Null(Hear(5, t => Click(t, 120))); // too little of it
    }

    [Fact]
    public void Says_the_same_however_the_sound_is_cut()
    {
        var sound = Sound(10, t => Click(t, 100));
        var (whole, parts) = (new OnsetEnvelope(), new OnsetEnvelope());
        whole.Add(sound);
        foreach (var part in sound.Chunk(777))
        {
            parts.Add(part);
        }

        Assert.Equal(whole.Strengths, parts.Strengths);
    }

    internal static Pulse? Hear(ReadOnlySpan<float> sound)
    {
        var envelope = new OnsetEnvelope();
        envelope.Add(sound);
        return BeatTracker.Find(envelope.Strengths);
    }

    private static Pulse? Hear(double seconds, Func<double, double> wave) => Hear(Sound(seconds, wave));

    private static float[] Sound(double seconds, Func<double, double> wave) =>
        [.. Enumerable.Range(0, (int)(seconds * OnsetEnvelope.SampleRate)).Select(i => (float)wave((double)i / OnsetEnvelope.SampleRate))];

    private static double Click(double t, double tempo, double offset = 0) => t >= offset && (t - offset) % (60 / tempo) < 0.02 ? 0.5 * Math.Sin(2 * Math.PI * 1000 * t) : 0;
}

/// <summary>Films that are cut to music.</summary>
[Trait("Category", "Integration")]
public sealed class BeatFilmTests(MergeHarness merge) : IClassFixture<MergeHarness>
{
    [Fact]
    public async Task Finds_the_beat_of_our_example()
    {
        // examples/music.cs: 96 a minute from the first sample on.
        var raw = await merge.RunAsync(["-i", Path.Combine(AppContext.BaseDirectory, "music.ogg"), "-ac", "1", "-ar", "8000", "-f", "f32le", "pipe:1"]);
        var pulse = BeatTrackerTests.Hear(MemoryMarshal.Cast<byte, float>(raw))!;

        Assert.Equal(96, pulse.Tempo, 0.2);
        Assert.Equal(48, pulse.Times.Count);
        Assert.All(pulse.Times.Index(), beat => Assert.InRange(beat.Item - (beat.Index * 0.625), -0.025, 0.025));
    }

    [Fact]
    public async Task Cuts_scenes_on_the_beat_and_leaves_voices_whole()
    {
        var (red, blue) = (await SceneAsync("red"), await SceneAsync("blue"));
        var voice = await merge.VoiceAsync(1.88);
        var metronome = await merge.MakeAsync("metronome.wav", "-f lavfi -i aevalsrc=0.5*sin(2*PI*1000*t)*lt(mod(t\\,0.5)\\,0.02):s=48000:d=20");
        var (answer, film, _) = await merge.MergedAsync([(red, null), (blue, voice), (red, null), (blue, null)], music: metronome);

        Assert.Empty(answer.Warnings);
        Assert.Equal(120, answer.Facts["tempo"].GetDouble(), 0.3);
        var lengths = answer.Facts["scenes"].EnumerateArray().Select(scene => scene.GetProperty("length").GetDouble()).ToArray();
        Assert.Equal([2, 1.88, 2.12, 2.2], lengths, (expected, length) => Math.Abs(expected - length) < 0.025);
        Assert.Equal(1.88, lengths[1], 6);
        var seen = string.Concat((await merge.ColoursAsync(film)).Select(colour => colour.R > 150 ? 'r' : 'b'));
        Assert.Equal(new string('r', 50) + new string('b', 47) + new string('r', 53) + new string('b', 55), seen);

        Task<string> SceneAsync(string colour) => merge.MakeAsync($"{colour}.mkv", $"-f lavfi -i color={colour}:s=64x64:r=25:d=2.2,format=yuv420p -c:v libx264 -preset ultrafast");
    }

    [Fact]
    public async Task Leaves_scenes_as_long_as_they_are_where_no_beat_is_found()
    {
        var bars = await merge.BarsAsync("bars.mkv", 1.2);
        var hum = await merge.MakeAsync("hum.wav", "-f lavfi -i sine=100:d=10");
        var (answer, film, _) = await merge.MergedAsync([(bars, null), (bars, null)], music: hum);

        Assert.Equal("merge.no_beat", Assert.Single(answer.Warnings).Code);
        Assert.Equal(60, (await merge.PacketsAsync(film, "v:0")).Count);
    }

    [Fact]
    public async Task Says_that_the_music_is_none()
    {
        var bars = await merge.BarsAsync("bars.mkv", 1.2);
        var (answer, _) = await merge.MergeAsync([(bars, null)], music: bars);

        Assert.StartsWith("The music of beatSync: ", Assert.IsType<StageFailed>(answer).Failure.Detail, StringComparison.Ordinal);
    }
}
