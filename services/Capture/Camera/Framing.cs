using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>Where the page rests for a shot, and where in the viewport its target then is: what every format and intensity shares.</summary>
internal readonly record struct Rest(double Scroll, Box Seen);

/// <summary>Brings targets into the viewport by scrolling.</summary>
internal sealed class Framing(PlanSettings settings, double pageHeight, double topBar)
{
    /// <summary>A target this near to the middle of the viewport (share of its height) needs no scroll: the camera alone goes there.</summary>
    private const double Centred = 0.08;

    private readonly double width = settings.ViewportWidth, height = settings.ViewportHeight;

    public Box Whole => new(0, 0, width, height);

    public double LowestScroll => Math.Max(0, Math.Floor(pageHeight - height));

    /// <summary>Rest on a target of the page, coming from <paramref name="from"/> (<see langword="null"/>: the film begins here).</summary>
    public Rest On(Target target, Rest? from)
    {
        var scroll = ScrollTo(target, from?.Scroll);
        return new Rest(scroll, target.Box.Offset(0, -scroll).Intersect(Whole));
    }

    /// <summary>The whole viewport, where the page stands.</summary>
    public Rest Back(double scroll) => new(scroll, Whole);

    /// <summary>Seconds from one rest to the next: of what moves, page or eye. The same for every camera, so that all films share the take.</summary>
    public double Travel(Rest from, Rest to)
    {
        var scroll = Math.Abs(to.Scroll - from.Scroll);
        var eye = Math.Abs(to.Seen.CenterX - from.Seen.CenterX) / 2 + Math.Abs(to.Seen.CenterY - from.Seen.CenterY) / 2;
        var way = Math.Max(scroll, eye) / height;
        return way < 0.01 ? Pace.ShortestTravel : Math.Min(Pace.LongestTravel, Pace.ShortestTravel + Pace.TravelPerScreen * Math.Sqrt(way));
    }

    private double ScrollTo(Target target, double? from)
    {
        var box = target.Box;
        // Whole pixels: text rests on the pixel grid it was drawn for.
        var wanted = Math.Round(box.CenterY - (topBar + height) / 2);
        // A part of at least a screen fills the screen: no strip of the next one.
        double first = Math.Ceiling(target.Part.Y - topBar), last = Math.Floor(target.Part.Bottom - height);
        if (first <= last)
            wanted = Math.Clamp(wanted, first, last);
        // Whatever else: the target is in view.
        if (box.Height <= height - topBar)
            wanted = Math.Clamp(wanted, Math.Ceiling(box.Bottom - height), Math.Max(Math.Ceiling(box.Bottom - height), Math.Floor(box.Y - topBar)));
        wanted = Math.Clamp(wanted, 0, LowestScroll);
        if (from is { } now && Math.Abs(now - wanted) <= Centred * height && box.Y - now >= topBar && box.Bottom - now <= height)
            return now;
        return wanted;
    }
}
