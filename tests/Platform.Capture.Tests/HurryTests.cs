using System.Collections.Immutable;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;

namespace Platform.Capture.Tests;

public sealed class HurryTests
{
    private static readonly PlanSettings Wide = new() { ViewportWidth = 1280, ViewportHeight = 720, Formats = [FrameFormat.Wide], Fps = 30, Duration = 10 };

    private static TimelineAction Act(string kind, int start, int frame, int end, int? found = null, int words = 0) =>
        new() { Kind = kind, Start = start, Found = found ?? start, Frame = frame, End = end, Words = words };

    // Still but for where it is said to change.
    private static Timeline Take(ImmutableArray<int> changes, params TimelineAction[] actions) => new()
    {
        Url = "http://site.invalid/", Title = "", Fps = 30, Frames = 600, ViewportWidth = 1280, ViewportHeight = 720, DeviceScale = 2, FrameWidth = 2560, FrameHeight = 1440,
        Page = new PageMap { Width = 1280, Height = 3000, Elements = [] }, ScrollY = [.. Enumerable.Repeat(0.0, 600)], Changes = changes, Actions = [.. actions],
    };

    [Fact]
    public void Hurries_through_waits_for_the_page_whatever_waits_and_leaves_those_that_were_asked_for()
    {
        var take = Take([.. Enumerable.Range(0, 600)], Act("waitFor", 30, 210, 220, found: 210), Act("click", 220, 350, 360, found: 330), Act("wait", 360, 360, 560));

        Assert.Equal([new Pause(30, 210, 3), new Pause(220, 330, 110 / 60.0)], Hurry.Through(take, 2, 2));
        Assert.Empty(Hurry.Through(take, 0, 0));
    }

    [Fact]
    public void Shortens_what_stands_still_to_what_was_asked_for()
    {
        var plan = ScriptShots.For(Take([30], Act("click", 0, 30, 600)), Wide with { LongestStill = 2 });

        var pause = Assert.Single(plan.Pauses);
        Assert.Equal((66, 600), (pause.Start, pause.End));       // 1.2 s as it is, the other 17.8 s in 0.8 s
        Assert.Equal(24, pause.Shown);
        Assert.Equal(30 + 60, plan.FilmFrames);
        Assert.Empty(ShotPlanJson.Problems(plan));
    }

    [Fact]
    public void Gives_what_is_new_the_time_to_be_read()
    {
        int Start(int words) => Assert.Single(Hurry.Through(Take([30], Act("click", 0, 30, 600, words: words)), 0, 2)).Start;

        Assert.Equal(66, Start(0));
        Assert.Equal(30 + 120, Start(16));    // 4 s
        Assert.Equal(30 + 180, Start(400));   // of a long text the headings: 6 s
    }

    [Fact]
    public void Takes_nothing_from_what_moves_is_typed_or_highlighted()
    {
        PointerSample? At(int n) => new PointerSample(Math.Min(n, 550), 0);
        var moves = Take([]) with { Pointer = [.. Enumerable.Range(0, 600).Select(At)] };
        var typed = Take([], Act("type", 0, 0, 600) with { Keys = [.. Enumerable.Range(0, 20).Select(n => 30 * n)] });
        var framed = Take([], Act("highlight", 0, 10, 590));

        foreach (var take in new[] { moves, typed, framed })
            Assert.Empty(Hurry.Through(take, 2, 2));
    }

    [Theory, InlineData(30, 210, 3), InlineData(10, 500, 17.3), InlineData(0, 600, 1.01), InlineData(599, 600, 9)]
    public void Shows_frames_in_order_sets_out_at_the_pages_speed_and_comes_back_to_it(int start, int end, double speed)
    {
        var plan = ScriptShots.For(Take([]), Wide) with { Pauses = [new Pause(start, end, speed)] };
        var shown = Enumerable.Range(0, plan.Frames).Where(plan.Shows).ToList();

        Assert.Equal(plan.FilmFrames, shown.Count);
        Assert.All(shown.Index(), frame => Assert.Equal(frame.Index, plan.FilmFrame(frame.Item)));
        Assert.Equal(Math.Max(1, Math.Round((end - start) / speed)), shown.Count(frame => frame >= start && frame < end));
        var steps = shown.Zip(shown.Skip(1), (one, next) => next - one).ToList();
        var most = steps.Max();
        // Eased: nowhere does the speed change by more than a third of what it reaches.
        Assert.InRange(steps.Zip(steps.Skip(1), (one, next) => Math.Abs(next - one)).Max(), 0, Math.Max(1, most / 3.0 + 1));
        Assert.True(most <= Math.Ceiling(speed * 1.2) + 1, $"{most} frames at once");
    }
}
