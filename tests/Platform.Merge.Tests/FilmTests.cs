using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Merge.Tests;

/// <summary>What comes out of the service, measured in the files.</summary>
[Trait("Category", "Integration")]
public sealed class FilmTests(MergeHarness merge) : IClassFixture<MergeHarness>
{
    private static readonly FinalEncode Final = new() { Settings = new EncodeSettings { Preset = "ultrafast" }, WritesResult = true };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Joins_scenes_of_every_kind_as_long_as_their_voices(bool transitions)
    {
        double[] lengths = [3, 9, 4.2, 5.017, 3.3, 6.1];
        string[] videos =
        [
            await merge.BarsAsync("a.mp4", 5, "sine=300:d=5", "320x180", 25, "-c:a aac"),
            await merge.BarsAsync("b.mkv", 4, null, "180x320", 60),
            await merge.MakeAsync("c.mov", "-f lavfi -i testsrc2=s=200x150:r=30000/1001:d=6 -f lavfi -i sine=400:d=6:r=44100 -c:v libx264 -preset ultrafast -pix_fmt yuv444p -video_track_timescale 90000 -c:a aac -ac 1"),
            await merge.MakeAsync("d.mp4", $"-i {await merge.BarsAsync("d0.mp4", 6, "sine=500:d=6:r=8000", "160x240", 24, "-c:a aac")} -c copy -metadata:s:v:0 rotate=90"),
            await merge.MakeAsync("e.webm", "-f lavfi -i testsrc2=s=162x122:r=15:d=7 -f lavfi -i sine=600:d=7 -c:v libvpx -deadline realtime -c:a libopus"),
            await merge.MakeAsync("f.mkv", "-f lavfi -i testsrc2=s=160x90:r=50:d=8 -f lavfi -i aevalsrc=0.1*sin(700*t)|0.1*sin(800*t)|0|0|0|0:c=5.1:d=8 -c:v ffv1 -c:a flac"),
        ];
        var scenes = new List<(string, string?)>();
        for (var i = 0; i < videos.Length; i++)
        {
            scenes.Add((videos[i], await merge.VoiceAsync(lengths[i])));
        }

        var (answer, film, _) = await merge.MergedAsync(
            scenes,
            p => p with { Format = new FrameFormat(320, 180), Fps = 30, Transition = transitions ? new TransitionList([new Transition("fade"), new Transition("wipeleft", 1), new Transition("cut"), new Transition("circleopen"), new Transition("dissolve", 0.3)], true) : null },
            encode: Final);

        var info = await merge.Probe.ProbeAsync(film, CancellationToken.None);
        var pictures = await merge.PacketsAsync(film, "v:0");
        var sounds = await merge.PacketsAsync(film, "a:0");
        Assert.Equal((320, 180, "h264", "yuv420p", new Rational(30, 1)), (info.Video!.Width, info.Video.Height, info.Video.Codec, info.Video.PixelFormat, info.Video.FrameRate));
        Assert.Equal(("bt709", "tv"), (info.Video.ColorSpace, info.Video.ColorRange));
        Assert.Equal((int)Math.Round(lengths.Sum() * 30), pictures.Count);
        Assert.InRange(info.Video.Duration!.Value.TotalSeconds, lengths.Sum() - (1 / 30.0), lengths.Sum() + (1 / 30.0));
        Assert.InRange(info.Audio!.Duration!.Value.TotalSeconds, lengths.Sum() - (1 / 30.0), lengths.Sum() + (1 / 30.0));
        Assert.All(pictures.Order().Select((packet, i) => (packet.Pts, i)), packet => Assert.Equal(packet.i / 30.0, packet.Pts, 5));
        Assert.All(pictures.Zip(pictures.Skip(1)), pair => Assert.True(pair.First.Dts < pair.Second.Dts));
        Assert.All(sounds.Zip(sounds.Skip(1)), pair => Assert.True(pair.First.Pts < pair.Second.Pts));
        Assert.InRange((await merge.Ffmpeg.MeasureLoudnessAsync(film, merge.Folder, null, CancellationToken.None)).TruePeak!.Value, -30, -1);
        Assert.False(answer.Facts["copied"].GetBoolean());

        // each scene's voice begins with it
        var at = 0.0;
        foreach (var (length, i) in lengths.Select((length, i) => (length, i)))
        {
            Assert.Equal(at, answer.Facts["scenes"][i].GetProperty("start").GetDouble(), 3);
            Assert.Equal(length, answer.Facts["scenes"][i].GetProperty("length").GetDouble(), 3);
            at += length;
        }
    }

