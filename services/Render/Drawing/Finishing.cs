using System.Numerics;
using Platform.Pictures;
using Platform.Templates;

namespace Platform.Render.Drawing;

/// <summary>Rounds, crops and masks a clip's picture.</summary>
internal static class Finishing
{
    private static readonly string[] Properties = ["radius", "cropLeft", "cropTop", "cropRight", "cropBottom"];

    /// <summary>Whether what is cut off changes over time.</summary>
    public static bool IsMoving(VisualClip clip) => clip.Keyframes.Count > 0 && Properties.Any(clip.Keyframes.ContainsKey);

    /// <summary>Applies what does not change, once.</summary>
    /// <param name="picture">The clip's picture.</param>
    /// <param name="clip">What is to be cut off.</param>
    /// <param name="natural">The clip's size, which radii are measured in.</param>
    /// <param name="mask">Brightness of the mask, of the picture's size; null for none.</param>
    public static void Apply(Picture picture, VisualClip clip, Vector2 natural, byte[]? mask)
    {
        if (mask is not null) picture.Multiply(clip.Mask!.Invert ? [.. mask.Select(value => (byte)(255 - value))] : mask);
        if (IsMoving(clip) || (clip.Radius == 0 && clip.Crop is null)) return;
        var crop = clip.Crop ?? new Crop();
        picture.Multiply(Rounded(picture, natural, clip.Radius, crop.Left, crop.Top, crop.Right, crop.Bottom));
    }

    /// <summary>A copy of a picture, cut as it is in a frame.</summary>
    public static Picture Finish(Picture picture, VisualClip clip, Timeline timeline, Vector2 natural, Motion motion, int frame)
    {
        var copy = new Picture(picture.Width, picture.Height);
        picture.Pixels.CopyTo(copy.Pixels, 0);
        var crop = clip.Crop ?? new Crop();
        copy.Multiply(Rounded(picture, natural, motion.Value("radius", clip.Radius, timeline.Width, frame), motion.Value("cropLeft", crop.Left, 1, frame), motion.Value("cropTop", crop.Top, 1, frame),
            motion.Value("cropRight", crop.Right, 1, frame), motion.Value("cropBottom", crop.Bottom, 1, frame)));
        return copy;
    }

    /// <summary>An ellipse or rectangle that fills a picture, as a mask.</summary>
    public static byte[] Shape(string shape, int width, int height) => Fill(width, height, (x, y) => shape == "ellipse" ? Shapes.Ellipse(x, y, width, height) : 1);

    private static byte[] Rounded(Picture picture, Vector2 natural, double radius, double left, double top, double right, double bottom)
    {
        double width = picture.Width, height = picture.Height;
        var scaled = radius * width / Math.Max(1, natural.X);
        var (l, t, w, h) = (left * width, top * height, Math.Max(0, (1 - left - right) * width), Math.Max(0, (1 - top - bottom) * height));
        return Fill(picture.Width, picture.Height, (x, y) => Shapes.RoundedRectangle(x - l, y - t, w, h, scaled));
    }

    private static byte[] Fill(int width, int height, Func<double, double, double> coverage)
    {
        var mask = new byte[width * height];
        Parallel.For(0, height, y =>
        {
            for (var x = 0; x < width; x++) mask[y * width + x] = (byte)Math.Round(Math.Clamp(coverage(x + 0.5, y + 0.5), 0, 1) * 255);
        });
        return mask;
    }
}
