namespace Platform.Capture.Camera;

/// <summary>The plan of the <c>scroll</c> mode: a rest at the top, one smooth way to the bottom, a rest there.</summary>
internal static class ScrollPlan
{
    /// <summary>No more than this share of the film stands still at the top, however much there is to read.</summary>
    private const double LongestTop = 0.25;

    /// <summary>Nor at the bottom.</summary>
    private const double LongestBottom = 0.15;

    public static ShotPlan For(PlanSettings settings, Framing framing, Target? hero)
    {
        var seconds = settings.Frames / (double)settings.Fps;
        var top = Frames(Math.Min(LongestTop * seconds, Math.Max(Pace.ShortestHold, Pace.Reading(hero?.Words ?? 0))));
        var bottom = Frames(Math.Min(LongestBottom * seconds, Pace.ClosingHold));
        var travel = Math.Max(0, settings.Frames - top - bottom);
        if (travel == 0)
            return Cut.Plan(
                settings,
                [new Shot { Name = "top", Kind = ShotKind.Scroll, Start = 0, End = settings.Frames, Target = framing.Whole, Part = framing.Whole }],
                [new ScrollKey(0, 0, Easing.Linear)]);

        return Cut.Plan(
                settings,
            [
                new Shot { Name = "top", Kind = ShotKind.Scroll, Start = 0, End = top, Target = framing.Whole, Part = framing.Whole },
                new Shot
                {
                    Name = "scroll", Kind = ShotKind.Scroll, Start = top, End = settings.Frames, Travel = travel, TravelEasing = Easing.Glide,
                    Target = framing.Whole.Offset(0, framing.LowestScroll), Part = framing.Whole.Offset(0, framing.LowestScroll),
                },
            ],
            [new ScrollKey(0, 0, Easing.Linear), new ScrollKey(top, 0, Easing.Linear), new ScrollKey(top + travel, framing.LowestScroll, Easing.Glide)]);

        int Frames(double length) => Math.Max(1, (int)Math.Round(length * settings.Fps));
    }
}
