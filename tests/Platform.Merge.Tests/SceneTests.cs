using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Merge.Tests;

/// <summary>Rules of single scenes, of voices, of the sound's levels, and of copying: measured in the files.</summary>
[Trait("Category", "Integration")]
public sealed class SceneTests(MergeHarness merge) : IClassFixture<MergeHarness>
{
    private static readonly FinalEncode Final = new() { Settings = new EncodeSettings { Preset = "ultrafast" }, WritesResult = true };

    [Fact]
    public async Task Is_as_long_as_the_voice_or_the_video_or_as_it_is_told_and_cuts_nobody_off()
    {
        var video = await merge.BarsAsync("film.mkv", 2, "sine=440:d=2");
        var voice = await merge.VoiceAsync(1.5);
        var (answer, film, _) = await merge.MergedAsync(
            [(video, voice), (video, voice), (video, null), (video, null), (video, voice)],
            each: (scene, i) => scene with { Length = i switch { 1 => SceneLength.Video, 3 => new SceneLength(false, 0.8), 4 => new SceneLength(false, 0.5), _ => null } });

        Assert.Equal([1.5, 2, 2, 0.8, 1.5], answer.Facts["scenes"].EnumerateArray().Select(scene => scene.GetProperty("length").GetDouble()));
        Assert.Equal("merge.scene_extended", Assert.Single(answer.Warnings).Code);
        Assert.Equal(195, (await merge.PacketsAsync(film, "v:0")).Count);
    }

    [Fact]
    public async Task Holds_the_last_frame_or_begins_again()
    {
        // red for 0.4 s, then blue for 0.2 s
        var clip = await merge.MakeAsync("redblue.mkv", "-f lavfi -i color=red:s=64x64:r=25:d=0.4 -f lavfi -i color=blue:s=64x64:r=25:d=0.2 -filter_complex [0][1]concat=n=2,format=yuv420p -c:v libx264 -preset ultrafast");
        async Task<string> SeeAsync(SceneHold hold, SceneTrim? trim)
        {
            var (_, film, _) = await merge.MergedAsync([(clip, null)], each: (scene, _) => scene with { Hold = hold, Trim = trim, Length = new SceneLength(false, 1.6) });
            return string.Concat((await merge.ColoursAsync(film)).Select(colour => colour.R > 150 ? 'r' : colour.B > 150 ? 'b' : '?'));
        }

        Assert.Equal("rrrrrrrrrr" + new string('b', 30), await SeeAsync(SceneHold.Freeze, null));
        Assert.Equal("rrrrrrrrrrbbbbb" + "rrrrrrrrrrbbbbb" + "rrrrrrrrrr", await SeeAsync(SceneHold.Loop, null));
        Assert.Equal(string.Concat(Enumerable.Repeat("rrbbb", 8)), await SeeAsync(SceneHold.Loop, new SceneTrim { Start = 0.32, End = 0.52 }));
        Assert.Equal("rr" + new string('b', 38), await SeeAsync(SceneHold.Freeze, new SceneTrim { Start = 0.32 }));
    }

    [Fact]
    public async Task Loops_a_scene_s_sound_with_its_picture()
    {
        var clip = await merge.BarsAsync("half.mkv", 0.6, "aevalsrc=0.1*sin(2*PI*500*t)*lt(t\\,0.3):s=48000:d=0.6");
        var (_, film, _) = await merge.MergedAsync([(clip, null)], each: (scene, _) => scene with { Hold = SceneHold.Loop, Length = new SceneLength(false, 1.8) });
        var samples = await merge.SamplesAsync(film);

        for (var round = 0; round < 3; round++)
        {
            Assert.True(SoundMath.Tone(samples, 500, (round * 0.6) + 0.05, (round * 0.6) + 0.25) > 0.05, $"{round}");
            Assert.True(SoundMath.Rms(SoundMath.Between(samples, (round * 0.6) + 0.35, (round * 0.6) + 0.55)) < 0.001, $"{round}");
        }
    }

    [Fact]
    public async Task Shows_a_still_picture_as_long_as_it_is_told()
    {
        var still = await merge.MakeAsync("still.png", "-f lavfi -i color=red:s=300x200 -frames:v 1");
        var (_, film, _) = await merge.MergedAsync([(still, await merge.VoiceAsync(1.2)), (still, null)], p => p with { Transition = new TransitionList([new Transition("fade")], false) }, (scene, i) => i == 1 ? scene with { Length = new SceneLength(false, 1) } : scene);

        var colours = await merge.ColoursAsync(film);
        Assert.Equal(66, colours.Length);
        Assert.All(colours, colour => Assert.True(colour is { R: > 240, G: < 15, B: < 15 }, $"{colour}"));
    }

