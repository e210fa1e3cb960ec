using System.Collections.Immutable;
using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>Makes the shot list of a script out of what was done: the camera goes to where something happens, in time for it. Pure.</summary>
internal static class ScriptShots
{
    /// <summary>Seconds in which the camera goes to an action; where there is less before it happens, what there is.</summary>
    private const double Way = 0.9, LeastWay = 0.4;

    /// <summary>After so many seconds without anything to look at, the camera goes back to the whole.</summary>
    private const double Idle = 2.5;

    /// <summary>Room round a target, as a share of the viewport's width: what happens is understood by what stands beside it.</summary>
    private const double Context = 0.12;

    /// <summary>Pixels per CSS pixel that a take should have for the plan that will be made of it.</summary>
    public static double ScaleFor(PlanSettings settings) =>
        Math.Clamp(settings.FilmScale * Math.Max(1, Pace.Of(settings.Intensity).ActionCloseness / Pace.LargestEnlargement), 1, Pace.LargestScale);

    /// <summary>The plan of a take with actions.</summary>
    public static ShotPlan For(Timeline timeline, PlanSettings settings)
    {
        List<(int Start, int Travel, string Name, Box? Box)> stops = [(0, 0, "opening", null)];
        foreach (var (n, action) in timeline.Actions.Index())
        {
            if (action.Box is { } box)
                Add(action.Start, action.Frame, action.Text.Length > 0 ? $"{action.Kind} {action.Text}" : action.Kind, box);
            else if (action.Kind is "goto" or "scrollTo" or "scrollBy")
                Add(action.Start, action.Frame, action.Kind, null);

            // The page moves away under the camera, or nothing more comes for a while: back to the whole.
            var next = n + 1 < timeline.Actions.Length ? timeline.Actions[n + 1].Start : timeline.Frames;
            if (stops[^1].Box is not null && MovesAway(timeline, action.Frame, next) is var (moves, jumps))
                Add(moves, moves + (int)(Way * timeline.Fps), "whole", null, cut: jumps);
            else if (next - action.End >= Idle * timeline.Fps && stops[^1].Box is not null)
                Add(action.End, action.End + (int)(Way * timeline.Fps), "whole", null);
        }

        var shots = ImmutableArray.CreateBuilder<Shot>(stops.Count);
        var scroll = ImmutableArray.CreateBuilder<ScrollKey>();
        scroll.Add(new ScrollKey(0, timeline.ScrollY[0], Easing.Linear));
        for (var i = 0; i < stops.Count; i++)
        {
            var (start, travel, name, box) = stops[i];
            var end = i + 1 < stops.Count ? stops[i + 1].Start : timeline.Frames;
            var y = timeline.ScrollY[end - 1];
            if (end - 1 > scroll[^1].Frame)
                scroll.Add(new ScrollKey(end - 1, y, Easing.Linear));
            var viewport = new Box(0, 0, timeline.ViewportWidth, timeline.ViewportHeight);
            shots.Add(new Shot
            {
                Name = name,
                Kind = box is null ? ShotKind.Opening : ShotKind.Action,
                Start = start,
                End = end,
                Travel = Math.Min(travel, end - start - 1),
                Target = (box is { } target ? With(target, viewport) : viewport).Offset(0, y),
                Part = viewport.Offset(0, y),
            });
        }

        var plan = Cut.Plan(settings, shots.ToImmutable(), scroll.ToImmutable()) with { Fps = timeline.Fps, Frames = timeline.Frames, Pauses = Hurry.Through(timeline, settings.LongestWait, settings.LongestStill) };
        return Cameras.Frame(plan, settings, default) with { DeviceScale = timeline.DeviceScale };

        void Add(int start, int frame, string name, Box? box, bool cut = false)
        {
            if (start >= timeline.Frames - 1)
                return;

            // Where the page jumps the camera cuts: on a way there it would show what was never meant to be seen.
            var travel = cut ? 0 : Math.Clamp(frame - start, (int)(LeastWay * timeline.Fps), (int)(Way * timeline.Fps));
            // Where the same thing is looked at, nothing moves.
            if (stops[^1].Box == box && (box is null || stops[^1].Box!.Value.Contains(box.Value)))
                return;
            if (start <= stops[^1].Start + 1)
                stops[^1] = (stops[^1].Start, stops.Count == 1 ? 0 : travel, name, box);
            else
                stops.Add((start, travel, name, box));
        }
    }

    // The frame at which the page sets out to scroll by so much that a target is no longer where it was, and whether it is there with that frame.
    private static (int Frame, bool Jumps)? MovesAway(Timeline timeline, int from, int to)
    {
        var (start, far) = (timeline.ScrollY[from], 0.1 * timeline.ViewportHeight);
        for (var n = from + 1; n < to; n++)
            if (Math.Abs(timeline.ScrollY[n] - start) > far)
            {
                var first = Enumerable.Range(from + 1, n - from).First(frame => timeline.ScrollY[frame] != start);
                return (first, first == n && Math.Abs(timeline.ScrollY[Math.Min(n + 1, to - 1)] - timeline.ScrollY[n]) < far);
            }

        return null;
    }

    private static Box With(Box target, Box viewport)
    {
        var room = Context * viewport.Width;
        var seen = new Box(target.X - room, target.Y - room, target.Width + 2 * room, target.Height + 2 * room).Intersect(viewport);
        return seen.Area > 0 ? seen : viewport;
    }
}
