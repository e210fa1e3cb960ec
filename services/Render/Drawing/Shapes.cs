using System.Numerics;
using Platform.Pictures;
using Platform.Templates;

namespace Platform.Render.Drawing;

/// <summary>Draws colours, gradients and shapes, with soft edges of one pixel. Coverages are of the pixel around a point, 0 to 1.</summary>
internal static class Shapes
{
    /// <summary>Colours that a gradient is made of: more than a picture has lines.</summary>
    private const int MostShades = 4096;

    /// <summary>An area of a paint.</summary>
    public static Picture Filled(int width, int height, Paint paint)
    {
        var picture = new Picture(width, height);
        if (paint.Stops is [{ Color: var color }]) picture.Fill(Part(color.R), Part(color.G), Part(color.B), Part(255));
        else Cover(picture, paint, (_, _) => 1);
        return picture;

        byte Part(byte whole) => (byte)Math.Round(whole * paint.Stops[0].Color.A);
    }

    /// <summary>A shape clip.</summary>
    public static Picture Draw(int width, int height, ShapeClip shape)
    {
        var picture = new Picture(width, height);
        var points = shape.Shape == "triangle" ? [(0.5, 0.0), (1.0, 1.0), (0.0, 1.0)] : (shape.Points ?? []).Select(point => (point[0], point[1])).ToArray();
        var line = shape.Stroke is null ? 0 : shape.StrokeWidth;
        if (Paint.Parse(shape.Fill) is { } fill) Cover(picture, fill, (x, y) => Inside(x, y) + 0.5 - (line > 0 ? 0.5 : 0));
        if (line > 0 && Paint.Parse(shape.Stroke!) is { } stroke) Cover(picture, stroke, (x, y) => Math.Clamp(Inside(x, y) + 0.5, 0, 1) * Math.Clamp(line - Inside(x, y) + 0.5, 0, 1));
        return picture;

        // How far a point is inside of the shape's edge, in pixels.
        double Inside(double x, double y) => shape.Shape switch
        {
            "ellipse" => EllipseDistance(x, y, width, height),
            "rectangle" => -Distance(x, y, width, height, shape.Radius),
            _ => Polygon(points, x, y, width, height),
        };
    }

    public static double RoundedRectangle(double x, double y, double width, double height, double radius) => 0.5 - Distance(x, y, width, height, radius);

    public static double Ellipse(double x, double y, double width, double height) => EllipseDistance(x, y, width, height) + 0.5;

    private static double Distance(double x, double y, double width, double height, double radius)
    {
        radius = Math.Min(radius, Math.Min(width, height) / 2);
        double dx = Math.Abs(x - width / 2) - width / 2 + radius, dy = Math.Abs(y - height / 2) - height / 2 + radius;
        return Math.Sqrt(Math.Pow(Math.Max(dx, 0), 2) + Math.Pow(Math.Max(dy, 0), 2)) + Math.Min(Math.Max(dx, dy), 0) - radius;
    }

    // First order: the value of the ellipse's equation over the length of its gradient.
    private static double EllipseDistance(double x, double y, double width, double height)
    {
        double a = width / 2, b = height / 2, u = (x - a) / a, v = (y - b) / b;
        var r = Math.Sqrt(u * u + v * v);
        return r < 1e-6 ? Math.Min(a, b) : (1 - r) * r / Math.Sqrt(u * u / (a * a) + v * v / (b * b));
    }

    private static double Polygon((double X, double Y)[] points, double x, double y, double width, double height)
    {
        var (nearest, inside) = (double.MaxValue, false);
        for (int i = 0, j = points.Length - 1; i < points.Length; j = i++)
        {
            double ax = points[j].X * width, ay = points[j].Y * height, bx = points[i].X * width, by = points[i].Y * height;
            var t = Math.Clamp(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / Math.Max(1e-9, (bx - ax) * (bx - ax) + (by - ay) * (by - ay)), 0, 1);
            nearest = Math.Min(nearest, Math.Sqrt(Math.Pow(x - ax - t * (bx - ax), 2) + Math.Pow(y - ay - t * (by - ay), 2)));
            if (by > y != ay > y && x < (ax - bx) * (y - by) / (ay - by) + bx) inside = !inside;
        }
        return inside ? nearest : -nearest;
    }

    private static void Cover(Picture picture, Paint paint, Func<double, double, double> coverage)
    {
        int width = picture.Width, height = picture.Height;
        var (at, shades) = (Along(paint, width, height), Shades(paint));
        Parallel.For(0, height, y =>
        {
            var line = picture.Pixels.AsSpan(y * width * 4, width * 4);
            for (var x = 0; x < width; x++)
            {
                var cover = (float)Math.Clamp(coverage(x + 0.5, y + 0.5), 0, 1);
                if (cover <= 0) continue;
                var over = shades[shades.Length == 1 ? 0 : (int)Math.Round(Math.Clamp(at(x + 0.5, y + 0.5), 0, 1) * MostShades)] * cover;
                var pixel = line.Slice(x * 4, 4);
                var color = over + new Vector4(pixel[0], pixel[1], pixel[2], pixel[3]) * (1 - over.W / 255) + new Vector4(0.5f);
                (pixel[0], pixel[1], pixel[2], pixel[3]) = ((byte)color.X, (byte)color.Y, (byte)color.Z, (byte)color.W);
            }
        });
    }

    // Colours along a paint, multiplied by their opacity, from 0 to 255.
    private static Vector4[] Shades(Paint paint) => [.. Enumerable.Range(0, paint.Stops.Count == 1 ? 1 : MostShades + 1).Select(i =>
    {
        var (r, g, b, a) = ColorAt(paint, (double)i / MostShades);
        return new Vector4((float)(r * a), (float)(g * a), (float)(b * a), (float)(255 * a));
    })];

    // As CSS has it: the line is so long that its ends' colours just reach the corners.
    private static Func<double, double, double> Along(Paint paint, double width, double height)
    {
        if (paint.Stops.Count == 1) return (_, _) => 0;
        if (paint.IsRadial)
        {
            var (rx, ry) = (width / Math.Sqrt(2), height / Math.Sqrt(2));
            return (x, y) => Math.Sqrt(Math.Pow((x - width / 2) / rx, 2) + Math.Pow((y - height / 2) / ry, 2));
        }
        var angle = paint.Angle * Math.PI / 180;
        var (sin, cos) = (Math.Sin(angle), -Math.Cos(angle));
        var length = Math.Abs(width * sin) + Math.Abs(height * cos);
        return (x, y) => ((x - width / 2) * sin + (y - height / 2) * cos) / length + 0.5;
    }

    private static (double R, double G, double B, double A) ColorAt(Paint paint, double at)
    {
        var stops = paint.Stops;
        if (stops.Count == 1 || at <= stops[0].At) return Of(stops[0].Color);
        for (var i = 1; i < stops.Count; i++)
            if (at < stops[i].At)
            {
                var (a, b, t) = (stops[i - 1].Color, stops[i].Color, (at - stops[i - 1].At) / (stops[i].At - stops[i - 1].At));
                var alpha = a.A + (b.A - a.A) * t;
                if (alpha <= 0) return default;
                double Part(byte from, byte to) => (from * a.A * (1 - t) + to * b.A * t) / alpha;      // mixed as light, so that what is transparent tints nothing
                return (Part(a.R, b.R), Part(a.G, b.G), Part(a.B, b.B), alpha);
            }
        return Of(stops[^1].Color);

        static (double, double, double, double) Of(Rgba color) => (color.R, color.G, color.B, color.A);
    }
}
