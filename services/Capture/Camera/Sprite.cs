using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>A picture with transparency to lay on frames: yuv420p with an alpha of its size and one of half of it.</summary>
internal sealed class Sprite
{
    private readonly byte[] picture, alpha, half;

    private Sprite(PictureSize size, byte[] picture, byte[] alpha, byte[] half) => (Size, this.picture, this.alpha, this.half) = (size, picture, alpha, half);

    /// <summary>Pixels, even.</summary>
    public PictureSize Size { get; }

    /// <summary>Pixels of four bytes with straight alpha.</summary>
    public static Sprite FromRgba(ReadOnlySpan<byte> rgba, PictureSize size)
    {
        var picture = new byte[size.Bytes];
        var alpha = new byte[size.Width * size.Height];
        var half = new byte[alpha.Length / 4];
        for (var i = 0; i < alpha.Length; i++)
        {
            picture[i] = Colour.FromRgb(rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]).Y;
            alpha[i] = rgba[4 * i + 3];
        }
        for (int y = 0, at = 0; y < size.Height; y += 2)
            for (var x = 0; x < size.Width; x += 2, at++)
            {
                // Of four pixels the colour of what is seen of them.
                double red = 0, green = 0, blue = 0, sum = 0;
                foreach (var i in (ReadOnlySpan<int>)[y * size.Width + x, y * size.Width + x + 1, (y + 1) * size.Width + x, (y + 1) * size.Width + x + 1])
                {
                    double a = rgba[4 * i + 3];
                    (red, green, blue, sum) = (red + a * rgba[4 * i], green + a * rgba[4 * i + 1], blue + a * rgba[4 * i + 2], sum + a);
                }
                var colour = sum == 0 ? Colour.White : Colour.FromRgb(red / sum, green / sum, blue / sum);
                (picture[size.Offset(1) + at], picture[size.Offset(2) + at], half[at]) = (colour.U, colour.V, (byte)(sum / 4));
            }
        return new Sprite(size, picture, alpha, half);
    }

    /// <summary>One colour, as opaque as a grey picture is light.</summary>
    public static Sprite FromCoverage(ReadOnlySpan<byte> coverage, PictureSize size, Colour colour)
    {
        var picture = new byte[size.Bytes];
        Array.Fill(picture, colour.Y, 0, size.Offset(1));
        Array.Fill(picture, colour.U, size.Offset(1), size.Offset(2) - size.Offset(1));
        Array.Fill(picture, colour.V, size.Offset(2), size.Bytes - size.Offset(2));
        var half = new byte[size.Width * size.Height / 4];
        for (int y = 0, at = 0; y < size.Height; y += 2)
            for (var x = 0; x < size.Width; x += 2, at++)
                half[at] = (byte)((coverage[y * size.Width + x] + coverage[y * size.Width + x + 1] + coverage[(y + 1) * size.Width + x] + coverage[(y + 1) * size.Width + x + 1]) / 4);
        return new Sprite(size, picture, coverage.ToArray(), half);
    }

    /// <summary>Lays it on a frame; what lies outside is cut off.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="into">Its size.</param>
    /// <param name="x">Left edge, made even.</param>
    /// <param name="y">Upper edge, made even.</param>
    /// <param name="opacity">0 to 1.</param>
    public void Draw(byte[] frame, PictureSize into, int x, int y, double opacity)
    {
        var strength = (int)Math.Round(Math.Clamp(opacity, 0, 1) * 256);
        if (strength == 0)
            return;

        Plane(0, 1, alpha);
        Plane(1, 2, half);
        Plane(2, 2, half);

        void Plane(int plane, int step, byte[] shares)
        {
            int width = Size.Width / step, height = Size.Height / step, line = into.Width / step, left = (x & ~1) / step, top = (y & ~1) / step;
            int from = Math.Max(0, -left), to = Math.Min(width, line - left);
            for (var j = Math.Max(0, -top); j < Math.Min(height, into.Height / step - top); j++)
            {
                var at = into.Offset(plane) + (top + j) * line + left;
                var own = Size.Offset(plane) + j * width;
                for (var i = from; i < to; i++)
                    if (shares[j * width + i] is > 0 and var share)
                        frame[at + i] = (byte)(frame[at + i] + ((picture[own + i] - frame[at + i]) * share * strength + 32640) / 65280);
            }
        }
    }
}
