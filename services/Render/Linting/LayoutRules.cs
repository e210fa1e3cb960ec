using System.Globalization;
using Platform.Contracts;
using Platform.Pictures;
using Platform.Templates;

namespace Platform.Render.Linting;

/// <summary>A rectangle in pixels; it may leave the picture.</summary>
internal readonly record struct Box(double Left, double Top, double Right, double Bottom);

/// <summary>A text as it was found in a frame.</summary>
/// <param name="Layer">The text.</param>
/// <param name="Frame">Of the film.</param>
/// <param name="Ink">What its letters cover, without shadows and boxes.</param>
/// <param name="Width">Of its laid out lines, pixels before scaling.</param>
/// <param name="Height">Of its laid out lines, pixels before scaling.</param>
/// <param name="Size">Of its letters in the picture, pixels.</param>
/// <param name="Weight">100 to 900.</param>
/// <param name="Contrast">The least between letters and what lies around them, 1 to 21; null where nobody knows: over transparency, or of nothing but thin lines.</param>
internal sealed record TextFinding(Layer Layer, int Frame, Box Ink, double Width, double Height, double Size, int Weight, double? Contrast);

/// <summary>What viewers would not like about texts. Pure: findings in, warnings out; of each text and rule the worst.</summary>
internal static class LayoutRules
{
    /// <summary>WCAG 2.2, success criterion 1.4.3: for text, and for large text.</summary>
    private const double LeastContrast = 4.5, LeastContrastOfLarge = 3;

    /// <summary>The same: 18 points, or 14 in bold, in pixels of a picture whose short side has <see cref="Reference"/>.</summary>
    private const double Large = 24, LargeBold = 18.66, Bold = 700;

    private const double Reference = 1080;

    /// <summary>Pixels of rounding and soft edges.</summary>
    private const double Tolerance = 1.5;

    /// <summary>The frame nearest to a layer's middle in which nothing of it moves; its middle when it always does.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="moves">Whether it may look other in a frame than in the one before.</param>
    /// <param name="frames">Of the film.</param>
    public static int Rest(Layer layer, Func<int, bool> moves, int frames)
    {
        var (first, last) = (Math.Max(0, layer.Start), Math.Min(frames, layer.End) - 1);
        var middle = (first + last) / 2;
        for (var away = 0; away <= last - middle; away++)
        {
            if (!moves(middle + away)) return middle + away;
            if (middle - away >= first && !moves(middle - away)) return middle - away;
        }
        return middle;
    }

    /// <summary>So many of some frames at most, each once, evenly chosen.</summary>
    public static IReadOnlyList<int> Some(IEnumerable<int> frames, int most)
    {
        var all = frames.Distinct().Order().ToList();
        return all.Count <= most ? all : [.. Enumerable.Range(0, most).Select(n => all[n * (all.Count - 1) / (most - 1)])];
    }

    /// <summary>Judges texts.</summary>
    /// <param name="timeline">The film.</param>
    /// <param name="findings">Its texts.</param>
    /// <param name="zone">What stays free: <c>title</c>, <c>tiktok</c>, <c>reels</c>, <c>shorts</c>.</param>
    public static IReadOnlyList<LayoutWarning> Judge(Timeline timeline, IEnumerable<TextFinding> findings, string zone)
    {
        var safe = SafeArea.Of(zone, timeline.Width, timeline.Height);
        var picture = new Box(0, 0, timeline.Width, timeline.Height);
        var warnings = new List<(LayoutWarning Warning, double Badness)>();
        foreach (var text in findings)
        {
            var clip = (TextClip)text.Layer.Clip;
            var outside = Beyond(text.Ink, picture);
            if (outside > 0) Add(text, "text_outside_picture", outside, $"{Whole(outside)} pixels of the text lie outside of the picture.");
            else if (Beyond(text.Ink, new Box(safe.Left, safe.Top, safe.Right, safe.Bottom)) is > 0 and var unsafely)
                Add(text, "text_outside_safe_zone", unsafely, $"The text leaves the safe zone \"{zone}\" by {Whole(unsafely)} pixels: screens or apps may cover it.");

            var canvas = Motion.CanvasOf(timeline, text.Layer.Groups);
            var over = Math.Max(text.Width - (clip.Width?.Of(canvas.X) ?? double.PositiveInfinity), text.Height - (clip.Height?.Of(canvas.Y) ?? double.PositiveInfinity));
            if (over > Tolerance) Add(text, "text_overflow", over, $"The text needs {Whole(over)} pixels more than its box has.");

            var large = text.Size >= Large * Scale(timeline) || (text.Size >= LargeBold * Scale(timeline) && text.Weight >= Bold);
            var least = large ? LeastContrastOfLarge : LeastContrast;
            if (text.Contrast is { } contrast && contrast < least)
                Add(text, "text_low_contrast", least / contrast, string.Create(CultureInfo.InvariantCulture, $"The contrast to what lies behind is {contrast:0.0}:1 where it is least; {(large ? "large text" : "text")} needs {least:0.0}:1."));
        }
        return [.. warnings.GroupBy(item => (item.Warning.Pointer, item.Warning.Code)).Select(same => same.MaxBy(item => item.Badness).Warning).OrderBy(warning => warning.At)];

        void Add(TextFinding text, string code, double badness, string detail) =>
            warnings.Add((new LayoutWarning(text.Layer.Place, code, $"{text.Layer.Label}: {detail}", Math.Round((double)text.Frame / timeline.Fps, 3)), badness));
    }

    private static double Scale(Timeline timeline) => Math.Min(timeline.Width, timeline.Height) / Reference;

    private static double Beyond(Box ink, Box area) =>
        Math.Max(Math.Max(area.Left - ink.Left, ink.Right - area.Right), Math.Max(area.Top - ink.Top, ink.Bottom - area.Bottom)) is > Tolerance and var beyond ? beyond : 0;

    private static string Whole(double pixels) => Math.Ceiling(pixels).ToString(CultureInfo.InvariantCulture);
}
