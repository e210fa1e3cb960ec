using System.Collections.Immutable;
using Platform.Capture.Takes;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>What a film's frames are drawn from: the take's frames, the desk that they lie on, and what lies over them. One caller at a time.</summary>
internal sealed class Scene
{
    private readonly FrameSampler sampler;
    private readonly Desk? desk;
    private readonly ImmutableArray<ILayer> layers;
    private readonly double scaleX, scaleY;
    private readonly Box viewport;

    public Scene(Timeline timeline, PictureSize source, PictureSize film, Desk? desk, ImmutableArray<ILayer> layers)
    {
        (Take, Film, this.desk, this.layers) = (source, film, desk, layers);
        sampler = new FrameSampler(desk?.Size ?? source, film);
        (scaleX, scaleY) = Scale(timeline, source);
        viewport = new Box(0, 0, timeline.ViewportWidth, timeline.ViewportHeight);
    }

    /// <summary>Size that the take's frames are to have.</summary>
    public PictureSize Take { get; }

    /// <summary>Size of the film's frames.</summary>
    public PictureSize Film { get; }

    /// <summary>Draws one frame of the film.</summary>
    /// <param name="take">A frame of the take.</param>
    /// <param name="film">Where the film's frame is drawn.</param>
    /// <param name="n">The frame's number.</param>
    /// <param name="camera">What the camera sees, in CSS pixels of the viewport.</param>
    public void Draw(byte[] take, byte[] film, int n, Box camera)
    {
        if (!layers.Any(layer => layer.Covers(n)))
            DrawPage(take, film, camera);
        foreach (var layer in layers)
            layer.Draw(film, n, camera);
    }

    private void DrawPage(byte[] take, byte[] film, Box camera)
    {
        if (desk is not null)
            sampler.Draw(desk.Lay(take, Roundness(camera)), film, desk.Place(camera));
        else if (Take == Film && camera == viewport)
            take.AsSpan(0, Take.Bytes).CopyTo(film);
        else
            sampler.Draw(take, film, new PictureArea(camera.X * scaleX, camera.Y * scaleY, camera.Width * scaleX, camera.Height * scaleY));
    }

    // A page that fills the picture has square corners; once there is background round it, it is a window.
    private double Roundness(Box camera)
    {
        var beyond = Math.Max(Math.Max(-camera.X, camera.Right - viewport.Right), Math.Max(-camera.Y, camera.Bottom - viewport.Bottom));
        return Math.Clamp(beyond / (2 * Window.Radius), 0, 1);
    }

    /// <summary>
    /// The size that the take is decoded at: its own, unless some shot would shrink that by more than the sampler does well; but never so small that the closest
    /// shot would be soft.
    /// </summary>
    public static PictureSize SourceFor(Timeline timeline, CameraTrack track)
    {
        var (narrowest, widest) = track.Widths;
        var shrink = widest * timeline.DeviceScale / track.Format.Width;
        var closest = track.Format.Width / (narrowest * timeline.DeviceScale) / Pace.LargestEnlargement;
        var scale = Math.Max(FrameSampler.LargestShrink / shrink, closest);
        return scale >= 1
            ? new PictureSize(timeline.FrameWidth, timeline.FrameHeight)
            : new PictureSize(Even(timeline.FrameWidth * scale), Even(timeline.FrameHeight * scale));

        static int Even(double length) => Math.Max(2, (int)Math.Round(length / 2) * 2);
    }

    /// <summary>The desk, if the camera ever sees more than the page.</summary>
    public static Desk? DeskFor(Timeline timeline, CameraTrack track, PictureSize source, Window window)
    {
        // The grid of viewports leaves fractions of a pixel that are no background.
        const double slack = 0.5;
        var extent = track.Extent;
        Box viewport = new(0, 0, timeline.ViewportWidth, timeline.ViewportHeight);
        return window.IsNone && extent.X >= -slack && extent.Y >= -slack && extent.Right <= viewport.Right + slack && extent.Bottom <= viewport.Bottom + slack
            ? null
            : new Desk(source, Scale(timeline, source).X, viewport, extent, window);
    }

    // Not frame size over viewport size: a take's last row or column may lie beyond the viewport, to make its size even.
    private static (double X, double Y) Scale(Timeline timeline, PictureSize source) =>
        (timeline.DeviceScale * source.Width / timeline.FrameWidth, timeline.DeviceScale * source.Height / timeline.FrameHeight);
}