    [Fact]
    public async Task Keeps_the_voice_at_its_level_over_the_scene_s_own_sound()
    {
        var video = await merge.BarsAsync("tone.mkv", 4, "aevalsrc=0.5*sin(2*PI*8000*t)|0.5*sin(2*PI*8000*t):s=48000:d=4");
        var voice = await merge.VoiceAsync(4);
        var (_, film, outputs) = await merge.MergedAsync([(video, voice)], p => p with { Stems = true });

        var own = SoundMath.Tone(await merge.SamplesAsync(film), 8000, 0.5, 3.5);
        Assert.Equal(SoundMath.Decibels(0.5 * 0.2), SoundMath.Decibels(own), 0.3);
        Assert.Equal(await LoudnessAsync(voice), await LoudnessAsync(outputs["voice"]), 0.2);
        var mixed = await merge.MakeAsync("mixed-voice.wav", $"-i {film} -af lowpass=f=6000:p=2,lowpass=f=6000:p=2,lowpass=f=6000:p=2");
        var alone = await merge.MakeAsync("alone-voice.wav", $"-i {voice} -af lowpass=f=6000:p=2,lowpass=f=6000:p=2,lowpass=f=6000:p=2");
        Assert.Equal(await LoudnessAsync(alone), await LoudnessAsync(mixed), 0.5);

        // the stems are the film's sound, apart: together they are it again
        var (whole, spoken, effects) = (await merge.SamplesAsync(film), await merge.SamplesAsync(outputs["voice"]), await merge.SamplesAsync(outputs["effects"]));
        Assert.Equal((whole.Length, whole.Length), (spoken.Length, effects.Length));
        Assert.True(whole.Zip(spoken, effects).Max(s => Math.Abs(s.First - s.Second - s.Third)) < 1e-4);
        Assert.True(SoundMath.Tone(spoken, 8000, 0.5, 3.5) < 1e-3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lets_no_peak_over_minus_one(bool final)
    {
        var loud = await merge.BarsAsync("loud.mkv", 2, "anoisesrc=d=2:c=white:a=1:s=2");
        var shout = await merge.MakeAsync("shout.wav", "-f lavfi -i aevalsrc='0.99*sgn(sin(2*PI*97*t))':s=44100:d=2 -c:a pcm_s16le");
        var (answer, film, _) = await merge.MergedAsync([(loud, shout), (loud, null)], each: (scene, i) => i == 0 ? scene with { Volume = 2, VoiceVolume = 2 } : scene, encode: final ? Final : null);

        var peak = (await merge.Ffmpeg.MeasureLoudnessAsync(film, merge.Folder, null, CancellationToken.None)).TruePeak!.Value;
        Assert.InRange(peak, -6, -0.9); // ffmpeg prints tenths
        Assert.Equal(peak, answer.Facts["truePeak"].GetDouble(), 0.6); // of noise up to 24 kHz the two meters see different parts
        Assert.Empty(answer.Warnings);
    }

    [Fact]
    public async Task Takes_noise_and_silence_off_a_voice()
    {
        var noisy = await merge.MakeAsync("noisy.wav", $"-i {await merge.VoiceAsync(5)} -f lavfi -i anoisesrc=d=7:c=white:a=0.004:s=4:r=48000 -filter_complex [0]aresample=48000,adelay=1000,apad=whole_dur=7[v];[v][1]amix=normalize=0:duration=longest -c:a pcm_s16le");
        var clean = await merge.MakeAsync("padded.wav", $"-f lavfi -i flite=text=Hello~there -af volume=0.5,adelay=1000,apad=pad_dur=2");
        var still = await merge.MakeAsync("grey.png", "-f lavfi -i color=gray:s=64x64 -frames:v 1");

        var (_, _, before) = await merge.MergedAsync([(still, noisy)], p => p with { Stems = true });
        var (_, _, after) = await merge.MergedAsync([(still, noisy)], p => p with { Stems = true, Denoise = true });
        var (raw, denoised) = (await merge.SamplesAsync(before["voice"]), await merge.SamplesAsync(after["voice"]));
        var pause = (SoundMath.Decibels(SoundMath.Rms(SoundMath.Between(raw, 0.5, 0.95))), SoundMath.Decibels(SoundMath.Rms(SoundMath.Between(denoised, 0.5, 0.95))));
        Assert.True(pause.Item1 - pause.Item2 > 6, $"{pause}");
        Assert.Equal(await LoudnessAsync(before["voice"]), await LoudnessAsync(after["voice"]), 0.7);

        var (trimmed, _, _) = await merge.MergedAsync([(still, clean)], p => p with { TrimSilence = true });
        var said = await merge.SamplesAsync(clean);
        var heard = said.Index().Where(s => Math.Abs(s.Item) > 0.0032 * Math.Sqrt(2)).Select(s => s.Index).ToList();
        Assert.Equal(((heard[^1] - heard[0]) / 48000.0) + 0.2, trimmed.Facts["scenes"][0].GetProperty("length").GetDouble(), 0.025);
    }

    [Fact]
    public async Task Fades_the_scenes_own_sound_into_each_other_and_no_voice()
    {
        var (low, high) = (await merge.BarsAsync("low3.mkv", 3, "aevalsrc=0.1*sin(2*PI*300*t):s=48000:d=3"), await merge.BarsAsync("high3.mkv", 3, "aevalsrc=0.1*sin(2*PI*3000*t):s=48000:d=3"));
        var (_, film, _) = await merge.MergedAsync([(low, null), (high, null)], p => p with { Crossfade = 1 }, (scene, _) => scene with { Length = new SceneLength(false, 2) });
        var samples = await merge.SamplesAsync(film);

        var level = SoundMath.Tone(samples, 300, 0.5, 1.5);
        Assert.Equal(0.5, SoundMath.Tone(samples, 300, 2.45, 2.55) / level / Math.Sqrt(2), 0.03); // half its power in the middle
        Assert.Equal(0.5, SoundMath.Tone(samples, 3000, 2.45, 2.55) / level / Math.Sqrt(2), 0.03);
        Assert.All(SoundMath.Windows(samples, 0.05), window => Assert.Equal(SoundMath.Decibels(level / Math.Sqrt(2)), window, 0.5));
    }

    [Fact]
    public async Task Copies_scenes_that_need_nothing_bit_for_bit()
    {
        string[] scenes = [await merge.BarsAsync("one.mp4", 2, "sine=440:d=2", options: "-bf 2 -c:a aac"), await merge.BarsAsync("two.mp4", 3, "sine=550:d=3", options: "-bf 2 -c:a aac"), await merge.BarsAsync("three.mp4", 1, null, options: "-bf 2")];
        var (answer, film, _) = await merge.MergedAsync([.. scenes.Select(scene => (scene, (string?)null))], encode: Final, staged: false);

        Assert.True(answer.Facts["copied"].GetBoolean());
        var packets = await merge.PacketsAsync(film, "v:0");
        Assert.Equal(150, packets.Count);
        Assert.All(packets.Order().Select((packet, i) => (packet.Pts, i)), packet => Assert.Equal(packet.i / 25.0, packet.Pts, 5));
        Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.True(pair.First.Dts < pair.Second.Dts));
        var expected = new List<string>();
        foreach (var scene in scenes)
        {
            expected.AddRange(await FramesAsync(scene));
        }

        Assert.Equal(expected, await FramesAsync(film));
    }

    [Theory]
    [InlineData("profile")]
    [InlineData("staged result")]
    [InlineData("voice")]
    public async Task Does_not_copy_what_does_not_fit(string why)
    {
        var one = await merge.BarsAsync("one.mp4", 2, "sine=440:d=2", options: "-bf 2 -c:a aac");
        var two = await merge.BarsAsync($"other-{why.Length}.mp4", 2, null, options: why == "profile" ? "-preset fast -x264-params keyint=25" : "-bf 2");
        var (answer, film, _) = await merge.MergedAsync([(one, why == "voice" ? await merge.VoiceAsync(1.1) : null), (two, null)], encode: Final, staged: why == "staged result");

        Assert.False(answer.Facts["copied"].GetBoolean());
        Assert.Equal(why == "voice" ? 78 : 100, (await merge.PacketsAsync(film, "v:0")).Count);
    }

    private async Task<List<string>> FramesAsync(string film) =>
        [.. System.Text.Encoding.ASCII.GetString(await merge.RunAsync(["-i", film, "-map", "0:v:0", "-f", "framemd5", "pipe:1"])).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')[^1].Trim())];

    private async Task<double> LoudnessAsync(string path) => (await merge.Ffmpeg.MeasureLoudnessAsync(path, merge.Folder, null, CancellationToken.None)).Integrated!.Value;
}
