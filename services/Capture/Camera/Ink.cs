using Platform.Capture.Takes;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>Draws shapes into yuv420p frames, given by their distance: negative inside, in pixels. Exact between pixels, so that what moves does not tremble.</summary>
internal static class Ink
{
    /// <summary>Fills a shape.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="size">Its size.</param>
    /// <param name="bounds">Where there is anything of the shape, in pixels.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="opacity">0 to 1.</param>
    /// <param name="distance">Distance of a point from the shape's edge.</param>
    /// <param name="softness">Width of the edge in pixels: 1 is as sharp as pixels are.</param>
    public static void Fill(byte[] frame, PictureSize size, Box bounds, Colour colour, double opacity, Func<double, double, double> distance, double softness = 1)
    {
        if (opacity <= 0)
            return;

        bounds = new Box(bounds.X - softness, bounds.Y - softness, bounds.Width + 2 * softness, bounds.Height + 2 * softness);
        Plane(0, 1, colour.Y, 0.5);
        // A chroma sample lies on the left one of its two columns, and between its two rows.
        Plane(1, 2, colour.U, 0.25);
        Plane(2, 2, colour.V, 0.25);

        void Plane(int plane, int step, byte value, double column)
        {
            int width = size.Width / step, height = size.Height / step;
            int left = Math.Clamp((int)Math.Floor(bounds.X / step), 0, width), right = Math.Clamp((int)Math.Ceiling(bounds.Right / step), 0, width);
            int top = Math.Clamp((int)Math.Floor(bounds.Y / step), 0, height), bottom = Math.Clamp((int)Math.Ceiling(bounds.Bottom / step), 0, height);
            for (var y = top; y < bottom; y++)
            {
                var line = frame.AsSpan(size.Offset(plane) + y * width, width);
                for (var x = left; x < right; x++)
                {
                    var share = opacity * Coverage(distance((x + column) * step, (y + 0.5) * step), softness);
                    if (share > 0)
                        line[x] = (byte)(line[x] + (value - line[x]) * share + 0.5);
                }
            }
        }
    }

    /// <summary>How much of a pixel at this distance is covered.</summary>
    public static double Coverage(double distance, double softness)
    {
        var t = Math.Clamp(0.5 - distance / softness, 0, 1);
        return softness <= 1 ? t : t * t * (3 - 2 * t);
    }

    /// <summary>Distance from a rectangle with round corners.</summary>
    public static double Rounded(double x, double y, Box box, double radius)
    {
        double dx = Math.Abs(x - box.CenterX) - box.Width / 2 + radius, dy = Math.Abs(y - box.CenterY) - box.Height / 2 + radius;
        return Math.Min(Math.Max(dx, dy), 0) + Math.Sqrt(Math.Max(dx, 0) * Math.Max(dx, 0) + Math.Max(dy, 0) * Math.Max(dy, 0)) - radius;
    }

    /// <summary>Distance from a disc.</summary>
    public static double Disc(double x, double y, double centerX, double centerY, double radius) =>
        Math.Sqrt((x - centerX) * (x - centerX) + (y - centerY) * (y - centerY)) - radius;

    /// <summary>Distance from a polygon.</summary>
    public static double Polygon(double x, double y, ReadOnlySpan<(double X, double Y)> corners)
    {
        var nearest = double.MaxValue;
        var inside = false;
        for (int i = 0, j = corners.Length - 1; i < corners.Length; j = i++)
        {
            var (ax, ay) = corners[i];
            var (bx, by) = corners[j];
            double ex = bx - ax, ey = by - ay, wx = x - ax, wy = y - ay;
            var along = Math.Clamp((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1);
            double px = wx - ex * along, py = wy - ey * along;
            nearest = Math.Min(nearest, px * px + py * py);
            if (ay > y != by > y && x < ex * (y - ay) / ey + ax)
                inside = !inside;
        }
        return inside ? -Math.Sqrt(nearest) : Math.Sqrt(nearest);
    }
}
