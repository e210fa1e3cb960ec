using Platform.Browser;
using Platform.Pictures;

namespace Platform.Cli.Templates;

/// <summary>How alike two pictures of one size are.</summary>
/// <param name="Ssim">Structural similarity of their brightness, mean over the picture; 1 is equal (Wang et al. 2004).</param>
/// <param name="Psnr">Decibels over all channels; infinite when equal.</param>
/// <param name="Changed">Share of the pixels that differ by more than a sixteenth in a channel.</param>
internal sealed record FrameComparison(double Ssim, double Psnr, double Changed)
{
    /// <summary>Of 255, what a pixel may differ by in a channel before it counts as changed.</summary>
    private const int Slight = 16;

    /// <summary>Pixels: windows of this size, so far from one another.</summary>
    private const int Window = 8, Step = 4;

    /// <summary>Compares two pictures of the same size, as they look over black and in their opacity.</summary>
    public static FrameComparison Of(PngPicture one, PngPicture other)
    {
        var (a, b) = (Seen(one), Seen(other));
        var (squares, changed) = (0.0, 0);
        for (var i = 0; i < a.Length; i += 4)
        {
            var most = 0;
            for (var c = i; c < i + 4; c++)
            {
                var difference = Math.Abs(a[c] - b[c]);
                squares += difference * difference;
                most = Math.Max(most, difference);
            }
            if (most > Slight) changed++;
        }
        return new FrameComparison(SsimOf(Light(a), Light(b), one.Width, one.Height), 10 * Math.Log10(255 * 255 / (squares / a.Length)), changed / (a.Length / 4.0));
    }

    /// <summary>Where two pictures of the same size differ: the first in faint grey, what has changed in red, the stronger the more.</summary>
    public static PngPicture Difference(PngPicture one, PngPicture other)
    {
        var (a, b) = (Seen(one), Seen(other));
        var light = Light(a);
        var shown = new byte[a.Length];
        for (var i = 0; i < a.Length; i += 4)
        {
            var most = Enumerable.Range(i, 4).Max(c => Math.Abs(a[c] - b[c]));
            var grey = (byte)(light[i / 4] / 3);
            (shown[i], shown[i + 1], shown[i + 2], shown[i + 3]) = most > Slight ? ((byte)(128 + most / 2), (byte)0, (byte)0, (byte)255) : (grey, grey, grey, (byte)255);
        }
        return PngPicture.FromRgba(one.Width, one.Height, shown);
    }

    private static byte[] Seen(PngPicture picture) => Picture.FromStraight(picture.Width, picture.Height, picture.ToRgba()).Pixels;

    private static double[] Light(byte[] pixels) => [.. Enumerable.Range(0, pixels.Length / 4).Select(i => 0.2126 * pixels[i * 4] + 0.7152 * pixels[i * 4 + 1] + 0.0722 * pixels[i * 4 + 2])];

    private static double SsimOf(double[] one, double[] other, int width, int height)
    {
        const double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;
        var (sum, windows) = (0.0, 0);
        for (var top = 0; top == 0 || top + Window <= height; top += Step)
            for (var left = 0; left == 0 || left + Window <= width; left += Step)
            {
                var (bottom, right) = (Math.Min(height, top + Window), Math.Min(width, left + Window));
                double a = 0, b = 0, aa = 0, bb = 0, ab = 0, n = (bottom - top) * (right - left);
                for (var y = top; y < bottom; y++)
                    for (var x = left; x < right; x++)
                    {
                        var (p, q) = (one[y * width + x], other[y * width + x]);
                        (a, b, aa, bb, ab) = (a + p, b + q, aa + p * p, bb + q * q, ab + p * q);
                    }
                var (ma, mb) = (a / n, b / n);
                sum += (2 * ma * mb + c1) * (2 * (ab / n - ma * mb) + c2) / ((ma * ma + mb * mb + c1) * (aa / n - ma * ma + (bb / n - mb * mb) + c2));
                windows++;
            }
        return sum / windows;
    }
}
