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

        var targets = new Targets(map, settings.ViewportWidth, settings.ViewportHeight, settings.FieldHeight);
        var framing = new Framing(settings, map.Height, targets.Bars.Staying);
        var plan = settings.Mode switch
        {
            TakeMode.Scroll when framing.LowestScroll > 0 => ScrollPlan.For(settings, framing, targets.Hero()),
            TakeMode.Director => Directed(settings, framing, targets),
            _ => Still(settings, framing, targets.Hero()),
        };
        return Cameras.Frame(plan, settings, targets.Bars);
    }

    /// <summary>A plan that was given, with the cameras that it lacks.</summary>
    public static ShotPlan Take(PageMap map, PlanSettings settings, ShotPlan given) =>
        Cameras.Frame(given, settings, new Targets(map, settings.ViewportWidth, settings.ViewportHeight, settings.FieldHeight).Bars);

    private static ShotPlan Directed(PlanSettings settings, Framing framing, Targets targets)
    {
        var hero = targets.Hero();
        var sections = targets.Sections(hero);
        var call = targets.CallToAction(sections);
        // The film follows the page downwards and ends on the call to action: what lies below it, or is shown with it, is left out.
        ImmutableArray<Target> between = [.. sections.Where(s => call is null || (s.Box.Y < call.Box.Y && !Targets.Same(s.Box, call.Box)))];

        var cut = new Cut(settings, framing);
        var opening = new Target("opening", ShotKind.Opening, framing.Whole, framing.Whole, 0.3, 0);
        var first = hero ?? (between.Length == 0 ? call : null);
        List<Target> chosen = first is null ? [opening] : [first];
        if (chosen[0] == call)
            call = null;

        // In the order of what a short film can do without least.
        if (hero is not null)
            TryAdd(opening);
        if (call is not null)
            TryAdd(call);
        TryAdd(settings.EndCard > 0
            ? new Target("end card", ShotKind.EndCard, default, default, 0, 0)
            : new Target("closing", ShotKind.Closing, default, default, 0.5, 0));
        ImmutableArray<Target> wanted = [.. between.OrderByDescending(s => s.Weight).ThenBy(s => s.Box.Y)];
        foreach (var section in wanted)
            TryAdd(section);
        // What there was no time to read may still be seen, with its headline, before the others stay longer than anybody needs.
        foreach (var section in wanted.Except(chosen))
            TryAdd(section with { Words = Math.Min(section.Words, Targets.HeadlineWords) });

        return cut.Spread(Ordered(chosen));

        void TryAdd(Target target)
        {
            List<Target> more = [.. chosen, target];
            if (cut.Fits(Ordered(more)))
                chosen = more;
        }
    }

    private static List<Target> Ordered(List<Target> targets) => [.. targets.OrderBy(t => t.Kind).ThenBy(t => t.Box.Y).ThenBy(t => t.Box.X)];

    private static ShotPlan Still(PlanSettings settings, Framing framing, Target? hero) => Cut.Plan(
        settings,
        [
            new Shot
            {
                Name = hero?.Name ?? "still", Kind = ShotKind.Still, Start = 0, End = settings.Frames, Target = hero?.Box.Intersect(framing.Whole) ?? framing.Whole, Part = framing.Whole,
            },
        ],
        [new ScrollKey(0, 0, Easing.Linear)]);
}
