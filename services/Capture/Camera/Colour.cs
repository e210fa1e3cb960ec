using System.Globalization;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>A colour as films hold it: BT.709 of limited range.</summary>
internal readonly record struct Colour(byte Y, byte U, byte V)
{
    public static readonly Colour White = FromRgb(255, 255, 255);

    public static Colour FromRgb(double red, double green, double blue)
    {
        var y = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        return new Colour(Byte(16 + y * 219 / 255), Byte(128 + (blue - y) / 1.8556 * 224 / 255), Byte(128 + (red - y) / 1.5748 * 224 / 255));
    }

    /// <summary><c>#rrggbb</c>.</summary>
    public static Colour Parse(string text) => FromRgb(Part(text, 1), Part(text, 3), Part(text, 5));

    /// <summary>The same hue, as light as asked (0 to 1), with its colourfulness times a factor.</summary>
    public Colour At(double lightness, double colourfulness) =>
        new(Byte(16 + lightness * 219), Byte(128 + (U - 128) * colourfulness), Byte(128 + (V - 128) * colourfulness));

    private static int Part(string text, int at) => int.Parse(text.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static byte Byte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}

/// <summary>What lies behind the page's window and on the end card: from one corner to the other.</summary>
internal readonly record struct Backdrop(Colour From, Colour To)
{
    /// <summary>Two colours, <c>#rrggbb #rrggbb</c>; or one.</summary>
    public static Backdrop Parse(string text) => text.Split(' ') is [var one, var other] ? new(Colour.Parse(one), Colour.Parse(other)) : new(Colour.Parse(text), Colour.Parse(text));

    /// <summary>Made of the page's own hue, deep enough that white type stands on it and the page stands out.</summary>
    /// <param name="frame">A frame of the take.</param>
    /// <param name="size">Its size.</param>
    public static Backdrop Of(ReadOnlySpan<byte> frame, PictureSize size)
    {
        // Grey says nothing of a hue: colours count by how far from it they are, and one sample of sixteen is enough.
        double u = 0, v = 0, weight = 0;
        var count = size.Width * size.Height / 4;
        for (var i = 0; i < count; i += 16)
        {
            double du = frame[size.Offset(1) + i] - 128, dv = frame[size.Offset(2) + i] - 128, strength = Math.Sqrt(du * du + dv * dv);
            if (strength < 6)
                continue;
            u += du * strength;
            v += dv * strength;
            weight += strength;
        }
        if (weight < count / 16 * 0.2)
            return new(Slate.At(0.27, 1), Slate.At(0.13, 1));

        // Strong enough to be a colour, not so strong that it outshines the page.
        const double least = 12, most = 30;
        double hueU = u / weight, hueV = v / weight, length = Math.Max(1, Math.Sqrt(hueU * hueU + hueV * hueV));
        var wanted = Math.Clamp(length, least, most) * (1 - Muddiness(Math.Atan2(hueV, hueU))) / length;
        var hue = new Colour(128, (byte)Math.Round(128 + hueU * wanted), (byte)Math.Round(128 + hueV * wanted));
        return new(hue.At(0.32, 1), hue.At(0.14, 0.75));
    }

    // Yellow that is dark is olive, orange is mud: there a page's hue is only hinted at. By the angle in the plane of colours, where yellow lies at 175°, orange at 138° and green at 230°.
    private static double Muddiness(double angle)
    {
        const double middle = 165 * Math.PI / 180, reach = 55 * Math.PI / 180, most = 0.7;
        var away = Math.Abs(Math.IEEERemainder(angle - middle, 2 * Math.PI));
        return away < reach ? most * Math.Cos(away / reach * Math.PI / 2) : 0;
    }

    private static readonly Colour Slate = Colour.FromRgb(71, 85, 105);

    /// <summary>Fills a frame. Dithered: eight bits over so long a way would show as bands.</summary>
    public void Fill(byte[] frame, PictureSize size)
    {
        for (var plane = 0; plane < 3; plane++)
        {
            var (from, to) = plane switch { 0 => (From.Y, To.Y), 1 => (From.U, To.U), _ => (From.V, To.V) };
            int width = plane == 0 ? size.Width : size.Width / 2, height = plane == 0 ? size.Height : size.Height / 2, at = size.Offset(plane);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var share = ((double)x / width + (double)y / height) / 2;
                    frame[at++] = (byte)(from + (to - from) * share + Dither[(y & 3) * 4 + (x & 3)]);
                }
        }
    }

    // Bayer's matrix of four.
    private static readonly double[] Dither = [.. new[] { 0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5 }.Select(n => (n + 0.5) / 16)];
}
