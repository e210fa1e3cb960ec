using System.Diagnostics;
using System.Text.Json;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;

namespace Platform.Capture.Tests;

[Trait("Category", "Integration")]
public sealed class ScriptTests
{
    private static readonly FrameFormat Size = new(640, 360);

    private const string Shop = """
        <!doctype html><title>Shop</title><style>body{margin:0;font:20px sans-serif;height:2600px;background:#f4f1ea}main{padding:40px}input,button,a{font:inherit;padding:12px 20px}
        #menu{display:none}nav:hover #menu{display:block}</style>
        <main><h1>Shop</h1><nav>Products<div id=menu><a href="/more.html">More tea</a></div></nav>
        <input id=mail placeholder="Your mail"><input id=pass type=password placeholder=Password><button id=add>Add to basket</button><p id=out></p></main>
        <section style="position:absolute;top:2000px;left:40px"><h2 style="opacity:0">Plans</h2><button id=far>Choose plan</button><button id=del>Delete account</button><a href="https://elsewhere.example/">Partner</a></section>
        <script>const log=[];for(const t of['click','keydown','mouseover'])document.addEventListener(t,e=>{if(t!=='mouseover')log.push(t+':'+(e.key||e.target.id)+':'+Math.round(performance.now()))},true);
        add.onclick=()=>setTimeout(()=>out.textContent='One in the basket',500);far.onclick=()=>far.textContent='Chosen';
        new IntersectionObserver(([e],o)=>{if(e.isIntersecting)e.target.style.opacity=1}).observe(document.querySelector('h2'))</script>
        """;

    [Fact]
    public async Task Does_every_step_and_tells_what_it_did()
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadAsync(new Dictionary<string, string>
        {
            ["index.html"] = Shop, ["more.html"] = "<!doctype html><title>More</title><body style='background:#023;color:#fff;font:60px sans-serif'><h1>More tea</h1>",
        });
        var done = await host.CaptureAsync(
            new CaptureParameters
            {
                Url = site.Url, Format = Size, Mode = CaptureMode.Script, Fps = 30,
                Secrets = new() { Plain = new() { Values = new Dictionary<string, string> { ["password"] = "hunter2" } } },
                Steps =
                [
                    new() { Action = CaptureAction.Type, Selector = "#mail", Value = "a@b.c", After = 0.2 },
                    new() { Action = CaptureAction.Type, Selector = "#pass", Secret = "password", After = 0.2 },
                    new() { Action = CaptureAction.Click, Text = "Add to basket", After = 0.1 },
                    new() { Action = CaptureAction.WaitFor, Text = "One in the basket", After = 0.1 },
                    new() { Action = CaptureAction.Press, Keys = "Control+K", After = 0.1 },
                    new() { Action = CaptureAction.Highlight, Selector = "h1", Duration = 0.5 },
                    new() { Action = CaptureAction.ScrollTo, Text = "Plans", After = 0.1 },
                    new() { Action = CaptureAction.Click, Selector = "#far", After = 0.1 },
                    new() { Action = CaptureAction.ScrollBy, Y = -3000, After = 0.1 },
                    new() { Action = CaptureAction.Hover, Text = "Products", After = 0.3 },
                    new() { Action = CaptureAction.Click, Text = "More tea", After = 0.3 },
                    new() { Action = CaptureAction.WaitFor, Selector = "h1", After = 0.1 },
                ],
            },
            site.Index);

