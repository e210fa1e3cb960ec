using System.Collections.Immutable;
using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>Makes the shot list of a film from the map of its page. Pure: the same page and settings always give the same plan.</summary>
internal static class Director
{
    public static ShotPlan Plan(PageMap map, PlanSettings settings)
    {
        if (!(settings.ViewportWidth >= 1 && settings.ViewportHeight >= 1) || settings.Fps is < 1 or > 120 || !(settings.Duration > 0))
            throw new ArgumentOutOfRangeException(nameof(settings), settings, "A film has a size, a rate and a length.");

        var pace = Pace.Of(settings.Intensity);
        var targets = new Targets(map, settings.ViewportWidth, settings.ViewportHeight);
        var framing = new Framing(settings, pace, map.Height, targets.TopBar);
        return settings.Mode switch
        {
            TakeMode.Scroll when framing.LowestScroll > 0 => ScrollPlan.For(settings, framing, targets.Hero()),
            TakeMode.Director => Directed(settings, pace, framing, targets),
            _ => Still(settings, pace, framing, targets.Hero()),
        };
    }

    private static ShotPlan Directed(PlanSettings settings, Pace pace, Framing framing, Targets targets)
    {
        var hero = targets.Hero();
        var sections = targets.Sections(hero);
        var call = targets.CallToAction(sections);
        // The film follows the page downwards and ends on the call to action: what lies below it, or is shown with it, is left out.
        ImmutableArray<Target> between = [.. sections.Where(s => call is null || (s.Box.Y < call.Box.Y && !Targets.Same(s.Box, call.Box)))];

        var cut = new Cut(settings, pace, framing);
        var opening = new Target("opening", ShotKind.Opening, framing.Whole, 0.3, 0);
        var first = hero ?? (between.Length == 0 ? call : null);
        List<Target> chosen = first is null ? [opening] : [first];
        if (chosen[0] == call)
            call = null;

        // In the order of what a short film can do without least.
        var moves = settings.Intensity != CameraIntensity.None;
        if (hero is not null && moves)
            TryAdd(opening);
        if (call is not null)
            TryAdd(call);
        if (moves)
            TryAdd(new Target("closing", ShotKind.Closing, default, 0.5, 0));
        foreach (var section in between.OrderByDescending(s => s.Weight).ThenBy(s => s.Box.Y))
            TryAdd(section);

        return cut.Spread(Ordered(chosen));

        void TryAdd(Target target)
        {
            List<Target> more = [.. chosen, target];
            if (cut.Fits(Ordered(more)))
                chosen = more;
        }
    }

    private static List<Target> Ordered(List<Target> targets) => [.. targets.OrderBy(t => t.Kind).ThenBy(t => t.Box.Y).ThenBy(t => t.Box.X)];

    private static ShotPlan Still(PlanSettings settings, Pace pace, Framing framing, Target? hero)
    {
        var target = hero?.Box.Intersect(framing.Whole) ?? framing.Whole;
        var creep = hero is null ? framing.Whole : framing.Around(target, Math.Min(pace.Creep, framing.Fit(target)));
        return framing.Plan(
            [
                new Shot
                {
                    Name = hero?.Name ?? "still", Kind = ShotKind.Still, Start = 0, End = settings.Frames, Target = target,
                    Camera = new CameraMove(framing.Whole, creep, Easing.Glide),
                },
            ],
            [new ScrollKey(0, 0, Easing.Linear)]);
    }
}
