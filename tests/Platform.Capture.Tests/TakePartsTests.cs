using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Platform.Browser;
using Platform.Capture.Camera;
using Platform.Capture.Pages;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Egress;

namespace Platform.Capture.Tests;

public sealed class TakePartsTests
{
    // Animations of every kind, what chance and the time of day say, and a loop that turns over again and again.
    private const string Busy = """
        <!doctype html><title>Busy</title><style>body{margin:0;height:1800px;background:#eef;font:20px serif}div{position:absolute;left:60px;width:160px;height:120px;background:linear-gradient(#f60,#06f);box-shadow:0 9px 30px #0008}
        #a{top:40px;animation:t 1s linear infinite}#b{top:700px;animation:t 700ms ease-in-out infinite alternate}@keyframes t{to{transform:rotate(360deg) scale(1.3)}}#s{position:fixed;left:300px;top:20px}</style>
        <div id=a>Turning</div><div id=b></div><p id=s></p><canvas id=c style="position:fixed;right:0;top:120px"></canvas>
        <script>const d=c.getContext('2d'),m=Math.random();let n=0;(function f(t){s.textContent=`${n++} ${Math.round(t)} ${m} ${new Date().getSeconds()}`;d.fillStyle=`hsl(${Math.random()*360} 80% 50%)`;d.fillRect(Math.random()*280,Math.random()*130,20,20);requestAnimationFrame(f)})(0)</script>
        """;

    [Fact]
    public void Later_parts_are_shorter_for_they_pass_through_more()
    {
        var cuts = TakeParts.Cuts(3000, 4, 30);

        Assert.Equal((0, 3000, 5), (cuts[0], cuts[^1], cuts.Length));
        // Drawing costs 1, passing a sixth: all take as long.
        var costs = cuts.Zip(cuts.Skip(1), (from, to) => from / 6.0 + to - from).ToList();
        Assert.All(costs, cost => Assert.Equal(costs[0], cost, 2.0));
    }

    [Theory, InlineData(90, 16, 30, 3), InlineData(20, 4, 30, 1), InlineData(90, 1, 30, 1)]
    public void No_part_is_shorter_than_a_second(int frames, int parts, int fps, int most)
    {
        var cuts = TakeParts.Cuts(frames, parts, fps);

        Assert.InRange(cuts.Length - 1, 1, most);
        Assert.All(cuts.Zip(cuts.Skip(1)), part => Assert.InRange(part.Second - part.First, Math.Min(fps, frames), frames));
    }

