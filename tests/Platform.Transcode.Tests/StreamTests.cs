using Platform.Contracts;

namespace Platform.Transcode.Tests;

/// <summary>Streamed films as ffmpeg's own reader of playlists sees them.</summary>
[Trait("Category", "Integration")]
public sealed class StreamTests(TranscodeHarness transcode) : IClassFixture<TranscodeHarness>
{
    private const string Vtt = "WEBVTT\nLanguage: en\n\n00:00:01.000 --> 00:00:02.000\nHello\n";

    [Fact]
    public async Task Streams_a_film_in_sizes_that_change_at_the_same_times()
    {
        var film = await transcode.FilmAsync("long.mp4", 13, "s=640x360:r=30000/1001");
        var (answer, _) = await transcode.MadeAsync(film, p => p with { Format = "hls" });
        var folder = await transcode.FolderAsync(answer);

        Assert.Equal(
            ["234p.m3u8", "234p.mp4", "360p.m3u8", "360p.mp4", "manifest.mpd", "master.m3u8", "sound.m3u8", "sound.mp4"],
            Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal("application/vnd.apple.mpegurl", answer.Outputs["video"].Artifacts[0].ContentType);

        var keys = new List<string>();
        foreach (var name in new[] { "360p", "234p" })
        {
            // decoded through the playlist, ranges and all: every frame is there
            var frames = await transcode.EntriesAsync(Path.Combine(folder, $"{name}.m3u8"), "-count_frames", "-show_entries", "stream=width,height,nb_read_frames");
            Assert.Contains("nb_read_frames=390", frames, StringComparison.Ordinal);
            keys.Add(await transcode.EntriesAsync(Path.Combine(folder, $"{name}.mp4"), "-skip_frame", "nokey", "-show_entries", "frame=pts_time"));
        }

        Assert.Equal(7, keys[0].Trim().Split('\n').Length);
        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(3, File.ReadAllLines(Path.Combine(folder, "360p.m3u8")).Count(line => line.StartsWith("#EXTINF", StringComparison.Ordinal)));
        Assert.True(answer.Facts["copied"].GetProperty("sound").GetBoolean());
        Assert.Equal(await transcode.PacketsAsync(film, "a"), await transcode.PacketsAsync(Path.Combine(folder, "sound.mp4"), "a"));
        var programs = await transcode.EntriesAsync(Path.Combine(folder, "master.m3u8"), "-show_entries", "stream=codec_name,width");
        Assert.Equal(2, programs.Split('\n').Where(line => line.StartsWith("width=", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]
    public async Task Streams_captions_and_the_film_s_own_subtitles()
    {
        await File.WriteAllTextAsync(transcode.PathOf("s.srt"), "1\n00:00:00,500 --> 00:00:01,500\nHallo <b>du</b>\n\n");
        await File.WriteAllTextAsync(transcode.PathOf("s.vtt"), Vtt);
        var told = await transcode.MakeAsync("told.mp4", $"-i {await transcode.FilmAsync("bare.mp4", 2)} -i {transcode.PathOf("s.srt")} -map 0 -map 1 -c copy -c:s mov_text -metadata:s:s:0 language=ger");
        var (answer, _) = await transcode.MadeAsync(told, p => p with { Format = "hls" }, captions: transcode.PathOf("s.vtt"));
        var folder = await transcode.FolderAsync(answer);

        Assert.Equal(Vtt, await File.ReadAllTextAsync(Path.Combine(folder, "captions.vtt")));
        Assert.Contains("00:00.500 --> 00:01.500\nHallo <b>du</b>", await File.ReadAllTextAsync(Path.Combine(folder, "captions-1.vtt")), StringComparison.Ordinal);
        var master = await File.ReadAllTextAsync(Path.Combine(folder, "master.m3u8"));
        Assert.Contains("NAME=\"English\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"captions.m3u8\"", master, StringComparison.Ordinal);
        Assert.Contains("NAME=\"German\",LANGUAGE=\"de\",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"captions-1.m3u8\"", master, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_a_silent_upright_film()
    {
        var film = await transcode.MakeAsync("silent.mkv", "-f lavfi -i testsrc2=s=300x400:r=10:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
        var (answer, _) = await transcode.MadeAsync(film, p => p with { Format = "hls" });

        Assert.Equal(["234p.m3u8", "234p.mp4", "300p.m3u8", "300p.mp4", "manifest.mpd"], answer.Outputs["parts"].Artifacts.Select(artifact => artifact.Name));
        Assert.DoesNotContain("AUDIO", await File.ReadAllTextAsync(Path.Combine(await transcode.FolderAsync(answer), "master.m3u8")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_captions_that_are_something_else()
    {
        await File.WriteAllTextAsync(transcode.PathOf("evil.vtt"), "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n");
        var answer = Assert.IsType<StageFailed>(await transcode.TranscodeAsync(await transcode.FilmAsync("film.mp4", 1), p => p with { Format = "hls" }, captions: transcode.PathOf("evil.vtt")));

        Assert.Equal(("transcode.captions_not_webvtt", FailureKind.Permanent), (answer.Failure.Code, answer.Failure.Kind));
    }
}
