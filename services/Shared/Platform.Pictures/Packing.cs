namespace Platform.Pictures;

/// <summary>Writes pictures as the raw frames that ffmpeg reads: BT.709 of limited range, or RGB.</summary>
public static class Packing
{
    // BT.709: Y = 0.2126 R + 0.7152 G + 0.0722 B over 219 steps from 16, colour differences over 224 around 128; in 1/65536.
    private const int Yr = 11966, Yg = 40254, Yb = 4064, Ur = -6596, Ug = -22189, Ub = 28784, Vr = 28784, Vg = -26145, Vb = -2639;
    private const int Half = 1 << 15;

    /// <summary>Bytes of a frame of <c>yuva420p</c>.</summary>
    public static int Yuva420Bytes(int width, int height) => width * height / 2 * 5;

    /// <summary>Bytes of a frame of <c>yuv420p</c>.</summary>
    public static int Yuv420Bytes(int width, int height) => width * height / 2 * 3;

    /// <summary>
    /// <c>yuva420p</c>, or <c>yuv420p</c> where opacity does not matter. The colour of a block of four pixels is that of what is there: what is
    /// transparent adds nothing, so that edges have no dark fringe.
    /// </summary>
    public static void ToYuv420(Picture picture, Span<byte> frame, bool withAlpha)
    {
        int width = picture.Width, height = picture.Height, size = width * height;
        var pixels = picture.Pixels;
        Span<byte> luma = frame[..size], u = frame.Slice(size, size / 4), v = frame.Slice(size / 4 * 5, size / 4), alpha = withAlpha ? frame.Slice(size / 2 * 3, size) : [];
        for (var y = 0; y < height; y += 2)
            for (var x = 0; x < width; x += 2)
            {
                int r = 0, g = 0, b = 0, a = 0;
                for (var k = 0; k < 4; k++)
                {
                    var at = (y + k / 2) * width + x + k % 2;
                    var i = at * 4;
                    int pr = pixels[i], pg = pixels[i + 1], pb = pixels[i + 2], pa = pixels[i + 3];
                    if (withAlpha) alpha[at] = (byte)pa;
                    r += pr; g += pg; b += pb; a += pa;
                    if (pa is not 0 and not 255) (pr, pg, pb) = (Whole(pr, pa), Whole(pg, pa), Whole(pb, pa));
                    luma[at] = (byte)((Yr * pr + Yg * pg + Yb * pb + Half + (16 << 16)) >> 16);
                }
                var c = (y / 2) * (width / 2) + x / 2;
                if (a == 0) (u[c], v[c]) = (128, 128);
                else
                {
                    if (a != 1020) (r, g, b) = (r * 1020 / a, g * 1020 / a, b * 1020 / a);
                    u[c] = (byte)((Ur * r + Ug * g + Ub * b + 4 * Half + (512 << 16)) >> 18);
                    v[c] = (byte)((Vr * r + Vg * g + Vb * b + 4 * Half + (512 << 16)) >> 18);
                }
            }
    }

    /// <summary><c>rgba</c>, colours not multiplied.</summary>
    public static void ToRgba(Picture picture, Span<byte> frame)
    {
        var pixels = picture.Pixels;
        for (var i = 0; i < pixels.Length; i += 4)
        {
            int a = pixels[i + 3];
            for (var c = 0; c < 3; c++) frame[i + c] = a is 0 or 255 ? pixels[i + c] : (byte)Whole(pixels[i + c], a);
            frame[i + 3] = (byte)a;
        }
    }

    private static int Whole(int multiplied, int alpha) => Math.Min(255, (multiplied * 255 + alpha / 2) / alpha);
}