    [Fact]
    public void Likeness_is_the_peak_signal_to_noise_ratio()
    {
        Assert.Equal(double.PositiveInfinity, TakeParts.Likeness([1, 2, 3], [1, 2, 3]));
        Assert.Equal(48.13, TakeParts.Likeness([0, 0, 0, 0], [1, 1, 1, 1]), 2);
        Assert.Equal(0, TakeParts.Likeness([1], [1, 2]));
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task Parts_drawn_by_different_browsers_have_the_frames_of_the_whole()
    {
        await using var host = await CaptureHost.StartAsync();
        var plan = ScrollPlan();
        var whole = await DrawAsync(host, plan, 0, plan.Frames);
        var (first, second) = (await DrawAsync(host, plan, 0, 40), await DrawAsync(host, plan, 40, plan.Frames));

        Assert.Equal(first.Frames[^1], second.Lead);
        List<byte[]> joined = [.. first.Frames, .. second.Frames];
        Assert.Equal(plan.Frames, joined.Count);
        Assert.All(whole.Frames.Zip(joined).Index(), pair => Assert.True(pair.Item.First.AsSpan().SequenceEqual(pair.Item.Second), $"frame {pair.Index} is another"));
        Assert.True(whole.Frames.Distinct(ByContent).Count() > plan.Frames - 2);
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task A_capture_in_parts_is_filmed_joined_and_composed()
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadPageAsync(Busy);
        var parameters = new CaptureParameters { Url = site.Url, Format = new FrameFormat(480, 272), Mode = CaptureMode.Scroll, Duration = 4, Fps = 24, Parts = 3 };

        var made = await host.InPartsAsync(parameters, site.Index);
        var done = made as StageCompleted ?? throw new InvalidOperationException(JsonSerializer.Serialize(made, made.GetType()));
        // The take is kept as one made whole is: another camera needs no browser and no parts.
        var again = await host.CaptureAsync(parameters with { Camera = new() { Intensity = Contracts.CameraIntensity.None } }, site.Index);

        Assert.Equal(["shots", "take", "thumbnail", "video"], done.Outputs.Keys.Order());
        Assert.Equal(4, done.Outputs["video"].Artifacts[0].Media!.Duration!.Value, 2);
        Assert.Equal(done.Outputs["take"].Artifacts[0].Sha256, again.Outputs["take"].Artifacts[0].Sha256);
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task Parts_that_do_not_meet_fail_the_capture_and_say_where()
    {
        await using var host = await CaptureHost.StartAsync();
        // Chance that nobody can foretell: every browser sees another page.
        var site = await host.UploadPageAsync(Busy.Replace("Math.random()", "(crypto.getRandomValues(new Uint32Array(1))[0]/2**32)", StringComparison.Ordinal));

        var failure = Assert.IsType<StageFailed>(await host.InPartsAsync(
            new CaptureParameters { Url = site.Url, Format = new FrameFormat(480, 272), Mode = CaptureMode.Scroll, Duration = 3, Fps = 24, Parts = 2 }, site.Index)).Failure;

        Assert.Equal(("capture.parts_disagree", FailureKind.Permanent), (failure.Code, failure.Kind));
        Assert.Matches("at frame 39 ", failure.Detail);
    }

    private static readonly EqualityComparer<byte[]> ByContent = EqualityComparer<byte[]>.Create((one, other) => one.AsSpan().SequenceEqual(other), bytes => bytes.Length);

    private static ShotPlan ScrollPlan() => Director.Plan(
        new PageMap { Width = 640, Height = 1800, Elements = [] },
        new PlanSettings { ViewportWidth = 640, ViewportHeight = 360, Formats = [new FrameFormat(640, 360)], Duration = 3, Fps = 24, Mode = TakeMode.Scroll }) with { DeviceScale = 1 };

    private static async Task<(List<byte[]> Frames, byte[]? Lead)> DrawAsync(CaptureHost host, ShotPlan plan, int from, int to)
    {
        var clock = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        await using var studio = new Studio(
            host.Services.GetRequiredService<IBrowserLauncher>(), host.Services.GetRequiredService<GuardedConnector>(), new OnePage(), Visitor.Nobody, TimeSpan.FromMinutes(10), clock);
        var request = new PageRequest { Url = SiteAddress.For("busy"), ViewportWidth = 640, ViewportHeight = 360 };
        using var page = await studio.OpenAsync(request, [], plan.DeviceScale, plan.Fps, CancellationToken.None);
        await page.NavigateAsync(request.Url, CancellationToken.None);
        await page.LoadAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        var frames = Channel.CreateUnbounded<byte[]>();
        var scroll = new PlannedScroll(plan, from, to);
        await scroll.PerformAsync(page, new Reel(page, plan.Fps, frames.Writer, new Witness(host.WorkFolder), _ => { }), CancellationToken.None);
        frames.Writer.Complete();
        return (await frames.Reader.ReadAllAsync().ToListAsync(), scroll.Lead);
    }

    private sealed class OnePage : ISiteSource
    {
        public ValueTask<SiteFile?> OpenAsync(string host, string path, CancellationToken cancellationToken) =>
            ValueTask.FromResult<SiteFile?>(new SiteFile(new MemoryStream(Encoding.UTF8.GetBytes(Busy)), "text/html; charset=utf-8"));
    }
}
