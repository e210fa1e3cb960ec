using Platform.Capture.Takes;
using Platform.Contracts;

namespace Platform.Capture.Camera;

/// <summary>
/// Where the camera of one format stands: pure geometry in CSS pixels of the viewport. A camera stays on the page where it can; a target that its format cannot
/// hold within the page is shown whole, as part of a window on a background.
/// </summary>
internal sealed class Stand
{
    /// <summary>From this share of the page's width on, all of it is shown: a few cut letters at its sides would look like a mistake.</summary>
    private const double AlmostAll = 0.7;

    /// <summary>A window with a little background at its sides.</summary>
    private const double Floating = 1.08;

    /// <summary>A part that is this share of the closest picture's width fills the picture all the same: a thin band of the next would look like a mistake. Where it cannot, there is one band, below, not two.</summary>
    private const double AlmostFilling = 0.9;

    private readonly Box viewport, outer;
    private readonly Pace pace;
    private readonly Window window;
    private readonly double aspect, topBar, closest, sharpest;

    /// <param name="settings">The page's and the film's sizes.</param>
    /// <param name="format">Whose camera.</param>
    /// <param name="pace">How close it may come.</param>
    /// <param name="topBar">Height of the bar across the top of the viewport, in CSS pixels; 0 where there is none.</param>
    public Stand(PlanSettings settings, FrameFormat format, Pace pace, double topBar)
    {
        viewport = new Box(0, 0, settings.ViewportWidth, settings.ViewportHeight);
        window = settings.Window;
        outer = window.Outer(viewport.Width, viewport.Height);
        aspect = Aspect(format);
        this.pace = pace;
        this.topBar = topBar;
        Base = Widest(settings, format);
        sharpest = Math.Min(Base.Width, format.Width / (Pace.LargestEnlargement * Pace.LargestScale));
        closest = Math.Max(Base.Width / pace.Closest, sharpest);
    }

    /// <summary>The widest camera that sees nothing but the page (or all of the window, where there is one), in the middle.</summary>
    public Box Base { get; }

    /// <summary>Everything there is: the whole viewport, with its window.</summary>
    public Box Whole => Place(Containing(outer, 0), outer, outer);

    /// <summary>What a visitor sees first: the top of the page over its whole width; where that is too wide for the film, all of it as a window.</summary>
    public Box First => !window.IsNone || Base.Width >= viewport.Width - 0.5 ? Place(Base.Width, viewport with { Height = 0 }, outer)
        : Place(Floating * Math.Max(viewport.Width, viewport.Height * aspect), viewport, viewport);

    public static double Aspect(FrameFormat format) => (double)format.Width / format.Height;

    /// <summary>See <see cref="Base"/>.</summary>
    public static Box Widest(PlanSettings settings, FrameFormat format)
    {
        var aspect = Aspect(format);
        var all = settings.Window.Outer(settings.ViewportWidth, settings.ViewportHeight);
        var width = settings.Window.IsNone ? Math.Min(all.Width, all.Height * aspect) : Math.Max(all.Width, all.Height * aspect);
        // The grid of viewports leaves a fraction of a pixel: that is no other shape.
        if (settings.Window.IsNone && Math.Abs(all.Width / all.Height / aspect - 1) < 0.005)
            return all;
        return new Box(all.CenterX - width / 2, all.CenterY - width / aspect / 2, width, width / aspect);
    }

    /// <summary>The way through a shot: arrives a little wide and comes closer.</summary>
    /// <param name="seen">The target, in CSS pixels of the viewport.</param>
    /// <param name="part">The part of the page that the target belongs to: beside it, strips of other parts look like a mistake.</param>
    public CameraMove On(Box seen, Box part)
    {
        var to = Near(seen, part);
        if (pace.Creep == 1)
            return new CameraMove(to, to, Easing.Linear);

        var width = Math.Min(to.Width * pace.Creep, Math.Max(to.Width, Base.Width));
        if (window.IsNone && Strip(part) is var strip && to.Width <= strip)
            width = Math.Min(width, strip);
        var from = width == to.Width ? to : Place(width, seen, part);
        return new CameraMove(from, to, pace.Approach);
    }

    /// <summary>To something that is done.</summary>
    public CameraMove At(Box seen)
    {
        var to = Place(Math.Max(Containing(seen, 0), Base.Width / pace.ActionCloseness), seen, viewport);
        return new CameraMove(to, to, Easing.Linear);
    }

    /// <summary>From everything a little towards a target.</summary>
    public Box Toward(Box seen)
    {
        var width = Math.Max(Whole.Width / pace.Creep, Containing(seen, 0));
        return width >= Whole.Width ? Whole : Place(width, seen, viewport);
    }

    private Box Near(Box seen, Box part)
    {
        var air = Pace.Air * Math.Min(Base.Width, Base.Height);
        var strip = Strip(part);
        var nearest = window.IsNone && pace.Closest > 1 && strip > AlmostFilling * closest ? Math.Max(Math.Min(strip, closest), sharpest) : closest;
        var width = Math.Max(Containing(seen, air), nearest);
        // Rather half the air than background or a strip of what comes next; rather none than background.
        var most = window.IsNone ? Math.Min(Base.Width, Math.Max(strip, nearest)) : Base.Width;
        if (width > most)
            width = Math.Max(Math.Max(Math.Min(width, most), Containing(seen, 0)), Math.Min(Base.Width, Containing(seen, air / 2)));
        // Where there is background at any rate, there may as well be air; and a page that is nearly all seen is seen as a window.
        if (width > Base.Width + 0.5)
            width = Containing(seen, air) is var aired && aired > AlmostAll * viewport.Width && aspect < 1 ? Math.Max(aired, Floating * viewport.Width) : aired;
        return Place(width, seen, part);
    }

    // The widest camera that sees nothing but the part.
    private double Strip(Box part)
    {
        var visible = part.Intersect(viewport);
        return Math.Min(visible.Width, visible.Height * aspect);
    }

    private double Containing(Box box, double air) => Math.Max(box.Width + 2 * air, (box.Height + 2 * air) * aspect);

    // A camera of this width with the target in its middle, as far as what it must not leave lets it.
    private Box Place(double width, Box seen, Box part)
    {
        var height = width / aspect;
        var field = window.IsNone ? viewport : outer;
        var inPart = window.IsNone ? part.Intersect(viewport) : window.Around(viewport.Width, viewport.Height);
        var x = Within(seen.CenterX - width / 2, width, inPart.X, inPart.Right, field.X, field.Right);
        var y = Within(seen.CenterY - height / 2, height, inPart.Y, inPart.Bottom, field.Y, field.Bottom);
        // A bar on top is seen whole or not at all: neither its height nor its ends are cut.
        if (window.IsNone && (y > 0 || width < viewport.Width - 0.5) && y < topBar && topBar + height <= viewport.Bottom && seen.Bottom <= topBar + height)
            y = topBar;
        return new Box(x, y, width, height);
    }

    private static double Within(double at, double length, double low, double high, double widestLow, double widestHigh) =>
        length <= high - low + 1e-6 ? Math.Clamp(at, low, Math.Max(low, high - length))
        : length * AlmostFilling <= high - low ? Math.Clamp(low, widestLow, Math.Max(widestLow, widestHigh - length))
        : length <= widestHigh - widestLow + 1e-6 ? Math.Clamp(at, widestLow, Math.Max(widestLow, widestHigh - length))
        : (widestLow + widestHigh - length) / 2;
}
