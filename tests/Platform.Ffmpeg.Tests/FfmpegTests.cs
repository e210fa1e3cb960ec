using System.Diagnostics;

namespace Platform.Ffmpeg.Tests;

[Trait("Category", "Integration")]
public sealed class FfmpegTests : IAsyncDisposable
{
    private readonly TestFfmpeg media = new();

    public ValueTask DisposeAsync() => media.DisposeAsync();

    [Fact]
    public async Task Runs_a_command_and_tells_how_far_it_is()
    {
        var seen = new List<FfmpegProgress>();
        await media.Ffmpeg.RunAsync(Source(10) with { Outputs = [new FfmpegOutput(media.PathOf("a.mp4")) { Options = ["-pix_fmt", "yuv420p"] }], Length = TimeSpan.FromSeconds(10) }, media.Folder, seen.Add, CancellationToken.None);

        Assert.Equal(1, seen[^1].Share);
        Assert.Equal(250, seen[^1].Frames);
        Assert.Equal(seen.OrderBy(p => p.Time).Select(p => p.Time), seen.Select(p => p.Time));
        Assert.Equal(250, (await media.Probe.ProbeAsync(media.PathOf("a.mp4"), CancellationToken.None)).Video!.Frames);
    }

    [Fact]
    public async Task Reads_and_writes_raw_pictures_through_pipes()
    {
        var picture = new byte[16 * 16 * 3];
        Random.Shared.NextBytes(picture);
        var back = new MemoryStream();
        await media.Ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput("pipe:0") { Format = "rawvideo", Options = ["-pix_fmt", "rgb24", "-s", "16x16", "-r", "25"] }],
                Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo" }],
                Input = async (stream, token) => await stream.WriteAsync(picture, token),
                Output = async (stream, token) => await stream.CopyToAsync(back, token),
            },
            media.Folder, null, CancellationToken.None);

        Assert.Equal(picture, back.ToArray());
    }

    [Fact]
    public async Task Writes_a_graph_longer_than_any_argument()
    {
        var graph = new FilterGraph(Filters.Chain("0:v", "out", [.. Enumerable.Repeat(Filters.SetPts("PTS-STARTPTS"), 5000)]));
        Assert.True(graph.ToFilterString().Length > 100_000);

        await media.Ffmpeg.RunAsync(Source(0.2) with { Graph = graph, Outputs = [new FfmpegOutput("-") { Maps = ["[out]"], Format = "null" }] }, media.Folder, null, CancellationToken.None);
    }

    [Fact]
    public async Task Writes_nowhere_but_its_workspace()
    {
        var elsewhere = Path.Combine(Path.GetTempPath(), $"elsewhere-{Guid.NewGuid():N}.mp4");
        await Assert.ThrowsAsync<MediaException>(() => media.Ffmpeg.RunAsync(Source(0.2) with { Outputs = [new FfmpegOutput(Path.Combine("/usr", "x.mp4"))] }, media.Folder, null, CancellationToken.None));
        await Record.ExceptionAsync(() => media.Ffmpeg.RunAsync(Source(0.2) with { Outputs = [new FfmpegOutput(elsewhere)] }, media.Folder, null, CancellationToken.None));

        Assert.False(File.Exists(elsewhere)); // in the sandbox there is an own, empty /tmp
    }

    [Fact]
    public async Task Refuses_a_list_of_files_by_content_too()
    {
        var film = await media.MakeAsync("a.mp4", "-f lavfi -i testsrc2=s=64x48:d=1");
        await File.WriteAllTextAsync(media.PathOf("list.mp4"), $"ffconcat version 1.0\nfile {Path.GetFileName(film)}\n");

        var e = await Assert.ThrowsAsync<MediaException>(() => media.Ffmpeg.RunAsync(
            new FfmpegCommand { Inputs = [new FfmpegInput(media.PathOf("list.mp4"))], Outputs = [new FfmpegOutput(media.PathOf("out.mp4"))] }, media.Folder, null, CancellationToken.None));
        Assert.Equal("media.unsupported_container", e.Code);
    }

    [Fact]
    public async Task A_cancel_ends_it_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var clock = new Stopwatch();
        var run = media.Ffmpeg.RunAsync(
            Source(100_000) with { Outputs = [new FfmpegOutput(media.PathOf("a.mp4"))] }, media.Folder, _ => { clock.Start(); cancel.Cancel(); }, cancel.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_gap_of_a_day_between_two_frames_ends_with_the_length_that_was_asked_for()
    {
        var gap = await media.MakeAsync("gap.mkv", "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -vf setpts=N/25/TB+gte(N\\,10)*100000/TB -fps_mode passthrough -c:v ffv1");
        var clock = Stopwatch.StartNew();
        await media.Ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(gap)],
                Graph = new FilterGraph(Filters.Chain("0:v", "out", Filters.Fps(25))),
                Outputs = [new FfmpegOutput("-") { Maps = ["[out]"], Format = "null", Duration = TimeSpan.FromSeconds(2) }],
            },
            media.Folder, null, CancellationToken.None);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Measures_loudness()
    {
        // EBU Tech 3341, case 1: a stereo sine of 1 kHz at −23 dBFS is −23 LUFS
        var tone = await media.MakeAsync("tone.wav", $"-f lavfi -i sine=1000:r=48000:d=20 -af volume={0.0708 * 8},pan=stereo|c0=c0|c1=c0 -c:a pcm_f32le");
        var loudness = await media.Ffmpeg.MeasureLoudnessAsync(tone, media.Folder, null, CancellationToken.None);

        Assert.Equal(-23.0, loudness.Integrated!.Value, 0.11);
        Assert.Equal(-23.0, loudness.TruePeak!.Value, 0.2);

        var silence = await media.Ffmpeg.MeasureLoudnessAsync(await media.MakeAsync("silence.wav", "-f lavfi -i anullsrc=d=5"), media.Folder, null, CancellationToken.None);
        Assert.Equal((null, null), (silence.Integrated, silence.TruePeak));
    }

    [Fact]
    public async Task Takes_pictures_out_of_a_film()
    {
        var film = await media.MakeAsync("a.mp4", "-f lavfi -i testsrc2=s=320x240:d=3 -pix_fmt yuv420p");
        await media.Ffmpeg.RunAsync(Frames.At(film, TimeSpan.FromSeconds(1), media.PathOf("at.png"), width: 160), media.Folder, null, CancellationToken.None);
        await media.Ffmpeg.RunAsync(Frames.Typical(film, TimeSpan.Zero, media.PathOf("typical.jpg"), frames: 30), media.Folder, null, CancellationToken.None);

        Assert.Equal((160, 120), await SizeAsync("at.png"));
        Assert.Equal((320, 240), await SizeAsync("typical.jpg"));
    }

    private async Task<(int, int)> SizeAsync(string name)
    {
        var video = (await media.Probe.ProbeAsync(media.PathOf(name), CancellationToken.None)).RequireVideo();
        return (video.Width, video.Height);
    }

    private static FfmpegCommand Source(double seconds) => new()
    {
        Inputs = [new FfmpegInput(FormattableString.Invariant($"testsrc2=s=320x240:d={seconds}")) { Format = "lavfi" }],
        Outputs = [],
    };
}
