using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using CameraIntensity = Platform.Capture.Takes.CameraIntensity;

namespace Platform.Capture.Tests;

public sealed class CameraScriptShotsTests
{
    private static readonly Box Button = new(900, 600, 160, 48), Field = new(200, 200, 400, 40);

    private static readonly PlanSettings Wide = new() { ViewportWidth = 1280, ViewportHeight = 720, Formats = [FrameFormat.Wide], Fps = 30, Duration = 10 };

    private static TimelineAction Act(string kind, int start, int frame, int end, Box? box = null, string text = "") =>
        new() { Kind = kind, Start = start, Found = kind == "waitFor" ? frame : start, Frame = frame, End = end, Box = box, Text = text };

    private static Timeline Take(params TimelineAction[] actions) => new()
    {
        Url = "http://site.invalid/", Title = "", Fps = 30, Frames = 300, ViewportWidth = 1280, ViewportHeight = 720, DeviceScale = 2, FrameWidth = 2560, FrameHeight = 1440,
        Page = new PageMap { Width = 1280, Height = 3000, Elements = [] }, ScrollY = [.. Enumerable.Repeat(0.0, 300)], Actions = [.. actions],
    };

    [Fact]
    public void Is_there_when_it_happens_and_shows_the_target_whole()
    {
        var plan = ScriptShots.For(Take(Act("click", 30, 60, 90, Button), Act("type", 120, 150, 220, Field)), Wide);
        var track = new CameraTrack(plan, FrameFormat.Wide);

        Assert.Empty(ShotPlanJson.Problems(plan));
        Assert.Equal(new Box(0, 0, 1280, 720), track.At(0));
        foreach (var (frame, box) in new[] { (60, Button), (110, Button), (150, Field), (210, Field) })
        {
            Assert.True(track.At(frame).Contains(box), $"{box} is cut at frame {frame} by {track.At(frame)}");
            Assert.InRange(1280 / track.At(frame).Width, 1.3, 1.6);
        }
    }

    [Fact]
    public void Goes_back_to_the_whole_when_nothing_happens_for_a_while()
    {
        var track = new CameraTrack(ScriptShots.For(Take(Act("click", 30, 60, 90, Button)), Wide), FrameFormat.Wide);

        Assert.True(track.At(85).Width < 1000);
        Assert.Equal(1280, track.At(200).Width, 6);
    }

    [Fact]
    public void Goes_back_to_the_whole_when_the_page_moves_away_under_it()
    {
        var take = Take(Act("click", 30, 60, 70, Button)) with { ScrollY = [.. Enumerable.Range(0, 300).Select(n => Math.Clamp((n - 64) * 40.0, 0, 800))] };
        var plan = ScriptShots.For(take with { Actions = [.. take.Actions, Act("click", 130, 150, 170, Field)] }, Wide);

        Assert.Equal(["opening", "click", "whole", "click"], plan.Shots.Take(4).Select(shot => shot.Name));
        Assert.Equal(65, plan.Shots[2].Start);
    }

    [Fact]
    public void Cuts_to_the_whole_when_the_page_jumps_away_under_it()
    {
        var plan = ScriptShots.For(Take(Act("click", 30, 60, 70, Button)) with { ScrollY = [.. Enumerable.Range(0, 300).Select(n => n < 64 ? 0.0 : 800)] }, Wide);
        var track = new CameraTrack(plan, FrameFormat.Wide);

        Assert.True(track.At(63).Width < 1000);
        Assert.Equal(1280, track.At(64).Width, 6);
    }

    [Fact]
    public void Stays_where_it_is_while_the_same_thing_is_looked_at()
    {
        var plan = ScriptShots.For(Take(Act("focus", 30, 60, 70, Field), Act("type", 70, 80, 150, Field), Act("press", 150, 152, 290, null, "Enter")), Wide);

        Assert.Equal(2, plan.Shots.Length);
    }

    [Fact]
    public void Keeps_still_when_asked_to()
    {
        var plan = ScriptShots.For(Take(Act("click", 30, 60, 90, Button)), Wide with { Intensity = CameraIntensity.None });

        Assert.False(new CameraTrack(plan, FrameFormat.Wide).Moves);
        Assert.Equal(1.5, ScriptShots.ScaleFor(Wide with { Intensity = CameraIntensity.None }));
        Assert.Equal(1.92, ScriptShots.ScaleFor(Wide), 6);
    }

    [Fact]
    public void Shows_text_as_it_grows_and_keys_as_people_write_them()
    {
        var take = Take(Act("type", 10, 12, 30, Field, "abc") with { Keys = [12, 15, 19] }, Act("press", 30, 31, 40, null, "Control+K"));

        Assert.Equal([(12, "a"), (15, "ab"), (19, "abc"), (31, "Ctrl + K")], KeyCaptions.Of(take));
    }
}
