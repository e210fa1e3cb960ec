using Platform.Pictures;

namespace Platform.Render.Linting;

/// <summary>How well letters stand out from what lies around them, outlines, shadows and boxes of their own included.</summary>
internal static class Contrast
{
    /// <summary>Of 255: a pixel that a letter covers, one that it hardly touches, and one behind which the picture cannot be seen.</summary>
    private const byte Core = 200, Free = 8, Solid = 250;

    /// <summary>Pixels of either kind below which an area says nothing.</summary>
    private const int Fewest = 12;

    /// <summary>Pixels of the square areas that are judged each for itself.</summary>
    private const int Narrowest = 24, Widest = 200;

    private static readonly double[] Linear = [.. Enumerable.Range(0, 256).Select(value => value / 255.0).Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];

    /// <summary>Ratio of two relative luminances, 1 to 21 (WCAG 2.2).</summary>
    public static double Ratio(double one, double other) => (Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05);

    /// <summary>Relative luminance of a colour, 0 to 1 (WCAG 2.2).</summary>
    public static double Luminance(byte r, byte g, byte b) => 0.2126 * Linear[r] + 0.7152 * Linear[g] + 0.0722 * Linear[b];

    /// <summary>Pixels around letters of a size that count as what lies around them.</summary>
    public static int Reach(double size) => Math.Max(2, (int)(size * 0.06));

    /// <summary>The least contrast of a text, by areas about as large as its letters; null when none can be judged.</summary>
    /// <param name="picture">The text over what lies behind it.</param>
    /// <param name="letters">Its letters alone, of the same size.</param>
    /// <param name="size">Of the letters in pixels.</param>
    public static double? Least(Picture picture, Picture letters, double size)
    {
        var (cell, reach) = (Math.Clamp((int)size, Narrowest, Widest), Reach(size));
        var near = Sums(letters);
        var cells = new Dictionary<(int, int), (double Inside, int Letters, double Outside, int Around)>();
        for (var y = 0; y < picture.Height; y++)
            for (var x = 0; x < picture.Width; x++)
            {
                var at = (y * picture.Width + x) * 4;
                var cover = letters.Pixels[at + 3];
                if (picture.Pixels[at + 3] < Solid || (cover < Core && (cover > Free || !IsNear(near, letters, x, y, reach)))) continue;
                var light = Luminance(picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]);
                var sum = cells.GetValueOrDefault((x / cell, y / cell));
                cells[(x / cell, y / cell)] = cover >= Core ? sum with { Inside = sum.Inside + light, Letters = sum.Letters + 1 } : sum with { Outside = sum.Outside + light, Around = sum.Around + 1 };
            }
        var ratios = cells.Values.Where(sum => sum.Letters >= Fewest && sum.Around >= Fewest).Select(sum => Ratio(sum.Inside / sum.Letters, sum.Outside / sum.Around)).ToList();
        return ratios.Count > 0 ? ratios.Min() : null;
    }

    // How many covered pixels lie left of and above each.
    private static int[] Sums(Picture letters)
    {
        var width = letters.Width + 1;
        var sums = new int[width * (letters.Height + 1)];
        for (var y = 1; y <= letters.Height; y++)
            for (int x = 1, row = 0; x < width; x++)
            {
                row += letters.Pixels[((y - 1) * letters.Width + x - 1) * 4 + 3] >= 128 ? 1 : 0;
                sums[y * width + x] = sums[(y - 1) * width + x] + row;
            }
        return sums;
    }

    private static bool IsNear(int[] sums, Picture letters, int x, int y, int reach)
    {
        var width = letters.Width + 1;
        var (left, top, right, bottom) = (Math.Max(0, x - reach), Math.Max(0, y - reach), Math.Min(letters.Width, x + reach + 1), Math.Min(letters.Height, y + reach + 1));
        return sums[bottom * width + right] - sums[top * width + right] - sums[bottom * width + left] + sums[top * width + left] > 0;
    }
}
