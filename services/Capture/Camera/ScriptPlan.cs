using System.Collections.Immutable;
using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>The plan of the <c>script</c> mode, made after the take: only the page knows how long its steps are.</summary>
internal static class ScriptPlan
{
    /// <summary>The whole viewport from the first frame to the last.</summary>
    public static ShotPlan For(Timeline timeline)
    {
        var whole = new Box(0, 0, timeline.ViewportWidth, timeline.ViewportHeight);
        return new ShotPlan
        {
            Fps = timeline.Fps,
            Frames = timeline.Frames,
            ViewportWidth = timeline.ViewportWidth,
            ViewportHeight = timeline.ViewportHeight,
            DeviceScale = timeline.DeviceScale,
            Shots = [new Shot { Name = "script", Kind = ShotKind.Scroll, Start = 0, End = timeline.Frames, Target = whole, Camera = new CameraMove(whole, whole, Easing.Linear) }],
            Scroll = Keys(timeline.ScrollY),
        };
    }

    // A key where the page begins to move and wherever it is while it does: enough to know it by, as the take has it.
    private static ImmutableArray<ScrollKey> Keys(ImmutableArray<double> positions) =>
        [.. Enumerable.Range(0, positions.Length)
            .Where(i => i == 0 || positions[i] != positions[i - 1] || i + 1 < positions.Length && positions[i + 1] != positions[i])
            .Select(i => new ScrollKey(i, positions[i], Easing.Linear))];
}
