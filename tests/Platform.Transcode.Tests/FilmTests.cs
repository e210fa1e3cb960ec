using Platform.Contracts;

namespace Platform.Transcode.Tests;

/// <summary>What comes out of the service, looked at in the files.</summary>
[Trait("Category", "Integration")]
public sealed class FilmTests(TranscodeHarness transcode) : IClassFixture<TranscodeHarness>
{
    [Fact]
    public async Task Makes_a_webm_of_an_mp4()
    {
        var (answer, made) = await transcode.MadeAsync(await transcode.FilmAsync("film.mp4", 2), p => p with { Format = "webm" });
        var info = await transcode.ProbeAsync(made);

        Assert.Equal(("vp9", "opus", 160, 120, 25.0), (info.Video!.Codec, info.Audio!.Codec, info.Video.Width, info.Video.Height, info.Video.FrameRate.Value));
        Assert.Equal(2, info.RequireDuration().TotalSeconds, 0.1);
        Assert.Equal(("video/webm", "vp9", 160), (answer.Outputs["video"].Artifacts[0].ContentType, answer.Outputs["video"].Artifacts[0].Media!.VideoCodec, answer.Outputs["video"].Artifacts[0].Media!.Width));
    }

    [Theory]
    [InlineData("film.mkv", "mp4", null)]
    [InlineData("film.mp4", "mp4", "youtube")]
    public async Task Copies_what_needs_no_encode_bit_for_bit(string name, string format, string? platform)
    {
        var film = await transcode.FilmAsync(name, 2, encode: "-c:v libx264 -bf 2 -preset veryfast -pix_fmt yuv420p -c:a aac -ac 2");
        var (answer, made) = await transcode.MadeAsync(film, p => p with { Format = format, Platform = platform });

        Assert.Equal(await transcode.PacketsAsync(film, "v"), await transcode.PacketsAsync(made, "v"));
        Assert.Equal(await transcode.PacketsAsync(film, "a"), await transcode.PacketsAsync(made, "a"));
        Assert.Equal(platform is null, (await File.ReadAllBytesAsync(made)).AsSpan().IndexOf("elst"u8) >= 0); // platforms want no edit lists
        Assert.Equal((true, true), (answer.Facts["copied"].GetProperty("picture").GetBoolean(), answer.Facts["copied"].GetProperty("sound").GetBoolean()));
    }

    [Fact]
    public async Task Encodes_what_another_stage_made_only_to_be_worked_on()
    {
        var film = await transcode.FilmAsync("work.mkv", 1, encode: "-c:v libx264 -preset ultrafast -crf 12 -pix_fmt yuv420p -c:a pcm_f32le");
        var (answer, made) = await transcode.MadeAsync(film, p => p, "@film");

        Assert.False(answer.Facts["copied"].GetProperty("picture").GetBoolean());
        Assert.True(new FileInfo(made).Length < new FileInfo(film).Length / 2);
    }

    [Fact]
    public async Task Makes_a_small_gif()
    {
        var (answer, made) = await transcode.MadeAsync(await transcode.FilmAsync("wide.mp4", 2, "s=1280x720:r=30"), p => p with { Format = "gif" });
        var info = await transcode.ProbeAsync(made);

        Assert.Equal(("gif", 640, 360), (info.Video!.Codec, info.Video.Width, info.Video.Height));
        Assert.Equal((30, 15.0), ((int)info.Video.Frames!, Math.Round(info.Video.FrameRate.Value)));
        Assert.Empty(info.Audios);
        Assert.Equal("image/gif", answer.Outputs["video"].Artifacts[0].ContentType);
    }

    [Theory]
    [InlineData("alpha.mov", "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le")]
    [InlineData("alpha.webm", "-c:v libvpx-vp9 -pix_fmt yuva420p -auto-alt-ref 0")]
    public async Task Keeps_transparency_in_webm(string name, string encode)
    {
        // opaque left half, transparent right half
        var film = await transcode.MakeAsync(name, $"-f lavfi -i color=red:s=64x64:r=10:d=1,format=rgba,geq=r=255:g=0:b=0:a='255*lt(X\\,32)' {encode}");
        var (_, made) = await transcode.MadeAsync(film, p => p with { Format = "webm", Fps = 20 });

        var frame = await transcode.FrameAsync(made, 0.5, "rgba", "-c:v", "libvpx-vp9");
        Assert.InRange(frame[(((32 * 64) + 8) * 4) + 3], 250, 255);
        Assert.InRange(frame[(((32 * 64) + 56) * 4) + 3], 0, 5);
    }

