using Platform.Capture.Takes;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>
/// What a camera films that sees more than the page: the page as a window on a background, in the take's pixels. All of it but the page is drawn once; a frame of
/// the take is then laid into its place.
/// </summary>
internal sealed class Desk
{
    /// <summary>How far a window's shadow reaches, and how far it falls, in CSS pixels.</summary>
    private const double ShadowReach = 70, ShadowFall = 18;

    private const double ShadowOpacity = 0.38;

    private readonly PictureSize take;
    private readonly double scale;
    private readonly int left, top;
    private readonly Box page;
    private readonly Window window;
    private readonly byte[] canvas;
    private byte[]? corners;

    /// <param name="take">Size of the take's frames.</param>
    /// <param name="scale">Pixels of a frame per CSS pixel.</param>
    /// <param name="viewport">Size of the viewport in CSS pixels.</param>
    /// <param name="extent">All that the camera ever sees, in CSS pixels of the viewport.</param>
    /// <param name="window">What stands round the page.</param>
    public Desk(PictureSize take, double scale, Box viewport, Box extent, Window window)
    {
        (this.take, this.scale, this.window) = (take, scale, window);
        // Even, for the colours' sake.
        left = 2 * (int)Math.Ceiling(Math.Max(0, -extent.X) * scale / 2);
        top = 2 * (int)Math.Ceiling(Math.Max(0, -extent.Y) * scale / 2);
        var right = 2 * (int)Math.Ceiling(Math.Max(0, extent.Right * scale - take.Width) / 2);
        var bottom = 2 * (int)Math.Ceiling(Math.Max(0, extent.Bottom * scale - take.Height) / 2);
        Size = new PictureSize(left + take.Width + right, top + take.Height + bottom);
        page = new Box(left, top, viewport.Width * scale, viewport.Height * scale);
        canvas = FrameSampler.Frame(Size);
    }

    public PictureSize Size { get; }

    /// <summary>A box of the viewport in pixels of the desk.</summary>
    public PictureArea Place(Box box) => new(left + box.X * scale, top + box.Y * scale, box.Width * scale, box.Height * scale);

    /// <summary>Draws everything but the page. To be done before the first frame is laid down.</summary>
    /// <param name="backdrop">The background.</param>
    /// <param name="address">What the browser's bar says, made for <see cref="AddressBox"/>; null for an empty one.</param>
    public void Prepare(Backdrop backdrop, Sprite? address)
    {
        backdrop.Fill(canvas, Size);
        var bar = window.Bar * scale;
        var frame = new Box(page.X, page.Y - bar, page.Width, page.Height + bar);
        double reach = ShadowReach * scale, fall = ShadowFall * scale, radius = Window.Radius * scale;
        var shadow = frame.Offset(0, fall);
        Ink.Fill(canvas, Size, shadow, new Colour(16, 128, 128), ShadowOpacity, (x, y) => Ink.Rounded(x, y, shadow, radius), reach);
        corners = (byte[])canvas.Clone();
        if (bar == 0)
            return;

        Ink.Fill(canvas, Size, frame with { Height = bar }, Colour.FromRgb(236, 238, 241), 1, (x, y) => Math.Max(Ink.Rounded(x, y, frame, radius), y - page.Y));
        var middle = page.Y - bar / 2;
        foreach (var (n, colour) in new[] { Colour.FromRgb(255, 95, 87), Colour.FromRgb(254, 188, 46), Colour.FromRgb(40, 200, 64) }.Index())
        {
            var (x0, r) = (page.X + (22 + 20 * n) * scale, 6 * scale);
            Ink.Fill(canvas, Size, new Box(x0 - r, middle - r, 2 * r, 2 * r), colour, 1, (x, y) => Ink.Disc(x, y, x0, middle, r));
        }

        var pill = AddressBox;
        Ink.Fill(canvas, Size, pill, Colour.White, 1, (x, y) => Ink.Rounded(x, y, pill, pill.Height / 2));
        address?.Draw(canvas, Size, (int)(pill.CenterX - address.Size.Width / 2.0), (int)(pill.CenterY - address.Size.Height / 2.0), 1);
    }

    /// <summary>Where the browser's bar says where it is, in pixels of the desk.</summary>
    public Box AddressBox => new(page.CenterX - Math.Min(page.Width * 0.3, 260 * scale), page.Y - window.Bar * scale / 2 - 14 * scale, 2 * Math.Min(page.Width * 0.3, 260 * scale), 28 * scale);

    /// <summary>Lays a frame of the take into its place.</summary>
    /// <param name="frame">The take's frame.</param>
    /// <param name="roundness">0 for square corners to 1 for a window's.</param>
    /// <returns>The desk: the same memory every time.</returns>
    public byte[] Lay(byte[] frame, double roundness)
    {
        int width = (int)Math.Round(page.Width) & ~1, height = (int)Math.Round(page.Height) & ~1;
        for (var plane = 0; plane < 3; plane++)
        {
            var step = plane == 0 ? 1 : 2;
            for (var y = 0; y < height / step; y++)
                frame.AsSpan(take.Offset(plane) + y * (take.Width / step), width / step)
                    .CopyTo(canvas.AsSpan(Size.Offset(plane) + (top / step + y) * (Size.Width / step) + left / step));
        }

        var radius = roundness * Window.Radius * scale;
        if (radius >= 0.5)
        {
            var shape = window.Bar > 0 ? new Box(page.X, page.Y - 2 * radius, width, height + 2 * radius) : new Box(page.X, page.Y, width, height);
            foreach (var x in new[] { page.X, page.X + width - radius })
                foreach (var y in new[] { page.Y, page.Y + height - radius })
                    Restore(shape, new Box(x, y, radius, radius), radius);
        }
        return canvas;
    }

    // Brings back in a corner what the window does not cover.
    private void Restore(Box shape, Box corner, double radius)
    {
        for (var plane = 0; plane < 3; plane++)
        {
            var step = plane == 0 ? 1 : 2;
            var line = Size.Width / step;
            for (var y = (int)(corner.Y / step); y < Math.Min(Size.Height / step, (int)Math.Ceiling(corner.Bottom / step)); y++)
                for (var x = (int)(corner.X / step); x < Math.Min(line, (int)Math.Ceiling(corner.Right / step)); x++)
                {
                    var at = Size.Offset(plane) + y * line + x;
                    var covered = Ink.Coverage(Ink.Rounded((x + 0.5) * step, (y + 0.5) * step, shape, radius), 1);
                    canvas[at] = (byte)(corners![at] + (canvas[at] - corners[at]) * covered + 0.5);
                }
        }
    }
}
