using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Platform.Ffmpeg.Tests;

[Trait("Category", "Integration")]
public sealed class MediaProbeTests : IAsyncDisposable
{
    private const string Film = "-f lavfi -i testsrc2=s=320x240:r=30000/1001:d=2 -f lavfi -i sine=440:d=2:r=48000 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ac 2";
    private readonly TestFfmpeg media = new();

    public ValueTask DisposeAsync() => media.DisposeAsync();

    [Fact]
    public async Task Describes_a_film()
    {
        var info = await media.Probe.ProbeAsync(await media.MakeAsync("a.mp4", $"{Film} -color_range tv -colorspace bt709 -color_trc bt709 -color_primaries bt709"), CancellationToken.None);

        Assert.Equal("mov,mp4,m4a,3gp,3g2,mj2", info.Container);
        Assert.InRange(info.RequireDuration().TotalSeconds, 1.99, 2.05);
        Assert.Equal(
            new VideoStream(0, "h264", 320, 240, "yuv420p", new Rational(30000, 1001), 0, 60)
            {
                TickRate = new Rational(30000, 1001),
                Duration = info.Video!.Duration,
                ColorRange = "tv",
                ColorSpace = "bt709",
                ColorTransfer = "bt709",
                ColorPrimaries = "bt709",
            },
            info.Video);
        Assert.Equal(new AudioStream(1, "aac", 2, 48000, "stereo") { Duration = info.Audio!.Duration }, info.Audio);
    }

    [Fact]
    public async Task Gives_the_size_after_rotation()
    {
        var film = await media.MakeAsync("a.mp4", Film);
        var info = await media.Probe.ProbeAsync(await media.MakeAsync("turned.mp4", $"-i {film} -c copy -metadata:s:v rotate=90"), CancellationToken.None);

        Assert.Equal((240, 320, 90), (info.Video!.Width, info.Video.Height, Math.Abs(info.Video.Rotation)));
    }

    [Fact]
    public async Task Knows_a_still_picture()
    {
        var info = await media.Probe.ProbeAsync(await media.MakeAsync("a.png", "-f lavfi -i color=red@0.5:s=64x48,format=rgba -frames:v 1"), CancellationToken.None);

        Assert.True(info.IsStill);
        Assert.Equal((64, 48, true), (info.Video!.Width, info.Video.Height, info.Video.HasAlpha));
    }

    [Fact]
    public async Task Knows_sound_with_a_cover_as_sound()
    {
        await media.MakeAsync("cover.png", "-f lavfi -i color=red:s=64x48 -frames:v 1");
        var info = await media.Probe.ProbeAsync(await media.MakeAsync("a.mp3", "-f lavfi -i sine=440:d=2 -i cover.png -map 0 -map 1 -c:v png -disposition:v attached_pic"), CancellationToken.None);

        Assert.Null(info.Video);
        Assert.Equal("mp3", info.Audio!.Codec);
        Assert.Equal("media.no_video_stream", Assert.Throws<MediaException>(info.RequireVideo).Code);
    }

    [Fact]
    public async Task Finds_the_length_that_a_recorder_did_not_write()
    {
        var info = await media.Probe.ProbeAsync(await media.MakeAsync("live.mkv", $"{Film} -f matroska -live 1"), CancellationToken.None);

        Assert.InRange(info.RequireDuration().TotalSeconds, 1.9, 2.1);
    }

