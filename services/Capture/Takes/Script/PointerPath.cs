using System.Collections.Immutable;

namespace Platform.Capture.Takes.Script;

/// <summary>A point of the viewport in CSS pixels.</summary>
internal readonly record struct Spot(double X, double Y);

/// <summary>How a hand moves a pointer. Pure: the same way is always gone the same.</summary>
internal static class PointerPath
{
    /// <summary>
    /// Seconds that a way takes: 0.28 s, and 0.13 s more for every doubling of distance over size (Fitts' law, about a third slower than a practised hand, so
    /// that a viewer can follow).
    /// </summary>
    public static double Seconds(Spot from, Spot to, double size)
    {
        var distance = Distance(from, to);
        return distance < 1 ? 0 : Math.Clamp(0.28 + 0.13 * Math.Log2(1 + distance / Math.Max(8, size)), 0.3, 1.3);
    }

    /// <summary>
    /// Where it is after each of <paramref name="frames"/> frames; the last is <paramref name="to"/>. A slight arc, as a wrist makes it, at the speed of
    /// least jerk (Flash and Hogan 1985): it sets out and arrives softly.
    /// </summary>
    public static ImmutableArray<Spot> Between(Spot from, Spot to, int frames)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y;
        // Upwards on the way right, downwards on the way left: as a right hand pivots. A twelfth of the way, 40 pixels at most.
        var bend = Math.Min(40 / Math.Max(1, Distance(from, to)), 1.0 / 12);
        double cx = from.X + dx / 2 + dy * bend, cy = from.Y + dy / 2 - dx * bend;
        return [.. Enumerable.Range(1, frames).Select(frame =>
        {
            var s = Smooth((double)frame / frames);
            return new Spot(At(from.X, cx, to.X, s), At(from.Y, cy, to.Y, s));
        })];
    }

    /// <summary>Share of the way after share <paramref name="t"/> of the time, of least jerk.</summary>
    public static double Smooth(double t) => t * t * t * (10 + t * (6 * t - 15));

    private static double At(double a, double control, double b, double s) => (1 - s) * (1 - s) * a + 2 * s * (1 - s) * control + s * s * b;

    private static double Distance(Spot from, Spot to) => Math.Sqrt((to.X - from.X) * (to.X - from.X) + (to.Y - from.Y) * (to.Y - from.Y));
}
