namespace Platform.Capture.Camera;

/// <summary>How much there is to see in a picture: what makes one frame a better poster than another.</summary>
internal static class PictureScore
{
    /// <summary>Below this spread of its greys a picture is empty to the eye: a plain colour, a page that has not appeared.</summary>
    private const double Blank = 4;

    /// <summary>Spread, and mean difference from the neighbours, at which a picture has all the contrast and sharpness that it can be praised for.</summary>
    private const double FullContrast = 64, FullSharpness = 12;

    /// <summary>0 for an empty picture to 1 for a rich one: variety of its greys, contrast, sharpness.</summary>
    /// <param name="grey">One byte a pixel, line by line.</param>
    /// <param name="width">Pixels of a line, at least 3.</param>
    public static double Of(ReadOnlySpan<byte> grey, int width)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        double sum = 0, squares = 0;
        foreach (var value in grey)
        {
            histogram[value]++;
            sum += value;
            squares += value * value;
        }
        var mean = sum / grey.Length;
        var contrast = Math.Sqrt(Math.Max(0, squares / grey.Length - mean * mean));
        if (contrast < Blank)
            return 0;

        var entropy = 0.0;
        foreach (var count in histogram)
            if (count > 0)
                entropy -= (double)count / grey.Length * Math.Log2((double)count / grey.Length);

        return 0.4 * entropy / 8 + 0.3 * Math.Min(1, contrast / FullContrast) + 0.3 * Math.Min(1, Sharpness(grey, width) / FullSharpness);
    }

    // Mean of the Laplacian: how far each pixel is from the mean of its four neighbours.
    private static double Sharpness(ReadOnlySpan<byte> grey, int width)
    {
        long sum = 0;
        var height = grey.Length / width;
        for (var y = 1; y < height - 1; y++)
            for (var x = 1; x < width - 1; x++)
            {
                var at = y * width + x;
                sum += Math.Abs(4 * grey[at] - grey[at - 1] - grey[at + 1] - grey[at - width] - grey[at + width]);
            }
        return sum / 4.0 / Math.Max(1, (width - 2) * (height - 2));
    }
}
