using System.Buffers.Binary;
using System.Text.Json;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Music.Tests;

/// <summary>What comes out of the service, measured in the files.</summary>
[Trait("Category", "Integration")]
public sealed class SoundtrackTests(MusicHarness music) : IClassFixture<MusicHarness>
{
    private const string Speech = "flite=voice=slt:text='Welcome.~In~this~short~film~we~show~how~it~works~and~why~people~like~it.~Open~the~page~and~press~the~button.'";

    private static readonly Func<MusicParameters, MusicParameters> Plain =
        p => p with { MusicVolume = 1, FadeIn = 0, FadeOut = 0, Duck = new Ducking(false), Loudness = new LoudnessTarget(false) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copies_the_picture_bit_for_bit(bool final)
    {
        var film = await music.FilmAsync("film.mkv", 4, "sine=1000:d=4", "-c:a aac -bf 2");
        var (answer, made) = await music.LaidAsync(film, [await ToneAsync("a.wav", 60, 5)], p => p with { License = "Bed, by Ann, CC BY 4.0" }, final);
        var info = await music.Probe.ProbeAsync(made, CancellationToken.None);

        Assert.Equal(await music.PictureAsync(film), await music.PictureAsync(made));
        Assert.Equal("Bed, by Ann, CC BY 4.0", answer.Facts["license"].GetString());
        Assert.Equal((100L, final ? "aac" : "pcm_f32le"), (info.Video!.Frames ?? 100, info.Audio!.Codec));
        Assert.InRange(info.RequireDuration().TotalSeconds, 3.98, 4.06);
        Assert.Equal((final ? "video/mp4" : "video/x-matroska", 160, 120), (answer.Outputs["video"].Artifacts[0].ContentType, answer.Outputs["video"].Artifacts[0].Media!.Width, answer.Outputs["video"].Artifacts[0].Media!.Height));
        if (final)
        {
            var bytes = await File.ReadAllBytesAsync(made);
            Assert.True(bytes.AsSpan().IndexOf("moov"u8) < bytes.AsSpan().IndexOf("mdat"u8), "fast start");
        }
    }

    [Fact]
    public async Task Gives_a_silent_film_sound()
    {
        var (_, made) = await music.LaidAsync(await music.FilmAsync("silent.mkv", 3, null), [await ToneAsync("a.wav", 440, 10)], Plain);

        Assert.Equal(-20, SoundMath.Decibels(SoundMath.Tone(await music.SamplesAsync(made), 440, 0.5, 2.5)), 0.2);
    }

    [Theory]
    [InlineData("stereo", 48000)]
    [InlineData("mono", 48000)]
    [InlineData("mono", 8000)]
    [InlineData("5.1", 44100)]
    public async Task Leaves_the_film_s_sound_at_its_level(string layout, int rate)
    {
        var channels = layout switch { "mono" => 1, "stereo" => 2, _ => 6 };
        var exprs = string.Join('|', Enumerable.Repeat("0.1*sin(2*PI*1000*t)", channels));
        var film = await music.FilmAsync("level.mkv", 4, $"aevalsrc=exprs={exprs}:c={layout}:s={rate}:d=4");
        var (_, made) = await music.LaidAsync(film, [await ToneAsync("a.wav", 100, 10, amplitude: 0.3)], Plain);

        var before = await music.Ffmpeg.MeasureLoudnessAsync(film, music.Folder, null, CancellationToken.None);
        var voice = await music.MakeAsync("voice.wav", $"-i {made} -af highpass=f=700:p=2,highpass=f=700:p=2 -c:a pcm_f32le");
        var filtered = await music.MakeAsync("before.wav", $"-i {film} -af highpass=f=700:p=2,highpass=f=700:p=2 -c:a pcm_f32le");
        var after = await music.Ffmpeg.MeasureLoudnessAsync(voice, music.Folder, null, CancellationToken.None);
        var reference = await music.Ffmpeg.MeasureLoudnessAsync(filtered, music.Folder, null, CancellationToken.None);

        Assert.NotNull(before.Integrated);
        Assert.Equal(reference.Integrated!.Value, after.Integrated!.Value, 0.5);
        Assert.Equal(channels == 6 ? 6 : 2, (await music.Probe.ProbeAsync(made, CancellationToken.None)).Audio!.Channels);
    }

    [Theory]
    [InlineData("-ar 8000 -ac 1")]
    [InlineData("-ar 44100 -ac 6")]
    public async Task Takes_music_of_any_rate_and_layout(string format)
    {
        var piece = await music.MakeAsync("odd.wav", $"-f lavfi -i sine=440:d=5 {format}");
        var (_, made) = await music.LaidAsync(await music.FilmAsync("silent.mkv", 3, null), [piece], Plain);

        Assert.InRange(SoundMath.Decibels(SoundMath.Tone(await music.SamplesAsync(made), 440, 0.5, 2.5)), -30, -15);
    }

    [Fact]
    public async Task Loops_a_short_piece_without_a_gap_or_a_click()
    {
        var piece = await music.MakeAsync("noise.mp3", "-f lavfi -i anoisesrc=d=3.3:c=pink:a=0.4:r=44100:s=1 -ac 2");
        var (answer, made) = await music.LaidAsync(await music.FilmAsync("silent.mkv", 14, null), [piece], Plain);
        var samples = await music.SamplesAsync(made);

        var whole = SoundMath.Rms(samples);
        var windows = samples.Chunk(SoundMath.Rate / 10).Select(window => SoundMath.Decibels(SoundMath.Rms(window) / whole)).ToList();
        Assert.InRange(windows.Min(), -3, 0);
        Assert.InRange(windows.Max(), 0, 3);
        Assert.True(answer.Facts["looped"].GetBoolean());
        Assert.InRange(samples.Length / (double)SoundMath.Rate, 13.99, 14.01);
    }

    [Fact]
    public async Task Loops_a_tone_without_a_step_at_the_seam()
    {
        // Its end and its beginning are at different places of the wave: put together bluntly, they are a step, which is heard as a click.
        const double frequency = 97.3;
        var piece = await music.MakeAsync("tone.wav", "-f lavfi -i aevalsrc='0.1*cos(2*PI*97.3*t)':s=48000:d=4 -af pan=stereo|c0=c0|c1=c0 -c:a pcm_f32le");
        var (_, made) = await music.LaidAsync(await music.FilmAsync("silent.mkv", 12, null), [piece], Plain);
        var samples = await music.SamplesAsync(made);
        var steepest = 0.0;
        for (var i = 1; i < samples.Length; i++)
        {
            steepest = Math.Max(steepest, Math.Abs(samples[i] - samples[i - 1]));
        }

        // the slope of the wave itself, and of two of them at equal power
        Assert.InRange(steepest, 0, 0.1 * Math.Sqrt(2) * 2 * Math.PI * frequency / SoundMath.Rate * 1.05);
    }

    [Fact]
    public async Task Plays_the_list_in_order_from_where_it_is_told()
    {
        string[] pieces = [await ToneAsync("a.wav", 400, 3), await ToneAsync("b.wav", 800, 4), await ToneAsync("c.wav", 1600, 9)];
        var (answer, made) = await music.LaidAsync(await music.FilmAsync("silent.mkv", 8, null), pieces, p => Plain(p) with { StartAt = 4 });
        var samples = await music.SamplesAsync(made);

        Assert.True(SoundMath.Tone(samples, 800, 0.2, 1.8) > 0.09);
        Assert.True(SoundMath.Tone(samples, 1600, 3.2, 7.8) > 0.09);
        Assert.True(SoundMath.Tone(samples, 400, 0, 8) < 0.001);
        Assert.False(answer.Facts["looped"].GetBoolean());
    }

    [Fact]
    public async Task Ends_with_the_music_when_it_may_not_loop()
    {
        var (_, made) = await music.LaidAsync(await music.FilmAsync("silent.mkv", 6, null), [await ToneAsync("a.wav", 440, 3)], p => Plain(p) with { Loop = false });
        var samples = await music.SamplesAsync(made);

        Assert.True(SoundMath.Tone(samples, 440, 1, 2.8) > 0.09);
        Assert.True(SoundMath.Rms(samples.AsSpan(4 * SoundMath.Rate)) < 1e-4);
        Assert.InRange(samples.Length / (double)SoundMath.Rate, 5.99, 6.01);
    }

    [Fact]
    public async Task Fades_in_and_out()
    {
        var (_, made) = await music.LaidAsync(await music.FilmAsync("silent.mkv", 8, null), [await ToneAsync("a.wav", 440, 20)], p => Plain(p) with { FadeIn = 2, FadeOut = 3 });
        var samples = await music.SamplesAsync(made);
        double At(double from, double to) => SoundMath.Rms(samples.AsSpan((int)(from * SoundMath.Rate), (int)((to - from) * SoundMath.Rate)));

        Assert.True(At(0, 0.1) < 0.1 * At(3, 4));
        Assert.Equal(0.5, At(0.95, 1.05) / At(3, 4), 0.05);
        Assert.Equal(0.5, At(6.45, 6.55) / At(3, 4), 0.05);
        Assert.True(At(7.9, 8) < 0.1 * At(3, 4));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(24)]
    public async Task Ducks_the_music_under_speech_by_the_depth_and_leaves_the_voice_alone(double depth)
    {
        var film = await music.FilmAsync("speech.mkv", 14, Speech, "-af apad -c:a pcm_s16le -ar 48000");
        var tone = await ToneAsync("high.wav", 14_000, 20, amplitude: 0.2);
        var (answer, made) = await music.LaidAsync(film, [tone], p => Plain(p) with { Duck = depth == 12 ? null : new Ducking(true, depth) });
        var samples = await music.SamplesAsync(made);

        var during = SoundMath.Decibels(SoundMath.Tone(samples, 14_000, 1, 5));
        var after = SoundMath.Decibels(SoundMath.Tone(samples, 14_000, 11, 13.8));
        Assert.True(answer.Facts["ducked"].GetBoolean());
        Assert.Equal(-14, after, 0.3);
        Assert.Equal(depth, after - during, depth * 0.25);

        var voice = await music.MakeAsync("voice.wav", $"-i {made} -af lowpass=f=6000:p=2,lowpass=f=6000:p=2,lowpass=f=6000:p=2");
        var reference = await music.MakeAsync("reference.wav", $"-i {film} -af lowpass=f=6000:p=2,lowpass=f=6000:p=2,lowpass=f=6000:p=2");
        Assert.Equal(
            (await music.Ffmpeg.MeasureLoudnessAsync(reference, music.Folder, null, CancellationToken.None)).Integrated!.Value,
            (await music.Ffmpeg.MeasureLoudnessAsync(voice, music.Folder, null, CancellationToken.None)).Integrated!.Value,
            0.5);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Gives_the_music_alone_which_with_the_film_s_sound_is_the_mix(bool sound, bool levelled)
    {
        var film = await music.FilmAsync("stem.mkv", 6, sound ? Speech : null, "-af apad -c:a pcm_s16le -ar 48000 -ac 2");
        var (answer, made) = await music.LaidAsync(
            film, [await ToneAsync("a.wav", 440, 9)], p => p with { MusicVolume = 1, Duck = sound ? new Ducking(true) : null, Loudness = new LoudnessTarget(levelled), Stems = true });
        var (alone, whole) = (await music.SamplesAsync(await music.FileAsync(answer, "music")), await music.SamplesAsync(made));

        Assert.Equal(6 * SoundMath.Rate, alone.Length);
        Assert.True(SoundMath.Tone(alone, 440, 2, 5) > 0.005);
        if (!levelled)
        {
            var own = sound ? await music.SamplesAsync(film) : new float[alone.Length];
            Assert.True(whole.Zip(alone, own).Max(sample => Math.Abs(sample.First - sample.Second - sample.Third)) < 1e-4);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Keeps_the_film_s_subtitles(bool final, bool levelled)
    {
        await File.WriteAllTextAsync(music.PathOf("said.srt"), "1\n00:00:00,500 --> 00:00:01,500\nHello <i>there</i>\n");
        var film = await music.MakeAsync("said.mkv", $"-i {await music.FilmAsync("film.mkv", 2, "sine=1000:d=2")} -i {music.PathOf("said.srt")} -map 0 -map 1 -c copy -c:s subrip -metadata:s:s:0 language=fre");
        var (_, made) = await music.LaidAsync(film, [await ToneAsync("a.wav", 60, 5)], p => p with { Loudness = new LoudnessTarget(levelled) }, final);
        var info = await music.Probe.ProbeAsync(made, CancellationToken.None);

        Assert.Equal((final ? "mov_text" : "subrip", "fre"), (Assert.Single(info.Texts).Codec, info.Texts[0].Language));
        Assert.Contains("there", await File.ReadAllTextAsync(await music.MakeAsync("kept.srt", $"-i {made} -map 0:s:0")), StringComparison.Ordinal);
        Assert.InRange(info.RequireDuration().TotalSeconds, 1.98, 2.06);
    }

    [Fact]
    public async Task Does_not_duck_where_nobody_speaks()
    {
        var film = await music.FilmAsync("noise.mkv", 5, "anoisesrc=d=5:c=pink:a=0.1:s=3");
        var (answer, _) = await music.LaidAsync(film, [await ToneAsync("a.wav", 440, 9)], p => p with { Loudness = new LoudnessTarget(false) });

        Assert.False(answer.Facts["ducked"].GetBoolean());
    }

    [Theory]
    [InlineData("speech", Speech, "sine=330:d=20", -14, -1)]
    [InlineData("quiet", "anoisesrc=d=8:c=pink:a=0.003:s=2", "anoisesrc=d=9:c=brown:a=0.005:s=5", -14, -1)]
    [InlineData("drums", "aevalsrc='0.9*sin(2*PI*60*t)*exp(-30*mod(t\\,0.5))+0.5*(random(0)-0.5)*exp(-60*mod(t\\,0.25))':d=8", "anoisesrc=d=9:c=white:a=0.01:s=5", -14, -1)]
    [InlineData("loud", "anoisesrc=d=8:c=white:a=1:s=2", "sine=330:d=20", -23, -2)]
    public async Task Reaches_the_loudness_in_the_finished_file(string name, string sound, string piece, double target, double peak)
    {
        var film = await music.FilmAsync($"{name}.mkv", 8, sound, "-af apad -c:a pcm_s16le");
        var under = await music.MakeAsync($"{name}.wav", $"-f lavfi -i {piece} -ac 2");
        var (answer, made) = await music.LaidAsync(film, [under], p => p with { Loudness = target == -14 ? null : new LoudnessTarget(true, target, peak) }, final: true);

        var measured = await music.Ffmpeg.MeasureLoudnessAsync(made, music.Folder, null, CancellationToken.None);
        Assert.Equal(target, measured.Integrated!.Value, 0.5);
        Assert.InRange(measured.TruePeak!.Value, -30, peak);
        var told = answer.Facts["loudness"];
        Assert.Equal((measured.Integrated, measured.Range, measured.TruePeak), (told.GetProperty("integrated").GetDouble(), told.GetProperty("range").GetDouble(), told.GetProperty("truePeak").GetDouble()));
        Assert.Empty(answer.Warnings);
    }

    [Fact]
    public async Task Says_that_silence_cannot_be_made_louder()
    {
        var (answer, _) = await music.LaidAsync(await music.FilmAsync("silent.mkv", 3, null), [await music.MakeAsync("nothing.wav", "-f lavfi -i anullsrc=d=3")], p => p, final: true);

        Assert.Equal("music.silent", Assert.Single(answer.Warnings).Code);
        Assert.Equal(JsonValueKind.Null, answer.Facts["loudness"].GetProperty("integrated").ValueKind);
    }

    [Fact]
    public async Task Encodes_a_picture_that_mp4_cannot_hold_and_says_so()
    {
        var film = await music.MakeAsync("old.mkv", "-f lavfi -i testsrc2=s=160x120:d=2 -c:v ffv1");
        var (answer, made) = await music.LaidAsync(film, [await ToneAsync("a.wav", 440, 9)], p => p, final: true);

        Assert.Equal("music.picture_encoded", Assert.Single(answer.Warnings).Code);
        Assert.Equal("h264", (await music.Probe.ProbeAsync(made, CancellationToken.None)).Video!.Codec);
    }

    [Fact]
    public async Task Fails_for_good_when_an_input_is_not_what_it_must_be()
    {
        var film = await music.FilmAsync("film.mkv", 2, "sine=d=2");
        var tone = await ToneAsync("a.wav", 440, 3);
        await File.WriteAllTextAsync(music.PathOf("list"), $"ffconcat version 1.0\nfile {tone}\n");

        Assert.Equal("media.no_audio_stream", await FailureAsync(film, await music.FilmAsync("silent.mkv", 2, null), p => p));
        Assert.Equal("media.no_video_stream", await FailureAsync(tone, tone, p => p));
        Assert.Equal("media.unsupported_container", await FailureAsync(film, music.PathOf("list"), p => p));
        Assert.Equal("music.start_after_end", await FailureAsync(film, tone, p => p with { StartAt = 100 }));
        Assert.Equal("media.no_duration", await FailureAsync(await music.MakeAsync("still.png", "-f lavfi -i testsrc2=s=64x48 -frames:v 1"), tone, p => p));
    }

    [Fact]
    public async Task Does_not_believe_a_header_that_promises_more_than_there_is()
    {
        const string film = "-f lavfi -i testsrc2=s=160x120:r=25:d=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
        var tone = await ToneAsync("a.wav", 440, 3);
        var mp4 = await File.ReadAllBytesAsync(await music.MakeAsync("short.mp4", film));
        var header = mp4.AsSpan(mp4.AsSpan().IndexOf("mvhd"u8) + 20); // version and flags, two dates, time scale, duration
        BinaryPrimitives.WriteInt32BigEndian(header, BinaryPrimitives.ReadInt32BigEndian(header) * 1000);
        await File.WriteAllBytesAsync(music.PathOf("lying.mp4"), mp4);

        var (_, made) = await music.LaidAsync(music.PathOf("lying.mp4"), [tone], p => p, final: true);
        Assert.InRange((await music.Probe.ProbeAsync(made, CancellationToken.None)).RequireDuration().TotalSeconds, 1.9, 2.1);

        var mkv = await File.ReadAllBytesAsync(await music.MakeAsync("short.mkv", film));
        BinaryPrimitives.WriteDoubleBigEndian(mkv.AsSpan(mkv.AsSpan().IndexOf<byte>([0x44, 0x89, 0x88]) + 3), 100_000); // Duration, in milliseconds
        "00:01:40"u8.CopyTo(mkv.AsSpan(mkv.AsSpan().IndexOf("00:00:02.0"u8)));
        await File.WriteAllBytesAsync(music.PathOf("lying.mkv"), mkv);

        Assert.Equal("media.duration_mismatch", await FailureAsync(music.PathOf("lying.mkv"), tone, p => p));
    }

    private async Task<string> FailureAsync(string film, string piece, Func<MusicParameters, MusicParameters> with)
    {
        var (answer, _) = await music.LayAsync(film, [piece], with);
        var failure = Assert.IsType<StageFailed>(answer).Failure;
        Assert.Equal(FailureKind.Permanent, failure.Kind);
        Assert.DoesNotContain(music.Folder, failure.Detail, StringComparison.Ordinal);
        return failure.Code;
    }

    private Task<string> ToneAsync(string name, int frequency, int seconds, double amplitude = 0.1) =>
        music.MakeAsync(name, FormattableString.Invariant($"-f lavfi -i sine={frequency}:r=48000:d={seconds} -af volume={amplitude * 8},pan=stereo|c0=c0|c1=c0 -c:a pcm_f32le"));
}