    [Theory]
    [InlineData("", "media.unreadable")]
    [InlineData("16 bytes of text", "media.unsupported_container")]
    [InlineData("<!doctype html><html><body>Not found</body></html>", "media.unsupported_container")]
    [InlineData("%PDF-1.7\n\u0001\u0002", "media.unsupported_container")]
    [InlineData("PK\u0003\u0004\u0014\0\0\0", "media.unsupported_container")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nneighbour.mp4\n#EXT-X-ENDLIST\n", "media.unsupported_container")]
    [InlineData("#EXTM3U\n#EXTINF:5,\nhttp://169.254.169.254/latest\n", "media.unsupported_container")]
    [InlineData("ffconcat version 1.0\nfile neighbour.mp4\n", "media.unsupported_container")]
    [InlineData("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n", "media.unsupported_container")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='20000' height='20000'/>", "media.unsupported_container")]
    [InlineData("\0\0\0\u0001 not any format", "media.unreadable")]
    public async Task Refuses_what_is_no_media(string content, string code)
    {
        await media.MakeAsync("neighbour.mp4", Film);
        foreach (var name in (string[])["a.mp4", "in-abc"])
        {
            Assert.Equal(code, await CodeOfAsync(await media.WriteAsync(name, Encoding.UTF8.GetBytes(content))));
        }
    }

    [Fact]
    public async Task Refuses_random_bytes_and_a_missing_file()
    {
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        noise[3] = 0;

        Assert.Equal("media.unreadable", await CodeOfAsync(await media.WriteAsync("noise.mp4", noise)));
        Assert.Equal("media.unreadable", await CodeOfAsync(media.PathOf("nothing.mp4")));
    }

    [Fact]
    public async Task Refuses_a_playlist_that_hides_behind_a_binary_start()
    {
        await media.MakeAsync("neighbour.mp4", Film);
        var code = await CodeOfAsync(await media.WriteAsync("a.mp4", Encoding.ASCII.GetBytes("#EXTM3U\n#\u0001\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nneighbour.mp4\n#EXT-X-ENDLIST\n")));

        Assert.Equal("media.unsupported_container", code); // by ffprobe's list: the file does not look like text
    }

    [Fact]
    public async Task Refuses_a_list_inside_an_avi() => Assert.Equal("media.unsupported_container", await CodeOfAsync(await media.MakeAsync("a.avi", $"{Film} -c:a mp3")));

    [Fact]
    public async Task Refuses_a_codec_that_is_not_listed() =>
        Assert.Equal("media.unsupported_codec", await CodeOfAsync(await media.MakeAsync("a.mkv", "-f lavfi -i testsrc2=s=64x48:d=1 -c:v flashsv")));

    [Fact]
    public async Task Refuses_pictures_of_too_many_pixels_at_once()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("media.too_many_pixels", await CodeOfAsync(await media.WriteAsync("bomb.png", Png(15_000, 15_000))));
        Assert.Equal("media.too_many_pixels", await CodeOfAsync(await media.WriteAsync("bomb", [.. "GIF89a"u8, 255, 255, 255, 255, 0xf0, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0, 255, 255, 255, 255, 0, 2, 2, 0x4c, 1, 0, 0x3b])));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Refuses_half_a_file()
    {
        var film = await media.MakeAsync("a.mp4", $"{Film} -movflags +faststart");
        var bytes = await File.ReadAllBytesAsync(film);

        Assert.Equal("media.truncated", await CodeOfAsync(await media.WriteAsync("half.mp4", bytes[..(bytes.Length / 2)])));
    }

    [Fact]
    public async Task Refuses_an_encrypted_film() => Assert.Equal(
        "media.encrypted",
        await CodeOfAsync(await media.MakeAsync("a.mp4", $"{Film} -encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8")));

    [Fact]
    public async Task Runs_ffprobe_without_our_environment_and_leaves_nothing_behind()
    {
        Environment.SetEnvironmentVariable("PLATFORM_TEST_SECRET", "s3cret");
        await using var spy = new TestFfmpeg(("Ffmpeg:FfprobePath", await SpyAsync("env >&2; echo \"open: $(ls /proc/self/fd | tr '\\n' ' ')\" >&2; echo moov atom not found >&2; exit 1")));
        var e = await Assert.ThrowsAsync<MediaException>(() => media.MakeAsync("a.mp4", Film).ContinueWith(film => spy.Probe.ProbeAsync(film.Result, CancellationToken.None)).Unwrap());

        Assert.Equal("media.unreadable", e.Code);
        Assert.DoesNotContain("s3cret", e.Message, StringComparison.Ordinal);
        Assert.Contains("LANG=C.UTF-8", e.Message, StringComparison.Ordinal);
        Assert.Contains("open: 0 1 2 3 \n", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "platform-probe-*"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hanging_ffprobe_is_killed(bool cancelled)
    {
        var seconds = $"{Random.Shared.Next(100_000, 999_999)}.5";
        await using var hanging = new TestFfmpeg(("Ffmpeg:FfprobePath", await SpyAsync($"trap '' TERM; sleep {seconds} & sleep {seconds}")), ("Ffmpeg:ProbeTimeout", cancelled ? "00:10:00" : "00:00:01"));
        var film = await media.MakeAsync("a.mp4", Film);
        using var cancel = new CancellationTokenSource(cancelled ? TimeSpan.FromSeconds(1) : Timeout.InfiniteTimeSpan);

        var e = await Record.ExceptionAsync(() => hanging.Probe.ProbeAsync(film, cancel.Token));

        Assert.True(cancelled ? e is OperationCanceledException : e is MediaException { Code: "media.timeout" }, e?.ToString());
        Assert.DoesNotContain(
            Directory.GetDirectories("/proc").Where(path => char.IsDigit(path[6])),
            path => Read($"{path}/cmdline").Contains(seconds, StringComparison.Ordinal) && !Read($"{path}/stat").Contains(") Z ", StringComparison.Ordinal));
    }

    private async Task<string> SpyAsync(string script)
    {
        var path = media.PathOf("ffprobe-spy");
        await File.WriteAllTextAsync(path, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private async Task<string> CodeOfAsync(string path) => (await Assert.ThrowsAsync<MediaException>(() => media.Probe.ProbeAsync(path, CancellationToken.None))).Code;

    /// <summary>A white picture of one bit per pixel: small on disk, huge when decoded.</summary>
    private static byte[] Png(int width, int height)
    {
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[(width / 8) + 1];
            for (var y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        return [0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n', .. Chunk("IHDR", header), .. Chunk("IDAT", pixels.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
        var length = new byte[4];
        var check = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc(body));
        return [.. length, .. body, .. check];
    }

    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