    [Fact]
    public async Task Leaves_a_tone_over_the_joins_as_it_is()
    {
        // one tone, cut where it happens to be: its pieces are the sound of scenes whose lengths are no whole frames
        double[] lengths = [1.013, 0.777, 1.2345, 0.5, 1.1];
        var scenes = new List<(string, string?)>();
        var from = 0.0;
        foreach (var length in lengths)
        {
            var tone = FormattableString.Invariant($"aevalsrc=0.25*sin(2*PI*331*(t+{from}))|0.25*sin(2*PI*331*(t+{from})):s=48000:d={length}");
            scenes.Add((await merge.BarsAsync($"tone-{length}.mkv", length, tone), null));
            from += Math.Round(length * 48000) / 48000;
        }

        var (_, film, _) = await merge.MergedAsync(scenes, each: (scene, i) => scene with { Length = new SceneLength(false, lengths[i]) });
        var samples = await merge.SamplesAsync(film);

        Assert.Equal(lengths.Sum() * 48000, samples.Length, 3.0);
        Assert.All(SoundMath.Windows(samples, 0.01), window => Assert.Equal(SoundMath.Decibels(0.25 / Math.Sqrt(2)), window, 0.8));
        Assert.InRange(SoundMath.Steepest(samples), 0, 0.25 * 2 * Math.PI * 331 / 48000 * 1.02);
    }

    [Fact]
    public async Task Takes_the_click_out_of_joins_that_do_not_fit()
    {
        var low = await merge.BarsAsync("low.mkv", 1, "aevalsrc=0.3*cos(2*PI*100*t)|0.3*cos(2*PI*100*t):s=48000:d=1");
        var (_, film, _) = await merge.MergedAsync([(low, null), (await merge.BarsAsync("mute.mkv", 1), null), (low, null), (await merge.BarsAsync("other.mkv", 1, "aevalsrc=-0.3*cos(2*PI*130*t)|0:s=48000:d=1"), null)]);

        Assert.InRange(SoundMath.Steepest(await merge.SamplesAsync(film)), 0, 0.02); // a jump would be 0.3 and 0.6
    }

    [Fact]
    public async Task Is_right_to_a_frame_after_a_hundred_joins()
    {
        const double length = 0.3137;
        var clip = await merge.MakeAsync("clip.mp4", "-f lavfi -i testsrc2=s=64x48:r=30000/1001:d=1 -f lavfi -i sine=440:r=44100:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac");
        var voice = await merge.MakeAsync("beep.wav", FormattableString.Invariant($"-f lavfi -i aevalsrc=0.2*sin(2*PI*1000*t)*lt(t\\,0.02):s=48000:d={length}"));
        var (answer, film, _) = await merge.MergedAsync(
            [.. Enumerable.Repeat((clip, (string?)voice), 101)], p => p with { Fps = 25, Transition = new TransitionList([new Transition("fade", 0.1)], false) }, encode: Final);

        var total = 101 * Math.Round(length * 48000) / 48000;
        var info = await merge.Probe.ProbeAsync(film, CancellationToken.None);
        var pictures = await merge.PacketsAsync(film, "v:0");
        Assert.Equal((int)Math.Round(total * 25), pictures.Count);
        Assert.All(pictures.Order().Select((packet, i) => (packet.Pts, i)), packet => Assert.Equal(packet.i / 25.0, packet.Pts, 5));
        Assert.Equal(total, info.Video!.Duration!.Value.TotalSeconds, 1 / 25.0);
        Assert.Equal(total, info.Audio!.Duration!.Value.TotalSeconds, 1 / 25.0);
        Assert.Equal(100 * length, answer.Facts["scenes"][100].GetProperty("start").GetDouble(), 0.002);

        var samples = await merge.SamplesAsync(film);
        var last = (int)(100 * Math.Round(length * 48000));
        Assert.True(SoundMath.Tone(samples, 1000, last / 48000.0, (last / 48000.0) + 0.02) > 0.12, "the last voice begins where it should");
    }

