using System.Collections.Immutable;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>The synthetic pointer and the ripples of its clicks, in the film's own pixels: sharp however close the camera is.</summary>
internal sealed class PointerLayer(Timeline timeline, PictureSize film, PointerParameters look) : ILayer
{
    /// <summary>Seconds that a ripple lives, and its radius at the end in a desktop's pixels.</summary>
    private const double RippleSeconds = 0.55, RippleRadius = 34;

    /// <summary>The shorter side of a desktop that pointers are drawn for.</summary>
    private const double Desktop = 720;

    /// <summary>How much smaller a pressed pointer is.</summary>
    private const double Pressed = 0.86;

    private static readonly Colour Ripple = Colour.FromRgb(59, 130, 246), Black = Colour.FromRgb(17, 17, 17);

    // The arrow that every desktop has, its tip at 0, 0; in its pixels.
    private static readonly ImmutableArray<(double X, double Y)> Arrow = [(0, 0), (0, 16.5), (3.9, 12.9), (6.5, 18.9), (9.1, 17.8), (6.6, 11.9), (11.8, 11.6)];

    // A hand with one finger up, the finger's tip at 0, 0.
    private static readonly ImmutableArray<(double X, double Y)> Hand =
    [
        (-1.6, 0.8), (0, -0.6), (1.6, 0.8), (1.7, 7), (4.6, 7.1), (8, 8), (10.4, 9.4), (10.6, 13), (9.2, 18.6), (-0.6, 18.6), (-3.2, 14.6), (-6.6, 10.4), (-5.6, 8.6), (-1.6, 11.2),
    ];

    private static readonly ImmutableArray<(double X, double Y)> Beam =
    [
        (-3.6, -9), (3.6, -9), (3.6, -7.6), (0.8, -7.2), (0.8, 7.2), (3.6, 7.6), (3.6, 9), (-3.6, 9), (-3.6, 7.6), (-0.8, 7.2), (-0.8, -7.2), (-3.6, -7.6),
    ];

    private readonly double unit = look.Size * Math.Min(film.Width, film.Height) / Desktop;

    public void Draw(byte[] frame, int n, Box camera)
    {
        var scale = film.Width / camera.Width;
        foreach (var action in timeline.Actions)
            if (action.Kind == "click" && n >= action.Frame && At(action.Frame) is { } place && (n - action.Frame) / (RippleSeconds * timeline.Fps) is < 1 and var t)
                DrawRipple(frame, (place.X - camera.X) * scale, (place.Y - camera.Y) * scale, t);
        if (At(n) is { } pointer)
            DrawPointer(frame, (pointer.X - camera.X) * scale, (pointer.Y - camera.Y) * scale, pointer);
    }

    private PointerSample? At(int n) => n < timeline.Pointer.Length ? timeline.Pointer[n] : null;

    private void DrawRipple(byte[] frame, double x, double y, double t)
    {
        var radius = unit * RippleRadius * Easing.Spring.At(t);
        var width = unit * (3 + 4 * (1 - t));
        var bounds = new Box(x - radius - width, y - radius - width, 2 * (radius + width), 2 * (radius + width));
        Ink.Fill(frame, film, bounds, Ripple, 0.22 * (1 - t), (px, py) => Ink.Disc(px, py, x, y, radius));
        Ink.Fill(frame, film, bounds, Ripple, 0.85 * (1 - t), (px, py) => Math.Abs(Ink.Disc(px, py, x, y, radius)) - width / 2);
    }

    private void DrawPointer(byte[] frame, double x, double y, PointerSample pointer)
    {
        var size = unit * (pointer.Down ? Pressed : 1);
        var shape = pointer.Shape switch { PointerShape.Hand => Hand, PointerShape.Text => Beam, _ => Arrow };
        (double X, double Y)[] corners = [.. shape.Select(corner => (x + corner.X * size, y + corner.Y * size))];
        double left = corners.Min(c => c.X), top = corners.Min(c => c.Y);
        var box = new Box(left, top, corners.Max(c => c.X) - left, corners.Max(c => c.Y) - top);
        double edge = 1.1 * size, fall = 1.6 * size, reach = 5 * size;
        var around = new Box(box.X - edge, box.Y - edge, box.Width + 2 * edge, box.Height + 2 * edge);
        Ink.Fill(frame, film, around.Offset(0, fall), new Colour(16, 128, 128), 0.35, (px, py) => Ink.Polygon(px, py - fall, corners), reach);
        Ink.Fill(frame, film, around, Colour.White, 1, (px, py) => Ink.Polygon(px, py, corners) - edge);
        Ink.Fill(frame, film, box, Black, 1, (px, py) => Ink.Polygon(px, py, corners));
    }
}

/// <summary>A frame round what is to be noticed.</summary>
internal sealed class HighlightLayer(Timeline timeline, PictureSize film) : ILayer
{
    /// <summary>Seconds in which it comes and goes.</summary>
    private const double Fade = 0.25;

    /// <summary>Room between target and frame, and the line's width, in CSS pixels.</summary>
    private const double Room = 8, Line = 4, Radius = 10;

    private static readonly Colour Amber = Colour.FromRgb(255, 180, 0);

