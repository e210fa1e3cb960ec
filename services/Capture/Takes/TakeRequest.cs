using System.Collections.Immutable;
using Platform.Contracts;

namespace Platform.Capture.Takes;

/// <summary>A page as a visitor with a certain device meets it: everything that a take depends on, but for time and scrolling.</summary>
internal sealed record PageRequest
{
    /// <summary>Where the browser goes: an http(s) address; a site's reserved one.</summary>
    public required Uri Url { get; init; }

    /// <summary>CSS pixels.</summary>
    public required int ViewportWidth { get; init; }

    /// <summary>CSS pixels.</summary>
    public required int ViewportHeight { get; init; }

    public bool Mobile { get; init; }

    public bool Dark { get; init; }

    public string? Locale { get; init; }

    /// <summary>Selectors that the user wants hidden.</summary>
    public ImmutableArray<string> Hide { get; init; } = [];

    /// <summary>Whether consent walls, chats and advertisements are hidden.</summary>
    public bool Cleanup { get; init; } = true;
}

/// <summary>Which part of the web a device sees. Pure.</summary>
internal static class Viewports
{
    /// <summary>CSS pixels of a desktop's viewport, whatever its shape: as many as 1280 × 720 has. Text of 16 px is then readable in a film of 1080 lines.</summary>
    private const double DesktopArea = 1280 * 720;

    /// <summary>The shorter side in CSS pixels: common phones have 360 to 430, tablets 744 to 834.</summary>
    private const double PhoneSide = 392, TabletSide = 768;

    /// <summary>Multiples of this make whole even pixels at every device scale that is a quarter's multiple.</summary>
    private const int Grid = 8;

    /// <summary>Width and height in CSS pixels, in the shape of the film.</summary>
    public static (int Width, int Height) For(CaptureDevice device, FrameFormat format)
    {
        var aspect = (double)format.Width / format.Height;
        var width = device switch
        {
            CaptureDevice.Phone => aspect < 1 ? PhoneSide : PhoneSide * aspect,
            CaptureDevice.Tablet => aspect < 1 ? TabletSide : TabletSide * aspect,
            _ => Math.Sqrt(DesktopArea * aspect),
        };

        // Of the sizes near by, the one whose shape is the film's: nothing is then stretched, not even by a little.
        return Enumerable.Range(-Reach, 2 * Reach + 1)
            .Select(step => OnGrid(width + step * Grid))
            .Select(near => (Width: near, Height: OnGrid(near / aspect)))
            .MinBy(size => (Math.Round(Math.Abs(Math.Log((double)size.Width / size.Height / aspect)), 4), Math.Abs(size.Width - width)));
    }

    /// <summary>Steps of the grid that the width may differ by.</summary>
    private const int Reach = 4;

    private static int OnGrid(double length) => Math.Clamp((int)Math.Round(length / Grid) * Grid, 64, 3840);
}