        var take = await host.FileAsync(done.Outputs["take"].Artifacts[0], "take.mkv");
        var timeline = await TimelineAsync(take);
        Assert.Equal(["type", "type", "click", "waitFor", "press", "highlight", "scrollTo", "click", "scrollBy", "hover", "click", "waitFor"], timeline.Actions.Select(action => action.Kind));
        Assert.Equal("•••••••", timeline.Actions[1].Text);
        Assert.DoesNotContain("hunter2", JsonSerializer.Serialize(timeline), StringComparison.Ordinal);
        Assert.Equal(timeline.Frames, timeline.Pointer.Length);
        Assert.Equal(timeline.Frames, timeline.ScrollY.Length);
        Assert.InRange(timeline.ScrollY[timeline.Actions[7].Frame], 1500, 2600);
        Assert.Equal(PointerShape.Text, timeline.Pointer[timeline.Actions[0].Frame]!.Value.Shape);
        Assert.True(timeline.Pointer[timeline.Actions[2].Frame]!.Value.Down);
        // The page answers 500 ms of its own time after the click: 15 frames, and one on either side for the press itself.
        Assert.InRange(timeline.Actions[3].Frame - timeline.Actions[2].Frame, 15, 21);
        // No pointer jumps: between two frames it never goes further than a fast hand would.
        var steps = timeline.Pointer.Zip(timeline.Pointer.Skip(1)).Where(pair => pair is { First: not null, Second: not null })
            .Select(pair => Math.Max(Math.Abs(pair.Second!.Value.X - pair.First!.Value.X), Math.Abs(pair.Second.Value.Y - pair.First.Value.Y)));
        Assert.InRange(steps.Max(), 1, 120);
        if (Environment.GetEnvironmentVariable("KEEP_FILMS") is { } folder)
        {
            File.Copy(take, Path.Combine(folder, "script.mkv"), overwrite: true);
            await File.WriteAllTextAsync(Path.Combine(folder, "timeline.json"), JsonSerializer.Serialize(timeline, JsonSerializerOptions.Web));
        }
    }

    [Fact]
    public async Task Hurries_through_what_nothing_happens_in_and_lets_presses_be_heard_without_another_take()
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadPageAsync("""
            <!doctype html><title>Slow</title><style>body{margin:40px;font:24px sans-serif}input,button{font:inherit;padding:12px}</style><h1>Slow</h1><input id=name> <button id=go>Go</button> <button id=late hidden>Late</button>
            <script>go.onclick=()=>setTimeout(()=>late.hidden=false,8000)</script>
            """);
        var parameters = new CaptureParameters
        {
            Url = site.Url, Format = Size, Mode = CaptureMode.Script, Fps = 24, LongestStill = 2, Pointer = new() { Sounds = true },
            Steps =
            [
                new() { Action = CaptureAction.Type, Selector = "#name", Value = "ab", After = 0.2 },
                new() { Action = CaptureAction.Wait, Duration = 8 },
                new() { Action = CaptureAction.Click, Selector = "#go", After = 0.2 },
                new() { Action = CaptureAction.Click, Selector = "#late", After = 0.2 },
            ],
        };

        var trimmed = await host.CaptureAsync(parameters, site.Index);
        var whole = await host.CaptureAsync(parameters with { LongestStill = null, LongestWait = 0, Pointer = new() }, site.Index);

        var timeline = await TimelineAsync(await host.FileAsync(trimmed.Outputs["take"].Artifacts[0], "take.mkv"));
        var (wait, late) = (timeline.Actions[1], timeline.Actions[3]);
        // A caret blinks in the field: that is no change.
        Assert.InRange(timeline.Changes.Count(frame => frame > wait.Start + 24 && frame < wait.End), 0, 1);
        Assert.InRange(late.Found - late.Start, 7 * 24, 9 * 24);
        var plan = ShotPlanJson.Read(await File.ReadAllTextAsync(await host.FileAsync(trimmed.Outputs["shots"].Artifacts[0], "shots.json")));
        Assert.Equal(2, plan.Pauses.Length);
        Assert.InRange(plan.Frames - plan.FilmFrames, 11 * 24, 13 * 24);
        var (film, asFilmed) = (trimmed.Outputs["video"].Artifacts[0].Media!, whole.Outputs["video"].Artifacts[0].Media!);
        Assert.Equal((plan.FilmFrames / 24.0, "flac"), (Math.Round(film.Duration!.Value * 24) / 24, film.AudioCodec));
        Assert.Equal((timeline.Frames / 24.0, null), (Math.Round(asFilmed.Duration!.Value * 24) / 24, asFilmed.AudioCodec));
        Assert.Equal(trimmed.Outputs["take"].Artifacts[0].Sha256, whole.Outputs["take"].Artifacts[0].Sha256);
        // Three times the button goes down and up, twice a key.
        Assert.Equal((3, 3, 2), (Heard(Pressed.Button), Heard(Pressed.Released), Heard(Pressed.Key)));

        int Heard(Pressed kind) => PressSounds.Of(timeline, plan).Count(press => press.Kind == kind);
    }

    [Theory]
    [InlineData("click", "#del", null, "capture.destructive_action")]
    [InlineData("click", null, "Partner", "capture.origin_not_allowed")]
    [InlineData("click", "#nothing", null, "capture.target_missing")]
    [InlineData("click", "..", null, "capture.selector_invalid")]
    [InlineData("goto", null, "https://elsewhere.example/", "capture.origin_not_allowed")]
    [InlineData("press", null, "Nokey", "capture.key_unknown")]
    public async Task Stops_where_it_may_not_or_cannot_go_on(string action, string? selector, string? text, string code)
    {
        await using var host = await CaptureHost.StartAsync();
        var site = await host.UploadPageAsync(Shop);
        var step = new CaptureStep { Action = Enum.Parse<CaptureAction>(action, ignoreCase: true), Selector = selector, Timeout = 1, After = 0 };
        step = action switch { "goto" => step with { Url = text }, "press" => step with { Keys = text }, _ => step with { Text = text } };
        var failure = await host.FailAsync(new CaptureParameters { Url = site.Url, Format = Size, Mode = CaptureMode.Script, Fps = 24, Steps = [step] }, site.Index);

        Assert.Equal((code, FailureKind.Permanent), (failure.Code, failure.Kind));
        Assert.StartsWith($"Step 1 ({action}): ", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(["document", "screenshot"], failure.Evidence.Keys.Order());
    }

    internal static async Task<Timeline> TimelineAsync(string take)
    {
        var json = Path.ChangeExtension(take, ".json");
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-dump_attachment:t:0", json, "-i", take, "-t", "0", "-f", "null", "-"]))!;
        await ffmpeg.WaitForExitAsync();
        return JsonSerializer.Deserialize<Timeline>(await File.ReadAllTextAsync(json), JsonSerializerOptions.Web)!;
    }
}