    [Fact]
    public async Task Knows_every_transition_of_the_installed_ffmpeg()
    {
        var help = System.Text.Encoding.UTF8.GetString(await merge.RunAsync(["-h", "filter=xfade"]));
        var installed = System.Text.RegularExpressions.Regex.Matches(help, @"^     (\w+) +\d+ ", System.Text.RegularExpressions.RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        Assert.Superset(Transition.Names.Skip(1).ToHashSet(), installed.ToHashSet());

        var (red, blue) = (await ColourAsync("red"), await ColourAsync("blue"));
        var joins = Transition.Names.Count;
        var (_, film, _) = await merge.MergedAsync(
            [.. Enumerable.Range(0, joins + 1).Select(i => (i % 2 == 0 ? red : blue, (string?)null))],
            p => p with { Transition = new TransitionList([.. Transition.Names.Select(name => new Transition(name, 0.2))], true) },
            (scene, _) => scene with { Length = new SceneLength(false, 0.4) });

        var colours = await merge.ColoursAsync(film);
        Assert.Equal((joins + 1) * 10, colours.Length);
        for (var scene = 0; scene <= joins; scene++)
        {
            var mixed = Enumerable.Range(1, 4).Count(i => colours[(scene * 10) + i] is { R: > 12, B: > 12 } or { R: < 200, B: < 200 });
            Assert.True(scene == 0 || Transition.Names[scene - 1] == "cut" ? mixed == 0 : mixed >= 1, $"{(scene == 0 ? "first" : Transition.Names[scene - 1])}: {mixed}");
            for (var i = 5; i < 10; i++)
            {
                var (r, _, b) = colours[(scene * 10) + i];
                Assert.True(scene % 2 == 0 ? r > 200 && b < 60 : b > 200 && r < 60, $"scene {scene}, frame {i}: {r} {b}");
            }
        }
    }

    [Fact]
    public async Task Fits_pictures_of_another_shape()
    {
        // left half red, right half green, twice as wide as the frame is
        var wide = await merge.MakeAsync("wide.mkv", "-f lavfi -i color=red:s=160x80:r=25:d=0.4 -f lavfi -i color=lime:s=160x80:r=25:d=0.4 -filter_complex [0][1]hstack,format=yuv420p -c:v libx264 -qp 1 -preset ultrafast");
        async Task<((int R, int G, int B) Left, (int R, int G, int B) Top)> SeeAsync(SceneFit fit)
        {
            var (_, film, _) = await merge.MergedAsync([(wide, null), (wide, null)], p => p with { Format = new FrameFormat(166, 162) }, (scene, _) => scene with { Fit = fit });
            Assert.Equal(1, (await merge.Probe.ProbeAsync(film, CancellationToken.None)).Video!.PixelAspect.Value);
            return ((await merge.ColoursAsync(film, "crop=40:40:20:60"))[3], (await merge.ColoursAsync(film, "crop=40:20:20:0"))[3]);
        }

        var cover = await SeeAsync(SceneFit.Cover);
        Assert.True(cover.Left.R > 200 && cover.Top.R > 200 && cover.Top.G < 60, $"{cover}");
        var contain = await SeeAsync(SceneFit.Contain);
        Assert.True(contain.Left.R > 200 && contain.Top is { R: < 10, G: < 10, B: < 10 }, $"{contain}");
        var blur = await SeeAsync(SceneFit.Blur);
        Assert.True(blur.Left.R > 200 && blur.Top.R > 120, $"{blur}");
    }

    private Task<string> ColourAsync(string colour) => merge.MakeAsync($"{colour}.mkv", $"-f lavfi -i color={colour}:s=64x64:r=25:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
}
