using Platform.Capture.Camera;
using Platform.Capture.Takes;

namespace Platform.Capture.Tests;

public sealed class PressSoundsTests
{
    private static readonly Timeline Take = new()
    {
        Url = "http://site.invalid/", Title = "", Fps = 30, Frames = 300, ViewportWidth = 1280, ViewportHeight = 720, DeviceScale = 2, FrameWidth = 2560, FrameHeight = 1440,
        Page = new PageMap { Width = 1280, Height = 3000, Elements = [] }, ScrollY = [.. Enumerable.Repeat(0.0, 300)],
        Pointer = [.. Enumerable.Range(0, 300).Select(n => n < 5 ? (PointerSample?)null : new PointerSample(1, 1, Down: n is >= 20 and < 23 or >= 250 and < 253))],
        Actions = [new() { Kind = "type", Start = 30, Found = 30, Frame = 40, End = 60, Keys = [40, 44] }, new() { Kind = "press", Start = 260, Found = 260, Frame = 261, End = 270, Keys = [261] }],
    };

    private static readonly ShotPlan Plan = ScriptShots.For(Take, new PlanSettings { ViewportWidth = 1280, ViewportHeight = 720, Formats = [Contracts.FrameFormat.Wide], Fps = 30, Duration = 10 });

    [Fact]
    public void Come_from_every_press_of_button_and_key_at_the_frame_of_the_film_that_shows_it()
    {
        Assert.Equal(
            [(20, Pressed.Button), (23, Pressed.Released), (40, Pressed.Key), (44, Pressed.Key), (250, Pressed.Button), (253, Pressed.Released), (261, Pressed.Key)],
            PressSounds.Of(Take, Plan));
        // A hundred frames fewer are shown before the last ones.
        Assert.Equal([20, 23, 40, 44, 150, 153, 161], PressSounds.Of(Take, Plan with { Pauses = [new Pause(60, 240, 2.25)] }).Select(press => press.Frame));
    }

    [Theory, InlineData(24), InlineData(25), InlineData(30), InlineData(50), InlineData(60)]
    public void Begin_with_the_first_sample_of_their_frame_and_are_as_long_as_the_film(int fps)
    {
        var samples = PressSounds.Samples([(7, Pressed.Button), (100, Pressed.Key)], 200, fps);

        var frame = PressSounds.SampleRate / fps;
        Assert.Equal(200 * frame, samples.Length);
        Assert.All(samples.Take(7 * frame), sample => Assert.Equal(0, sample));
        Assert.NotEqual(0, samples[7 * frame]);
        Assert.Equal(0, samples[100 * frame - 1]);
        Assert.NotEqual(0, samples[100 * frame]);
    }

    [Fact]
    public void Are_short_soft_and_the_same_every_time()
    {
        var samples = PressSounds.Samples([(0, Pressed.Button), (30, Pressed.Key), (60, Pressed.Released)], 90, 30);

        Assert.Equal(samples, PressSounds.Samples([(0, Pressed.Button), (30, Pressed.Key), (60, Pressed.Released)], 90, 30));
        var (press, key, release) = (Loudest(0), Loudest(30), Loudest(60));
        Assert.Equal(press, key);
        Assert.InRange(press, 4000, 4100);               // -18 dB
        Assert.InRange((double)release / press, 0.4, 0.6);
        // 99 % of a click's energy lie in its first 50 ms, and at its end there is no step.
        foreach (var start in new[] { 0, 48_000, 96_000 })
        {
            double Energy(int length) => samples.Skip(start).Take(length).Sum(sample => (double)sample * sample);
            Assert.True(Energy(2400) > 0.99 * Energy(12_000));
            Assert.All(samples.Skip(start + 5700).Take(60), sample => Assert.InRange(sample, -2, 2));
        }

        int Loudest(int frame) => samples.Skip(frame * 1600).Take(6000).Max(sample => Math.Abs((int)sample));
    }

    [Fact]
    public void Keep_within_full_scale_however_many_come_together() =>
        Assert.Equal(short.MaxValue, PressSounds.Samples([.. Enumerable.Repeat((0, Pressed.Button), 40)], 10, 30).Max(sample => Math.Abs((int)sample)), 1.0);
}
