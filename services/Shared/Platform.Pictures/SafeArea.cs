namespace Platform.Pictures;

/// <summary>What of a picture texts may use, in pixels.</summary>
public readonly record struct SafeArea(double Left, double Top, double Right, double Bottom)
{
    /// <summary>Pixels.</summary>
    public double Width => Right - Left;

    /// <summary>
    /// Five hundredths of each side stay free everywhere (EBU R 95); on upright pictures, also what an app covers with its own buttons and texts: what the apps recommend for full-screen
    /// video, as shares of the picture.
    /// </summary>
    /// <param name="zone"><c>tiktok</c>, <c>reels</c>, <c>shorts</c>; anything else for none of them.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    public static SafeArea Of(string zone, int width, int height)
    {
        var (left, top, right, bottom) = height <= width ? (0.05, 0.05, 0.05, 0.05) : zone switch
        {
            "tiktok" => (0.11, 0.13, 0.15, 0.25),
            "reels" => (0.06, 0.14, 0.11, 0.35),
            "shorts" => (0.05, 0.15, 0.18, 0.35),
            _ => (0.05, 0.05, 0.05, 0.05),
        };
        return new SafeArea(left * width, top * height, (1 - right) * width, (1 - bottom) * height);
    }
}
