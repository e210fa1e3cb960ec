using System.Collections.Immutable;
using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>Where page and camera rest for a shot: scroll in CSS pixels of the page, camera in CSS pixels of the viewport.</summary>
internal readonly record struct Rest(double Scroll, Box From, Box To);

/// <summary>Brings a target into the picture: scrolls it to the middle, and takes the camera as close as the target, its air and the pace allow.</summary>
internal sealed class Framing(PlanSettings settings, Pace pace, double pageHeight, double topBar)
{
    /// <summary>A target this near to the middle of the viewport (share of its height) needs no scroll: the camera alone goes there.</summary>
    private const double Centred = 0.08;

    private readonly double width = settings.ViewportWidth, height = settings.ViewportHeight;

    private readonly double closest = Math.Max(1, Math.Min(pace.Closest, Pace.LargestEnlargement * Pace.LargestScale / settings.FilmScale));

    public Box Whole => new(0, 0, width, height);

    public double LowestScroll => Math.Max(0, Math.Floor(pageHeight - height));

    /// <summary>These shots as a plan, with the scale that their closest one needs.</summary>
    public ShotPlan Plan(ImmutableArray<Shot> shots, ImmutableArray<ScrollKey> scroll)
    {
        var plan = new ShotPlan
        {
            Fps = settings.Fps,
            Frames = settings.Frames,
            ViewportWidth = width,
            ViewportHeight = height,
            DeviceScale = settings.FilmScale,
            Shots = shots,
            Scroll = scroll,
        };
        return plan with { DeviceScale = Math.Clamp(settings.FilmScale * Math.Max(1, plan.Zoom / Pace.LargestEnlargement), 1, Pace.LargestScale) };
    }

    /// <summary>Rest on a target, coming from <paramref name="from"/> (<see langword="null"/>: the film begins here).</summary>
    public Rest On(Box target, Rest? from)
    {
        var scroll = ScrollTo(target, from?.Scroll);
        var seen = target.Offset(0, -scroll).Intersect(Whole);
        var zoom = Fit(seen);
        // From afar the camera steps back on its way and comes closer once it is there; to a neighbour it only pans.
        var wide = from is { } last && Math.Abs(scroll - last.Scroll) >= Pace.NearShare * height;
        return new Rest(scroll, Around(seen, wide ? 1 : Math.Max(1, zoom / pace.Creep)), Around(seen, zoom));
    }

    /// <summary>The enlargement at which a target of the viewport is seen with its air, or as close as the camera may come.</summary>
    public double Fit(Box seen)
    {
        var air = 2 * Pace.Air * Math.Min(width, height);
        return Math.Clamp(Math.Min(width / (seen.Width + air), height / (seen.Height + air)), 1, closest);
    }

    /// <summary>The camera at this enlargement, its middle on a target of the viewport as far as the viewport's edges let it.</summary>
    public Box Around(Box seen, double zoom)
    {
        double w = width / zoom, h = height / zoom;
        return new Box(Math.Clamp(seen.CenterX - w / 2, 0, width - w), Math.Clamp(seen.CenterY - h / 2, 0, height - h), w, h);
    }

    /// <summary>The whole viewport, where the page stands now.</summary>
    public Rest Back(double scroll) => new(scroll, Whole, Whole);

    /// <summary>Seconds from one rest to the next: of what moves further, page or camera.</summary>
    public double Travel(Rest from, Rest to)
    {
        var camera = Math.Abs(to.From.CenterX - from.To.CenterX) + Math.Abs(to.From.CenterY - from.To.CenterY) + Math.Abs(to.From.Width - from.To.Width);
        var way = Math.Max(Math.Abs(to.Scroll - from.Scroll), camera) / height;
        return way == 0 ? 0 : pace.Ease * Math.Min(Pace.LongestTravel, Pace.ShortestTravel + Pace.TravelPerScreen * Math.Sqrt(way));
    }

    private double ScrollTo(Box target, double? from)
    {
        // Whole pixels: text rests on the pixel grid it was drawn for.
        var centred = Math.Round(target.CenterY - (topBar + height) / 2);
        if (from is { } now && Math.Abs(now - centred) <= Centred * height && target.Y - now >= topBar && target.Bottom - now <= height)
            return now;
        return Math.Clamp(centred, 0, LowestScroll);
    }
}