    public void Draw(byte[] frame, int n, Box camera)
    {
        foreach (var action in timeline.Actions)
        {
            if (action is not { Kind: "highlight", Box: { } target } || n < action.Frame || n >= action.End)
                continue;

            double fps = timeline.Fps, shown = Math.Min((n - action.Frame + 1) / fps, (action.End - n) / fps) / Fade;
            var scale = film.Width / camera.Width;
            // It follows the page: the box lies where it was when the action happened.
            var shift = timeline.ScrollY[action.Frame] - timeline.ScrollY[Math.Min(n, timeline.ScrollY.Length - 1)];
            var box = new Box((target.X - Room - camera.X) * scale, (target.Y - Room + shift - camera.Y) * scale, (target.Width + 2 * Room) * scale, (target.Height + 2 * Room) * scale);
            double line = Line * scale, radius = Radius * scale;
            double Distance(double x, double y) => Math.Abs(Ink.Rounded(x, y, box, radius)) - line / 2;
            // Only where the line is: the inside may be large.
            foreach (var side in (ReadOnlySpan<Box>)
                [
                    new(box.X - line, box.Y - line, box.Width + 2 * line, radius + line), new(box.X - line, box.Bottom - radius, box.Width + 2 * line, radius + line),
                    new(box.X - line, box.Y + radius, 2 * line, Math.Max(0, box.Height - 2 * radius)), new(box.Right - line, box.Y + radius, 2 * line, Math.Max(0, box.Height - 2 * radius)),
                ])
                Ink.Fill(frame, film, side, Amber, Easing.Cubic.At(shown), Distance, softness: 1);
        }
    }
}

/// <summary>What is typed and pressed, at the foot of the picture.</summary>
internal sealed class KeysLayer(PictureSize film, int fps, ImmutableArray<KeysLayer.Caption> captions) : ILayer
{
    /// <summary>Seconds that keys stay after the last one, and in which they go.</summary>
    public const double Stay = 0.9, Fade = 0.25;

    /// <summary>What stands there from a frame until another comes, or it has stayed long enough.</summary>
    internal sealed record Caption(int Frame, Sprite Sprite);

    public void Draw(byte[] frame, int n, Box camera)
    {
        var current = captions.LastOrDefault(caption => caption.Frame <= n);
        if (current is null)
            return;

        var shown = 1 - Math.Clamp(((n - current.Frame) / (double)fps - Stay) / Fade, 0, 1);
        current.Sprite.Draw(frame, film, (film.Width - current.Sprite.Size.Width) / 2, (int)(film.Height * 0.9) - current.Sprite.Size.Height, shown);
    }
}

/// <summary>Sets the captions of keys.</summary>
internal static class KeyCaptions
{
    /// <summary>Height of the type, as a share of the film's shorter side; letters that fit beside each other.</summary>
    private const double TypeSize = 0.042;
    private const int Letters = 28;

    /// <summary>What is to be shown from which frame: text as it grows, of a long one its end; keys as people write them.</summary>
    public static ImmutableArray<(int Frame, string Text)> Of(Timeline timeline)
    {
        List<(int, string)> shown = [];
        foreach (var action in timeline.Actions)
        {
            if (action.Kind == "press")
                shown.Add((action.Frame, action.Text.Replace("Control", "Ctrl", StringComparison.Ordinal).Replace("+", " + ", StringComparison.Ordinal)));
            if (action.Kind != "type" || action.Text.Length == 0)
                continue;
            for (var n = 0; n < action.Keys.Length; n++)
            {
                var length = Math.Min(action.Text.Length, n + 1);
                var text = action.Text[..length];
                shown.Add((action.Keys[n], text.Length > Letters ? "…" + text[^Letters..] : text));
            }
        }
        return [.. shown];
    }

    public static async Task<KeysLayer> LayerAsync(ImmutableArray<(int Frame, string Text)> shown, TextPictures texts, PictureSize film, int fps, CancellationToken cancellationToken)
    {
        double side = Math.Min(film.Width, film.Height), type = TypeSize * side;
        var size = new PictureSize(Math.Min(film.Width, (int)(type * 0.62 * (Letters + 6))) & ~1, (int)(type * 1.9) & ~1);
        ImmutableArray<string> different = [.. shown.Select(caption => caption.Text).Distinct()];
        var pictures = await texts.CoveragesAsync(size, 0, [.. different.Select(text => ImmutableArray.Create(new TextLine(text, type)))], cancellationToken);
        var sprites = different.Zip(pictures, (text, picture) => (text, Sprite: Pill(picture, size))).ToDictionary(pair => pair.text, pair => pair.Sprite);
        return new KeysLayer(film, fps, [.. shown.Select(caption => new KeysLayer.Caption(caption.Frame, sprites[caption.Text]))]);
    }

    // White letters on a dark pill as wide as they need.
    private static Sprite Pill(byte[] coverage, PictureSize size)
    {
        int first = size.Width, last = -1;
        for (var i = 0; i < coverage.Length; i++)
            if (coverage[i] > 0)
                (first, last) = (Math.Min(first, i % size.Width), Math.Max(last, i % size.Width));
        var side = size.Height * 0.45;
        var box = last < 0 ? new Box(0, 0, 0, 0) : new Box(Math.Max(0, first - side), 0, Math.Min(size.Width, last + side) - Math.Max(0, first - side), size.Height);
        var rgba = new byte[4 * coverage.Length];
        for (var i = 0; i < coverage.Length; i++)
        {
            var light = (byte)(20 + coverage[i] * 235 / 255);
            (rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]) = (light, light, light);
            var ground = box.Width == 0 ? 0 : 0.82 * Ink.Coverage(Ink.Rounded(i % size.Width + 0.5, i / size.Width + 0.5, box, size.Height * 0.28), 1);
            rgba[4 * i + 3] = (byte)(255 * Math.Max(ground, coverage[i] / 255.0));
        }
        return Sprite.FromRgba(rgba, size);
    }
}
