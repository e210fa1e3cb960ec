using Platform.Contracts;

namespace Platform.Capture.Camera;

/// <summary>
/// The viewport of a take that films of several shapes are cut out of. It depends on the device alone, so that a format asked for later finds the take of the others.
/// </summary>
internal static class SharedView
{
    /// <summary>
    /// CSS pixels. A desktop's is square: 1080 is wide enough for pages to lay themselves out for a desktop (their breakpoints lie at 1024 and below), and a square
    /// gives the tall and the wide film the same share of itself. A phone's and a tablet's have their own common shapes, and wide films show them as windows.
    /// </summary>
    public static (int Width, int Height) For(CaptureDevice device) => device switch
    {
        CaptureDevice.Phone => (392, 696),
        CaptureDevice.Tablet => (768, 1024),
        _ => (1080, 1080),
    };

    /// <summary>Height of what 16:9 shows of a desktop's: targets fit into it, so that every shape holds them.</summary>
    public static int FieldHeight(CaptureDevice device) => device switch
    {
        CaptureDevice.Desktop => 608,
        _ => For(device).Height,
    };
}
