using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Pictures;
using CameraIntensity = Platform.Capture.Takes.CameraIntensity;

namespace Platform.Capture.Tests;

[Trait("Category", "Integration")]
public sealed class CameraCompositionTests : IDisposable
{
    private const int Width = 480, Height = 272, Fps = 30;

    private static readonly PictureSize Size = new(Width, Height);

    private readonly string workspace = Directory.CreateTempSubdirectory("composition-").FullName;
    private readonly ServiceProvider services = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddFfmpeg().BuildServiceProvider();

    private IFfmpeg Tool => services.GetRequiredService<IFfmpeg>();

    public void Dispose()
    {
        services.Dispose();
        Directory.Delete(workspace, recursive: true);
    }

    [Fact]
    public async Task Shows_every_frame_of_the_take_once_and_in_order()
    {
        var plan = Plan(CameraIntensity.Normal, 4);
        // Every frame has a brightness of its own, twelve apart, so that a lost or doubled one shows.
        var take = await TakeAsync(plan.Frames, (frame, n) => Array.Fill(frame, (byte)(40 + n % 15 * 12), 0, Width * Height));

        var frames = await FramesAsync(await ComposeAsync(plan, take, Medium(writesResult: true)), Size);

        Assert.Equal(Enumerable.Range(0, plan.Frames).Select(n => n % 15), frames.Select(frame => (int)Math.Round((frame[Width * Height / 2] - 40) / 12.0)));
    }

