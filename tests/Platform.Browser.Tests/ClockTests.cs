using System.Diagnostics;

namespace Platform.Browser.Tests;

/// <summary>600 frames at 60 fps are 600 consecutive states of every clock that a page can have.</summary>
[Trait("Category", "Integration")]
public sealed class ClockTests
{
    private static readonly string[] Clocks = ["raf", "rafts", "css", "waapi", "smil", "timer", "now", "date"];

    /// <summary>A machine that does much else takes long for six hundred frames.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(30);

    private static readonly PageView Sixty = new() { Width = 640, Height = 360, FramesPerSecond = 60, Clock = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000) };

    [Fact]
    public Task Every_clock_of_scripts_and_styles_counts_every_frame() => ClocksAsync(60, underLoad: false);

    [Theory, InlineData(false), InlineData(true)]
    [Trait("Category", "Soak")]
    public Task Every_clock_holds_for_ten_seconds(bool underLoad) => ClocksAsync(600, underLoad);

    private static async Task ClocksAsync(int count, bool underLoad)
    {
        using var load = underLoad ? new Load() : null;
        await using var browser = await TestBrowser.StartAsync(budget: Budget);
        using var page = await browser.OpenAsync("clocks.html?fps=60", Sixty);
        var states = await StatesAsync(page, count, Clocks.Length);

        foreach (var (clock, row) in Clocks.Index().Select(c => (c.Item, c.Index)))
        {
            Assert.True(Consecutive(states[row]), $"{clock}: {string.Join(' ', states[row])}");
        }
    }

    [Fact]
    public Task Video_canvas_and_WebGL_are_in_step() => PicturesAsync(60, underLoad: false);

    [Theory, InlineData(false), InlineData(true)]
    [Trait("Category", "Soak")]
    public Task Video_canvas_and_WebGL_hold_for_ten_seconds(bool underLoad) => PicturesAsync(600, underLoad);

    private static async Task PicturesAsync(int count, bool underLoad)
    {
        await MakeNumbersAsync();
        using var load = underLoad ? new Load() : null;
        await using var browser = await TestBrowser.StartAsync(budget: Budget);
        using var page = await browser.OpenAsync("pictures.html", Sixty);
        var states = await StatesAsync(page, count, 5);

        var (video, canvas, webgl, counter, script) = (states[0], states[1], states[2], states[3], states[4]);
        Assert.True(Consecutive(counter), "rAF: " + string.Join(' ', counter));
        Assert.Equal(counter, canvas);
        Assert.Equal(counter, webgl);
        // From its first frame on, a video is within one of its frames of the page.
        var begun = Array.FindIndex(video, state => state > 0);
        Assert.InRange(begun, 0, 30);
        Assert.All(video[begun..].Index(), state => Assert.InRange(state.Item - (video[begun] + state.Index), -1, 1));
        begun = Array.FindIndex(script, state => state > 0);
        Assert.InRange(begun, 0, 30);
        Assert.All(script[begun..].Index(), state => Assert.InRange(state.Item - (script[begun] + state.Index), -1, 1));
    }

    [Fact]
    public async Task A_video_tells_its_page_what_it_does()
    {
        await MakeNumbersAsync();
        await using var browser = await TestBrowser.StartAsync(new()
        {
            ["a.html"] = "<video id=v src=numbers.mp4 muted></video><script>const log=[];for(const t of['play','playing','pause','ended','seeked'])v.addEventListener(t,()=>{if(t!=='seeked'||log.at(-1)!=='seeked')log.push(t)});"
                + "v.addEventListener('loadeddata',()=>{v.currentTime=11.5;v.play().then(()=>log.push('promise'))})</script>",
        });
        using var page = await browser.OpenAsync("a.html", Sixty);
        await page.PassAsync(90, TimePolicy.WaitForNetwork, default);
        var log = page.Page.EvaluateAsync<string>("() => log.join() + ' ' + v.paused + ' ' + v.ended");
        await page.PumpAsync(log, TimePolicy.Advance, default);

        Assert.Matches("^(promise,play|play,playing,promise|promise),.*pause,ended true true$", (await log).Replace("seeked,", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_takes_of_a_loop_turn_over_in_the_same_frame_and_are_told_the_same_time()
    {
        var (first, second) = (await LoopAsync(), await LoopAsync());

        Assert.Equal(first.Times, second.Times);
        Assert.True(first.Times.Zip(first.Times.Skip(1)).All(pair => pair.Second > pair.First), string.Join(' ', first.Times));
        Assert.All(first.Frames.Zip(second.Frames).Index(), pair => Assert.True(pair.Item.First.AsSpan().SequenceEqual(pair.Item.Second), $"frame {pair.Index} is another"));
        Assert.False(first.Frames[1].AsSpan().SequenceEqual(first.Frames[2]));
    }

    // Six frames to a turn: where one ends, the least difference in time is another picture.
    private static async Task<(List<byte[]> Frames, List<double> Times)> LoopAsync()
    {
        await using var browser = await TestBrowser.StartAsync(new()
        {
            ["a.html"] = "<style>body{margin:0}div{width:100px;height:100px;background:#06f;animation:t 100ms linear infinite}@keyframes t{to{transform:translateX(400px)}}</style><div></div>",
        });
        using var page = await browser.OpenAsync("a.html", Sixty);
        List<byte[]> frames = [];
        List<double> times = [];
        for (var i = 0; i < 40; i++)
        {
            frames.Add(await page.NextFrameAsync(FramePicture.Png, TimePolicy.WaitForNetwork, default) ?? frames[^1]);
            times.Add(Math.Round((await page.EvaluateAsync("performance.now()", default)).GetDouble(), 3));
        }

        return (frames, times);
    }

    [Fact]
    public Task Two_takes_are_equal_in_every_frame() => TwoTakesAsync(120, underLoad: false);

    [Theory, InlineData(false), InlineData(true)]
    [Trait("Category", "Soak")]
    public Task Two_takes_are_equal_for_ten_seconds(bool underLoad) => TwoTakesAsync(600, underLoad);

    // The second take alone is under load: what a busy machine changes would show.
    private static async Task TwoTakesAsync(int count, bool underLoad)
    {
        var first = await TurningAsync(count);
        using var load = underLoad ? new Load() : null;
        var second = await TurningAsync(count);

        var likeness = first.Zip(second).Select(pair => pair.First.AsSpan().SequenceEqual(pair.Second) ? double.PositiveInfinity : Psnr(PngPicture.Decode(pair.First), PngPicture.Decode(pair.Second))).ToList();
        TestContext.Current.SendDiagnosticMessage($"{count} frames of two takes: {likeness.Count(double.IsInfinity)} equal to the byte, the least alike {likeness.Min():0.0} dB");
        Assert.All(likeness, decibels => Assert.InRange(decibels, 50, double.PositiveInfinity));
        Assert.InRange(Psnr(PngPicture.Decode(first[0]), PngPicture.Decode(first[30])), 0, 40); // it does move
    }

    private static async Task<List<byte[]>> TurningAsync(int count)
    {
        await using var browser = await TestBrowser.StartAsync(new()
        {
            ["a.html"] = "<style>body{margin:0;background:#eef}div{position:absolute;left:200px;top:90px;width:180px;height:160px;border-radius:24px;background:linear-gradient(#f60,#06f);box-shadow:0 20px 60px #0008;animation:t 3s linear infinite;font:30px serif;color:#fff}"
                + "@keyframes t{to{transform:rotate(360deg) scale(1.4)}}</style><div>Turning text</div>",
        }, budget: Budget);
        using var page = await browser.OpenAsync("a.html", Sixty);
        List<byte[]> frames = [];
        for (var i = 0; i < count; i++)
        {
            frames.Add(await page.NextFrameAsync(FramePicture.Png, TimePolicy.WaitForNetwork, default) ?? frames[^1]);
        }

        return frames;
    }

    private static bool Consecutive(int[] states) => states.Index().All(state => state.Item == ((states[0] + state.Index) & 1023));

    // Ten squares of 40 pixels in a row of 40: bits, lowest first.
    private static async Task<int[][]> StatesAsync(VirtualTimePage page, int count, int rows)
    {
        var states = Enumerable.Range(0, rows).Select(_ => new int[count]).ToArray();
        PngPicture? picture = null;
        for (var frame = 0; frame < count; frame++)
        {
            if (await page.NextFrameAsync(FramePicture.Png, TimePolicy.WaitForNetwork, default) is { } drawn)
            {
                picture = PngPicture.Decode(drawn);
            }

            for (var row = 0; row < rows; row++)
            {
                states[row][frame] = Enumerable.Range(0, 10).Sum(bit => picture![bit * 40 + 18, row * 40 + 18].R > 127 ? 1 << bit : 0);
            }
        }

        return states;
    }

    private static double Psnr(PngPicture a, PngPicture b)
    {
        double sum = 0;
        for (var y = 0; y < a.Height; y++)
        {
            for (var x = 0; x < a.Width; x++)
            {
                var (p, q) = (a[x, y], b[x, y]);
                sum += Math.Pow(p.R - q.R, 2) + Math.Pow(p.G - q.G, 2) + Math.Pow(p.B - q.B, 2);
            }
        }

        return 10 * Math.Log10(255 * 255 / (sum / (3.0 * a.Width * a.Height)));
    }

    // Twelve seconds at 60 fps whose every frame shows its number.
    private static readonly Lazy<Task> Numbers = new(async () =>
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Pages", "numbers.mp4");
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg",
        [
            "-v", "error", "-y", "-f", "lavfi", "-i", "nullsrc=s=400x40:r=60,geq=lum='235*mod(floor(N/pow(2,floor(X/40))),2)+16*(1-mod(floor(N/pow(2,floor(X/40))),2))':cb=128:cr=128",
            "-frames:v", "720", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p", "-movflags", "+faststart", path,
        ]))!;
        await ffmpeg.WaitForExitAsync();
        Assert.Equal(0, ffmpeg.ExitCode);
    });

    private static Task MakeNumbersAsync() => Numbers.Value;

    /// <summary>Keeps every core busy.</summary>
    private sealed class Load : IDisposable
    {
        private readonly Process[] busy = [.. Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"]))];

        public void Dispose()
        {
            foreach (var process in busy)
            {
                process.Kill();
                process.Dispose();
            }
        }
    }
}
