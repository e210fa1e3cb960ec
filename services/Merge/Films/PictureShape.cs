using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Merge.Films;

/// <summary>Brings a picture of any size, shape, colour and rate into a film's frame. Pure.</summary>
internal static class PictureShape
{
    /// <summary>What is blurred is worked on at this part of its size: nobody sees the difference.</summary>
    private const int BlurScale = 8;

    /// <summary>Chains from a picture's input to the frame, square pixels, BT.709 of limited range, yuv420p.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="fit">How it fills the frame.</param>
    /// <param name="width">Of the frame.</param>
    /// <param name="height">Of the frame.</param>
    /// <param name="before">Filters that come first.</param>
    /// <param name="after">Filters that come last.</param>
    /// <param name="input">Label of the picture.</param>
    /// <param name="output">Label of what comes out.</param>
    public static IEnumerable<FilterChain> Chains(
        VideoStream picture, SceneFit fit, int width, int height, ImmutableArray<Filter> before, ImmutableArray<Filter> after, string input, string output)
    {
        var aspect = picture.Width * PlainPicture.PixelAspect(picture) / picture.Height;
        var frame = (double)width / height;
        var (insideWidth, insideHeight) = aspect > frame ? (width, Even(width / aspect, height)) : (Even(height * aspect, width), height);
        var fills = width - insideWidth <= 2 && height - insideHeight <= 2;
        if (fills || fit == SceneFit.Cover)
        {
            yield return Filters.Chain(input, output, [.. before, .. Cropped(picture, aspect, frame), .. Sized(picture, width, height), .. after]);
            yield break;
        }

        var (x, y) = (Middle(width, insideWidth), Middle(height, insideHeight));
        if (fit == SceneFit.Contain)
        {
            yield return Filters.Chain(input, output, [.. before, .. Sized(picture, insideWidth, insideHeight), Filters.Pad(width, height, x, y), .. after]);
            yield break;
        }

        var (smallWidth, smallHeight) = (Even(width / BlurScale, width), Even(height / BlurScale, height));
        yield return new FilterChain([input], [.. before, Filters.Split(2)], [$"{output}near", $"{output}far"]);
        yield return Filters.Chain(
            $"{output}far", $"{output}behind",
            [.. Cropped(picture, aspect, frame), .. Sized(picture, smallWidth, smallHeight), Filters.Blur(Math.Max(smallWidth, smallHeight) / 30.0), Filters.Scale(width, height), Filters.SquarePixels()]);
        yield return Filters.Chain($"{output}near", $"{output}inside", [.. Sized(picture, insideWidth, insideHeight)]);
        yield return new FilterChain([$"{output}behind", $"{output}inside"], [Filters.Overlay(x, y), .. after], [output]);
    }

    /// <summary>Whether a picture is of the frame's size and kind as it is.</summary>
    public static bool IsInPlace(VideoStream picture, int width, int height) =>
        (picture.Width, picture.Height, picture.PixelFormat, picture.Rotation) == (width, height, "yuv420p", 0) && picture.PixelAspect.Value == 1 && picture.ColorRange != "pc" && !PlainPicture.IsHighRange(picture);

    // The first scale does nothing until a file changes its size on the way; then it keeps what follows true.
    private static IEnumerable<Filter> Cropped(VideoStream picture, double aspect, double frame)
    {
        var pixel = PlainPicture.PixelAspect(picture);
        var (width, height) = aspect > frame
            ? (Even(picture.Height * frame / pixel, picture.Width), picture.Height)
            : (picture.Width, Even(picture.Width * pixel / frame, picture.Height));
        return picture.Width - width <= 2 && picture.Height - height <= 2 ? [] : [Filters.Scale(picture.Width, picture.Height), Filters.Crop(width, height)];
    }

    private static ImmutableArray<Filter> Sized(VideoStream picture, int width, int height) => PlainPicture.Sized(picture, width, height);

    private static int Middle(int outer, int inner) => (outer - inner) / 4 * 2;

    private static int Even(double side, int most) => Math.Clamp((int)Math.Round(side / 2) * 2, 2, most);
}