    [Fact]
    public async Task Writes_a_result_that_plays_everywhere()
    {
        var plan = Plan(CameraIntensity.Normal, 3, new FrameFormat(320, 568));
        var film = await ComposeAsync(plan, await TakeAsync(plan.Frames, Pattern), Medium(writesResult: true), 320, 568);

        var info = await services.GetRequiredService<IMediaProbe>().ProbeAsync(film, default);
        var video = info.RequireVideo();
        Assert.Equal(("h264", 320, 568, "yuv420p", 30.0), (video.Codec, video.Width, video.Height, video.PixelFormat, video.FrameRate.Value));
        Assert.Equal(("tv", "bt709", "bt709", "bt709"), (video.ColorRange, video.ColorSpace, video.ColorTransfer, video.ColorPrimaries));
        Assert.Equal(3.0, info.RequireDuration().TotalSeconds, 3);
        Assert.Equal(TimeSpan.Zero, video.Start);
        var bytes = await File.ReadAllBytesAsync(film);
        Assert.True(bytes.AsSpan().IndexOf("moov"u8) < bytes.AsSpan().IndexOf("mdat"u8), "the index is not in front");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Lets_every_press_be_heard_with_the_frame_that_shows_it(bool writesResult)
    {
        int[] presses = [20, 75, 76, 110];
        var plan = Plan(CameraIntensity.Normal, 4) with { Pauses = [new Pause(30, 70, 4)] };
        var shown = Timeline(plan) with
        {
            Pointer = [.. Enumerable.Repeat<PointerSample?>(new PointerSample(100, 100), plan.Frames)],
            Actions = [.. presses.Select(frame => new TimelineAction { Kind = "press", Start = frame, Found = frame, Frame = frame, End = frame + 1, Text = "a", Keys = [frame] })],
        };
        var look = new FilmSettings { Format = new FrameFormat(Width, Height), Pointer = new PointerParameters { Sounds = true, Keys = false } };
        var film = await ComposeAsync(plan, await TakeAsync(plan.Frames, Pattern), Medium(writesResult), look: look, shown: shown);

        var samples = await SamplesAsync(film);
        Assert.Equal(plan.FilmFrames, (await FramesAsync(film, Size)).Count);
        Assert.Equal(90, plan.FilmFrames);
        // To the sample; AAC fills its last block of 1024 with silence.
        var whole = plan.FilmFrames * PressSounds.SampleRate / Fps;
        Assert.InRange(samples.Length, whole, writesResult ? whole + 1023 : whole);
        foreach (var at in presses.Select(frame => plan.FilmFrame(frame) * PressSounds.SampleRate / Fps))
        {
            // Half a click's height is reached within 5 ms of its frame, and nothing was heard in the 10 ms before.
            Assert.InRange(Array.FindIndex(samples, Math.Max(0, at - 240), sample => Math.Abs(sample) > 0.03) - at, -240, 240);
            if (at != plan.FilmFrame(76) * PressSounds.SampleRate / Fps)
                Assert.All(samples[(at - 720)..(at - 240)], sample => Assert.InRange(sample, -0.01, 0.01));
        }
    }

    [Fact]
    public async Task Is_silent_where_nothing_is_pressed()
    {
        var plan = Plan(CameraIntensity.Normal, 3);
        var look = new FilmSettings { Format = new FrameFormat(Width, Height), Pointer = new PointerParameters { Sounds = true } };

        var film = await ComposeAsync(plan, await TakeAsync(plan.Frames, Pattern), Medium(writesResult: true), look: look);

        Assert.Null((await services.GetRequiredService<IMediaProbe>().ProbeAsync(film, default)).Audio);
    }

    [Fact]
    public async Task Copies_the_take_when_the_camera_sees_all_of_it_and_another_stage_goes_on()
    {
        var plan = Plan(CameraIntensity.None, 3);
        var take = await TakeAsync(plan.Frames, Pattern);

        var film = await ComposeAsync(plan, take, null);

        Assert.Equal(await FramesAsync(take, Size), await FramesAsync(film, Size));
    }

    [Fact]
    public async Task Scales_a_take_of_another_size_when_the_camera_stands_still()
    {
        var plan = Plan(CameraIntensity.None, 3, new FrameFormat(320, 182));

        var film = await ComposeAsync(plan, await TakeAsync(plan.Frames, Pattern), null, 320, 182);

        Assert.Equal(plan.Frames, (await FramesAsync(film, new PictureSize(320, 182))).Count);
    }

    [Fact]
    public async Task Shrinks_a_take_of_many_more_pixels_than_the_film_without_shimmer()
    {
        var plan = Plan(CameraIntensity.Normal, 3, new FrameFormat(160, 90));
        // Columns of one pixel, black and white: shrunk threefold they are an even grey.
        var take = await TakeAsync(plan.Frames, (frame, _) =>
        {
            for (var at = 0; at < Width * Height; at++)
                frame[at] = (byte)(at % 2 == 0 ? 16 : 235);
        });

        var target = new PictureSize(160, 90);
        var frame = (await FramesAsync(await ComposeAsync(plan, take, Medium(writesResult: false), target.Width, target.Height), target))[0];

        Assert.InRange(frame.Take(160 * 90).Max() - frame.Take(160 * 90).Min(), 0, 60);
    }

    [Fact]
    public async Task Says_so_when_the_take_is_shorter_than_the_plan()
    {
        var plan = Plan(CameraIntensity.Normal, 3);
        var take = await TakeAsync(plan.Frames - 7, Pattern);

        var failure = await Assert.ThrowsAsync<MediaException>(() => ComposeAsync(plan, take, null));

        Assert.Equal("capture.take_incomplete", failure.Code);
    }

    [Fact]
    public async Task Says_why_a_broken_take_cannot_be_read()
    {
        var take = Path.Combine(workspace, "broken.mkv");
        await File.WriteAllBytesAsync(take, new byte[5000]);

        var failure = await Assert.ThrowsAsync<MediaException>(() => ComposeAsync(Plan(CameraIntensity.Normal, 3), take, null));

        Assert.StartsWith("media.", failure.Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_at_once_with_both_its_children_when_cancelled()
    {
        var plan = Plan(CameraIntensity.Lively, 60, FrameFormat.Wide);
        var take = await TakeAsync(plan.Frames, Pattern);
        using var cancel = new CancellationTokenSource();
        var begun = new TaskCompletionSource();

        var run = new Composition(Tool, workspace).ComposeAsync(
            take, Timeline(plan), plan, new FilmSettings { Format = FrameFormat.Wide, Encode = Medium(writesResult: true) }, Path.Combine(workspace, "film.mp4"), _ => begun.TrySetResult(), cancel.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Select(CommandLine), line => line.Contains(workspace, StringComparison.Ordinal));

        static string CommandLine(string folder)
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (IOException)
            {
                return ""; // it has ended
            }
        }
    }

    [Fact]
    public async Task Chooses_a_thumbnail_with_something_to_see_and_not_the_first_frame()
    {
        var plan = Plan(CameraIntensity.None, 12);
        var rich = plan.Shots.Last(shot => shot.Kind == ShotKind.CallToAction);
        // Everything before is empty.
        var take = await TakeAsync(plan.Frames, (frame, n) =>
        {
            Array.Fill(frame, (byte)128);
            if (n >= rich.Start)
                Pattern(frame, n);
        });
        var picture = Path.Combine(workspace, "thumbnail.png");

        await new Composition(Tool, workspace).ThumbnailAsync(take, plan, picture, default);

        var pixels = Assert.Single(await FramesAsync(picture, Size));
        Assert.True(pixels.Take(Width * Height).Max() - pixels.Take(Width * Height).Min() > 150, "the thumbnail is empty");
    }

    private static ShotPlan Plan(CameraIntensity intensity, double seconds, FrameFormat? film = null) => Director.Plan(
        Pages.Product(),
        new PlanSettings { ViewportWidth = 960, ViewportHeight = 544, Formats = [film ?? new FrameFormat(Width, Height)], Duration = seconds, Fps = Fps, Intensity = intensity }) with { DeviceScale = 0.5 };

    private static Timeline Timeline(ShotPlan plan, int? frames = null) => new()
    {
        Url = "http://site.invalid/", Title = "", Fps = Fps, Frames = frames ?? plan.Frames, ViewportWidth = 960, ViewportHeight = 544, DeviceScale = 0.5,
        FrameWidth = Width, FrameHeight = Height, Page = Pages.Product(), ScrollY = ImmutableArray.CreateRange(Enumerable.Range(0, plan.Frames).Select(plan.ScrollAt)),
    };

    private static FinalEncode Medium(bool writesResult) => new() { Settings = new EncodeSettings { Preset = "veryfast", Crf = 18 }, WritesResult = writesResult };

    private static void Pattern(byte[] frame, int n)
    {
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                frame[y * Width + x] = (byte)((x / 20 + y / 20) % 2 == 0 ? 30 + (x + n) % 90 : 225 - y % 60);
    }

    private async Task<string> ComposeAsync(ShotPlan plan, string take, FinalEncode? encode, int width = Width, int height = Height, FilmSettings? look = null, Timeline? shown = null)
    {
        var film = Path.Combine(workspace, encode?.WritesResult ?? false ? "film.mp4" : "film.mkv");
        await new Composition(Tool, workspace).ComposeAsync(take, shown ?? Timeline(plan), plan, (look ?? new FilmSettings { Format = new FrameFormat(width, height) }) with { Encode = encode }, film, _ => { }, default);
        return film;
    }

    // A take as Capture keeps it, drawn instead of filmed.
    private async Task<string> TakeAsync(int frames, Action<byte[], int> draw)
    {
        var path = Path.Combine(workspace, "take.mkv");
        await Tool.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput("pipe:0") { Format = "rawvideo", Options = ["-pixel_format", "yuv420p", "-video_size", $"{Width}x{Height}", "-framerate", Fps.ToString(CultureInfo.InvariantCulture)] }],
                Outputs = [FilmEncoding.Intermediate.Output(path, "0:v", Fps, frames)],
                Input = async (stream, token) =>
                {
                    var frame = new byte[Size.Bytes];
                    for (var n = 0; n < frames; n++)
                    {
                        Array.Fill(frame, (byte)128);
                        draw(frame, n);
                        await stream.WriteAsync(frame, token);
                    }
                },
            },
            workspace, null, default);
        return path;
    }

    private async Task<float[]> SamplesAsync(string path)
    {
        using var samples = new MemoryStream();
        await Tool.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(path)],
                Outputs = [new FfmpegOutput("pipe:1") { Format = "f32le", Maps = ["0:a:0"], Options = ["-ac", "1", "-c:a", "pcm_f32le"] }],
                Output = (stream, token) => stream.CopyToAsync(samples, token),
            },
            workspace, null, default);
        return MemoryMarshal.Cast<byte, float>(samples.ToArray()).ToArray();
    }

    private async Task<List<byte[]>> FramesAsync(string path, PictureSize size)
    {
        List<byte[]> frames = [];
        await Tool.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(path)],
                Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo", Maps = ["0:v:0"], Options = ["-pix_fmt", "yuv420p", "-fps_mode", "passthrough"] }],
                Output = async (stream, token) =>
                {
                    var frame = new byte[size.Bytes];
                    while (await stream.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, token) == frame.Length)
                        frames.Add([.. frame]);
                },
            },
            workspace, null, default);
        return frames;
    }
}
