using Platform.Contracts;

namespace Platform.Merge.Tests;

/// <summary>Files that are broken, lie, or want to do harm: each ends in a film that is right or in an error with a name, for good, that says which scene.</summary>
[Trait("Category", "Integration")]
public sealed class HostileMediaTests(MergeHarness merge) : IClassFixture<MergeHarness>
{
    [Theory]
    [InlineData("empty", "media.unreadable")]
    [InlineData("random", "media.unreadable")]
    [InlineData("pdf", "media.unsupported_container")]
    [InlineData("playlist", "media.unsupported_container")]
    [InlineData("ffconcat", "media.unsupported_container")]
    [InlineData("svg", "media.unsupported_container")]
    [InlineData("huge.png", "media.too_many_pixels")]
    [InlineData("huge.gif", "media.too_many_pixels")]
    [InlineData("half.mp4", "media.truncated")]
    [InlineData("foreign.mkv", "media.unsupported_codec")]
    [InlineData("cover.mp3", "media.no_video_stream")]
    [InlineData("sound.wav", "media.no_video_stream")]
    public async Task Refuses_what_is_no_picture_and_says_whose_it_is(string kind, string code)
    {
        var good = await merge.BarsAsync("good.mp4", 1, "sine=440:d=1", options: "-c:a aac");
        var failure = await FailureAsync([(good, null), (await FileAsync(kind), null)]);

        Assert.Equal(code, failure.Code);
        Assert.Contains("scene 2", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", "media.unreadable")]
    [InlineData("playlist", "media.unsupported_container")]
    [InlineData("silent.mp4", "media.no_audio_stream")]
    [InlineData("nothing.wav", "media.unreadable")]
    public async Task Refuses_what_is_no_voice_and_says_whose_it_is(string kind, string code)
    {
        var failure = await FailureAsync([(await merge.BarsAsync("good.mp4", 1, "sine=440:d=1", options: "-c:a aac"), await FileAsync(kind))]);

        Assert.Equal(code, failure.Code);
        Assert.Contains("voice-over of scene 1", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_fill_a_gap_of_days()
    {
        var gap = await merge.MakeAsync("gap.mkv", "-f lavfi -i testsrc2=s=64x64:r=25:d=2 -vf setpts=PTS+gte(N\\,25)*100000/TB -fps_mode passthrough -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
        var (answer, _) = await merge.MergeAsync([(gap, null)]);
        Assert.Contains(Assert.IsType<StageFailed>(answer).Failure.Code, (string[])["merge.too_long", "media.duration_mismatch"]);

        var (_, film, _) = await merge.MergedAsync([(gap, null)], each: (scene, _) => scene with { Length = new SceneLength(false, 2) });
        Assert.Equal(50, (await merge.PacketsAsync(film, "v:0")).Count);
    }

    [Theory]
    [InlineData("resized.mkv")]
    [InlineData("flat.mp4")]
    [InlineData("wavering.mkv")]
    [InlineData("late.mkv")]
    [InlineData("fast.mkv")]
    [InlineData("many.mkv")]
    [InlineData("alpha.webm")]
    [InlineData("full.mkv")]
    public async Task Makes_a_right_film_of_odd_files(string kind)
    {
        var odd = await FileAsync(kind);
        var good = await merge.BarsAsync("good.mp4", 1, "sine=440:d=1", options: "-c:a aac");
        var (_, film, _) = await merge.MergedAsync([(good, null), (odd, null), (good, null)], p => p with { Transition = new TransitionList([new Transition("fade", 0.2)], false) }, (scene, i) => i == 1 ? scene with { Length = new SceneLength(false, 1) } : scene);

        var packets = await merge.PacketsAsync(film, "v:0");
        var info = await merge.Probe.ProbeAsync(film, CancellationToken.None);
        Assert.Equal((75, 160, 120, "yuv420p"), (packets.Count, info.Video!.Width, info.Video.Height, info.Video.PixelFormat));
        Assert.All(packets.Order().Select((packet, i) => (packet.Pts, i)), packet => Assert.Equal(packet.i / 25.0, packet.Pts, 0.001));
    }

    [Theory]
    [InlineData("aevalsrc=0:d=1")] // silence
    [InlineData("aevalsrc=sgn(sin(2000*t)):d=1")] // clipped
    [InlineData("sine=d=1:r=384000")]
    public async Task Takes_voices_at_the_edge_of_what_sound_is(string source)
    {
        var voice = await merge.MakeAsync($"edge-{source.Length}.wav", $"-f lavfi -i {source} -c:a pcm_s16le");
        var (answer, film, _) = await merge.MergedAsync([(await merge.BarsAsync("good.mp4", 1, "sine=440:d=1", options: "-c:a aac"), voice)], each: (scene, _) => scene with { Volume = 0 });

        Assert.Equal(1, answer.Facts["scenes"][0].GetProperty("length").GetDouble(), 0.001);
        Assert.All(await merge.SamplesAsync(film), sample => Assert.InRange(sample, -1, 1));
    }

    private async Task<StageFailure> FailureAsync((string, string?)[] scenes)
    {
        var (answer, _) = await merge.MergeAsync(scenes);
        var failure = Assert.IsType<StageFailed>(answer).Failure;
        Assert.Equal(FailureKind.Permanent, failure.Kind);
        Assert.DoesNotContain(merge.Folder, failure.Detail, StringComparison.Ordinal);
        return failure;
    }

    private async Task<string> FileAsync(string kind)
    {
        const string x264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";
        switch (kind)
        {
            case "empty": return await WriteAsync(kind, []);
            case "random": return await WriteAsync(kind, [.. Enumerable.Range(0, 100_000).Select(i => (byte)((i * 7919) >> 3))]);
            case "pdf": return await WriteAsync(kind, [.. "%PDF-1.7 and what follows"u8, 0, 1, 2, 3]);
            case "playlist": return await WriteAsync(kind, [.. "#EXTM3U\n#EXTINF:1,\nhttp://169.254.169.254/latest\n"u8]);
            case "ffconcat": return await WriteAsync(kind, [.. System.Text.Encoding.UTF8.GetBytes($"ffconcat version 1.0\nfile {await merge.BarsAsync("good.mp4", 1, "sine=440:d=1", options: "-c:a aac")}\n")]);
            case "svg": return await WriteAsync(kind, [.. "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20000\" height=\"20000\"></svg>"u8]);
            case "huge.png": return await WriteAsync(kind, Png(15_000, 15_000));
            case "huge.gif": return await WriteAsync(kind, [.. "GIF89a"u8, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x2c, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 2, 2, 0x4c, 1, 0, 0x3b]);
            case "half.mp4":
                var whole = await File.ReadAllBytesAsync(await merge.BarsAsync("good.mp4", 1, "sine=440:d=1", options: "-c:a aac"));
                return await WriteAsync(kind, whole[..(whole.Length / 2)]);
            case "foreign.mkv": return await merge.MakeAsync(kind, "-f lavfi -i testsrc2=s=64x64:d=1 -c:v flashsv");
            case "cover.mp3": return await merge.MakeAsync(kind, "-f lavfi -i sine=d=1 -f lavfi -i color=red:s=64x64:d=0.04 -map 0 -map 1 -c:v png -disposition:v attached_pic -c:a libmp3lame");
            case "sound.wav": return await merge.MakeAsync(kind, "-f lavfi -i sine=d=1");
            case "silent.mp4": return await merge.BarsAsync(kind, 1);
            case "nothing.wav": return await WriteAsync(kind, (await File.ReadAllBytesAsync(await merge.MakeAsync("sound.wav", "-f lavfi -i sine=d=1")))[..44]);
            case "resized.mkv":
                // one stream whose size changes on the way
                await merge.MakeAsync("small.h264", $"-f lavfi -i testsrc2=s=160x120:r=25:d=0.6 {x264} -bsf:v dump_extra");
                await merge.MakeAsync("large.h264", $"-f lavfi -i testsrc2=s=320x200:r=25:d=0.6 {x264} -bsf:v dump_extra");
                await WriteAsync("both.h264", [.. await File.ReadAllBytesAsync(merge.PathOf("small.h264")), .. await File.ReadAllBytesAsync(merge.PathOf("large.h264"))]);
                return await merge.MakeAsync(kind, $"-f h264 -framerate 25 -i {merge.PathOf("both.h264")} -c copy");
            case "flat.mp4": return await merge.MakeAsync(kind, $"-f lavfi -i testsrc2=s=160x120:r=25:d=1 -vf setsar=1/65535 {x264}");
            case "wavering.mkv": return await merge.MakeAsync(kind, $"-f lavfi -i testsrc2=s=160x120:r=25:d=2 -vf select=not(mod(n\\,3))+gt(random(1)\\,0.6) -fps_mode passthrough {x264}");
            case "late.mkv": return await merge.MakeAsync(kind, $"-f lavfi -i testsrc2=s=160x120:r=25:d=1 -f lavfi -i sine=d=2 -vf setpts=PTS+0.4/TB {x264} -fps_mode passthrough -c:a flac");
            case "fast.mkv": return await merge.MakeAsync(kind, $"-f lavfi -i testsrc2=s=64x64:r=1000:d=1.2 {x264}");
            case "many.mkv": return await merge.MakeAsync(kind, $"-f lavfi -i testsrc2=s=160x120:r=25:d=1.2 -f lavfi -i sine=d=1.2 -map 0 {string.Concat(Enumerable.Repeat("-map 1 ", 60))} {x264} -c:a pcm_s16le");
            case "alpha.webm": return await merge.MakeAsync(kind, "-f lavfi -i testsrc2=s=160x120:r=25:d=1.2 -vf format=yuva420p -c:v libvpx -deadline realtime -auto-alt-ref 0");
            case "full.mkv": return await merge.MakeAsync(kind, "-f lavfi -i testsrc2=s=160x120:r=25:d=1.2 -c:v mjpeg -pix_fmt yuvj422p");
            default: throw new ArgumentException(kind);
        }
    }

    private async Task<string> WriteAsync(string name, byte[] bytes)
    {
        await File.WriteAllBytesAsync(merge.PathOf(name), bytes);
        return merge.PathOf(name);
    }

    // A picture of one colour takes next to nothing, however large it claims to be.
    private static byte[] Png(uint width, uint height)
    {
        byte[] header = [.. BigEndian(width), .. BigEndian(height), 1, 0, 0, 0, 0];
        return [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, [0x78, 0x9c, 3, 0, 0, 0, 0, 1]), .. Chunk("IEND"u8, [])];

        static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data) => [.. BigEndian((uint)data.Length), .. type, .. data, .. BigEndian(Crc([.. type, .. data]))];

        static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

        static uint Crc(byte[] bytes)
        {
            var crc = uint.MaxValue;
            foreach (var b in bytes)
            {
                crc ^= b;
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
                }
            }

            return ~crc;
        }
    }
}