    [Fact]
    public async Task Makes_black_of_what_is_transparent_in_mp4_and_says_so()
    {
        var film = await transcode.MakeAsync("glass.mov", "-f lavfi -i color=red:s=64x64:r=10:d=1,format=rgba,geq=r=255:g=0:b=0:a='255*lt(X\\,32)' -c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le");
        var (answer, made) = await transcode.MadeAsync(film, p => p);

        var frame = await transcode.FrameAsync(made, 0.5, "rgb24");
        Assert.InRange(frame[((32 * 64) + 8) * 3], 240, 255);
        Assert.InRange(frame[((32 * 64) + 56) * 3], 0, 8);
        Assert.Equal("transcode.alpha_dropped", Assert.Single(answer.Warnings).Code);
    }

    [Fact]
    public async Task Keeps_subtitles_and_their_language()
    {
        await File.WriteAllTextAsync(transcode.PathOf("s.srt"), "1\n00:00:00,500 --> 00:00:01,500\nHello\n\n");
        var film = await transcode.FilmAsync("bare.mp4", 2);
        var told = await transcode.MakeAsync("told.mp4", $"-i {film} -i {transcode.PathOf("s.srt")} -map 0 -map 1 -c copy -c:s mov_text -metadata:s:s:0 language=deu");
        var (_, webm) = await transcode.MadeAsync(told, p => p with { Format = "webm" });
        var (_, mp4) = await transcode.MadeAsync(told, p => p with { Size = new FrameFormat(80, 80) });

        Assert.Equal("codec_name=webvtt\nTAG:language=ger", (await transcode.EntriesAsync(webm, "-select_streams", "s", "-show_entries", "stream=codec_name:stream_tags=language")).Trim().Replace("=deu", "=ger", StringComparison.Ordinal));
        Assert.Equal("deu", Assert.Single((await transcode.ProbeAsync(mp4)).Texts).Language);
    }

    [Theory]
    [InlineData("reels", "transcode.too_short")]
    [InlineData("shorts", "transcode.shape_refused")]
    [InlineData("tiktok", "transcode.too_small")]
    public async Task Refuses_what_a_platform_refuses(string platform, string code)
    {
        var answer = Assert.IsType<StageFailed>(await transcode.TranscodeAsync(await transcode.FilmAsync("film.mp4", 2), p => p with { Platform = platform }));

        Assert.Equal((code, FailureKind.Permanent), (answer.Failure.Code, answer.Failure.Kind));
    }

    [Fact]
    public async Task Makes_what_a_platform_takes()
    {
        var film = await transcode.FilmAsync("big.mkv", 3, "s=1200x1300:r=100", "-c:v libx264 -preset ultrafast -crf 4 -pix_fmt yuv444p -c:a pcm_s16le -ac 6 -ar 96000");
        var (answer, made) = await transcode.MadeAsync(film, p => p with { Platform = "reels" });
        var info = await transcode.ProbeAsync(made);

        Assert.Equal(("h264", "yuv420p", 1080, 1170, 50.0), (info.Video!.Codec, info.Video.PixelFormat, info.Video.Width, info.Video.Height, info.Video.FrameRate.Value));
        Assert.Equal(("aac", 2, 48000), (info.Audio!.Codec, info.Audio.Channels, info.Audio.SampleRate));
        Assert.Equal("transcode.shape_unusual", Assert.Single(answer.Warnings).Code);
        var bytes = await File.ReadAllBytesAsync(made);
        Assert.True(bytes.AsSpan().IndexOf("moov"u8) < bytes.AsSpan().IndexOf("mdat"u8), "fast start");
        Assert.Equal(-1, bytes.AsSpan().IndexOf("elst"u8));
        Assert.Equal(0, info.Video.Start.TotalSeconds, 0.001);
    }

    [Fact]
    public async Task Signs_nothing_without_a_certificate()
    {
        var answer = Assert.IsType<StageFailed>(await transcode.TranscodeAsync(await transcode.FilmAsync("film.mp4", 1), p => p with { Provenance = "composite" }, "@film"));

        Assert.Equal(("transcode.no_certificate", FailureKind.Permanent), (answer.Failure.Code, answer.Failure.Kind));
    }

    [Fact]
    public async Task Refuses_what_is_no_film()
    {
        var still = await transcode.MakeAsync("still.png", "-f lavfi -i color=red:s=64x64 -frames:v 1 -update 1");
        var answer = Assert.IsType<StageFailed>(await transcode.TranscodeAsync(still, p => p));

        Assert.Equal(("media.no_duration", FailureKind.Permanent), (answer.Failure.Code, answer.Failure.Kind));
    }
}
