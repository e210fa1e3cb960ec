using System.Collections.Immutable;

namespace Platform.Capture.Camera;

/// <summary>Lays targets out in time: how long each needs at least, and who gets what is left.</summary>
internal sealed class Cut(PlanSettings settings, Framing framing)
{
    /// <summary>Weight that every shot has when time is shared out: the least target is still worth looking at.</summary>
    private const double EverybodysShare = 0.4;

    private sealed record Stop(Target Target, Rest Rest, int Travel, int Hold)
    {
        public int Frames => Travel + Hold;
    }

    /// <summary>Whether these targets, in this order, leave each its least time.</summary>
    public bool Fits(IReadOnlyList<Target> targets) => Stops(targets).Sum(stop => stop.Frames) <= settings.Frames;

    /// <summary>The plan of these targets in this order; exactly as long as the film. A single target takes what there is.</summary>
    public ShotPlan Spread(IReadOnlyList<Target> targets)
    {
        var stops = Stops(targets);
        var spare = settings.Frames - stops.Sum(stop => stop.Frames);
        var total = stops.Sum(Share);

        var shots = ImmutableArray.CreateBuilder<Shot>(stops.Count);
        var scroll = ImmutableArray.CreateBuilder<ScrollKey>();
        scroll.Add(new ScrollKey(0, stops[0].Rest.Scroll, Easing.Linear));
        var start = 0;
        var shared = 0.0;
        foreach (var stop in stops)
        {
            // Rounded sums, not rounded parts: the last shot ends with the film.
            var before = (int)Math.Round(spare * shared / total);
            shared += Share(stop);
            var end = start + stop.Frames + (int)Math.Round(spare * shared / total) - before;
            var arrival = start + stop.Travel;
            shots.Add(new Shot
            {
                Name = stop.Target.Name,
                Kind = stop.Target.Kind,
                Start = start,
                End = end,
                Travel = stop.Travel,
                Target = stop.Target.Box.Area > 0 ? stop.Target.Box : framing.Whole.Offset(0, stop.Rest.Scroll),
                Part = stop.Target.Part.Area > 0 ? stop.Target.Part : framing.Whole.Offset(0, stop.Rest.Scroll),
                Words = Math.Min(stop.Target.Words, (int)((end - arrival) / (Pace.SecondsPerWord * settings.Fps))),
            });
            if (stop.Rest.Scroll != scroll[^1].Y)
            {
                if (scroll[^1].Frame != start)
                    scroll.Add(new ScrollKey(start, scroll[^1].Y, Easing.Linear));
                scroll.Add(new ScrollKey(arrival, stop.Rest.Scroll, Easing.Cubic));
            }
            start = end;
        }

        return Plan(settings, shots.ToImmutable(), scroll.ToImmutable());
    }

    /// <summary>A plan that has no cameras yet.</summary>
    public static ShotPlan Plan(PlanSettings settings, ImmutableArray<Shot> shots, ImmutableArray<ScrollKey> scroll) => new()
    {
        Fps = settings.Fps,
        Frames = settings.Frames,
        ViewportWidth = settings.ViewportWidth,
        ViewportHeight = settings.ViewportHeight,
        DeviceScale = settings.FilmScale,
        Shots = shots,
        Scroll = scroll,
    };

    private static double Share(Stop stop) => stop.Target.Kind == ShotKind.EndCard ? 0 : EverybodysShare + stop.Target.Weight;

    private List<Stop> Stops(IReadOnlyList<Target> targets)
    {
        List<Stop> stops = [];
        Rest? last = null;
        foreach (var target in targets)
        {
            var rest = target.Kind switch
            {
                ShotKind.Opening => framing.Back(0),
                ShotKind.Closing => framing.Back(last?.Scroll ?? 0),
                ShotKind.EndCard => last!.Value,
                _ => framing.On(target, last),
            };
            var travel = last is { } from && target.Kind != ShotKind.EndCard ? Frames(framing.Travel(from, rest)) : 0;
            stops.Add(new Stop(target, rest, travel, Hold(target, travel)));
            last = rest;
        }
        return stops.Count == 1 ? [stops[0] with { Hold = settings.Frames }] : stops;
    }

    private int Hold(Target target, int travel)
    {
        var least = Math.Max(Pace.Reading(target.Words), target.Kind switch
        {
            ShotKind.Opening => Pace.OpeningHold,
            ShotKind.Closing => Pace.ClosingHold,
            ShotKind.EndCard => settings.EndCard,
            _ => Pace.ShortestHold,
        });
        var frames = Frames(least);
        return target.Kind == ShotKind.Section ? Math.Max(frames, Frames(Pace.ShortestSection) - travel) : frames;
    }

    private int Frames(double seconds) => (int)Math.Ceiling(seconds * settings.Fps - 1e-9);
}
