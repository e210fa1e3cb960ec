namespace Platform.Caption.Tests;

/// <summary>A picture of one byte a pixel.</summary>
internal sealed class GrayPicture(byte[] pixels, int width)
{
    private readonly int width = width;
    private readonly int height = pixels.Length / width;

    private byte Ground => pixels[0]; // what lies in its corner

    /// <summary>Structural similarity (SSIM, Wang et al. 2004) with a smaller picture, 1 for the same, at the place within this one at which it is highest.</summary>
    public double BestLikeness(GrayPicture part)
    {
        // Where the ink is, and a little around: what does not match there matches nowhere.
        const int reach = 6;
        var (x, y) = Ink();
        var (partX, partY) = part.Ink();
        return (from dx in Enumerable.Range(-reach, (2 * reach) + 1) from dy in Enumerable.Range(-reach, (2 * reach) + 1) select Likeness(part, x - partX + dx, y - partY + dy)).Max();
    }

    private double Likeness(GrayPicture part, int left, int top)
    {
        const int window = 8;
        var (sum, count) = (0.0, 0);
        for (var y = 0; y + window <= part.height; y += window / 2)
        {
            for (var x = 0; x + window <= part.width; x += window / 2)
            {
                sum += Window(part, left, top, x, y, window);
                count++;
            }
        }

        return sum / count;
    }

    private double Window(GrayPicture part, int left, int top, int x, int y, int window)
    {
        const double c1 = 6.5025, c2 = 58.5225; // (0.01 · 255)², (0.03 · 255)²
        var (a, b, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < window * window; i++)
        {
            var (px, py) = (x + (i % window), y + (i / window));
            double p = part.At(px, py), q = At(left + px, top + py);
            (a, b, aa, bb, ab) = (a + p, b + q, aa + (p * p), bb + (q * q), ab + (p * q));
        }

        var n = window * window;
        var (ma, mb) = (a / n, b / n);
        var (va, vb, covariance) = ((aa / n) - (ma * ma), (bb / n) - (mb * mb), (ab / n) - (ma * mb));
        return ((2 * ma * mb) + c1) * ((2 * covariance) + c2) / (((ma * ma) + (mb * mb) + c1) * (va + vb + c2));
    }

    private byte At(int x, int y) => x >= 0 && x < width && y >= 0 && y < height ? pixels[(y * width) + x] : Ground;

    private (int X, int Y) Ink()
    {
        var places = Enumerable.Range(0, pixels.Length).Where(i => Math.Abs(pixels[i] - Ground) > 40).ToList();
        return places.Count == 0 ? (0, 0) : (places.Min(i => i % width), places.Min(i => i / width));
    }
}
