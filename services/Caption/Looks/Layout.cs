using System.Collections.Immutable;
using Platform.Caption.Captions;
using Platform.Pictures;

namespace Platform.Caption.Looks;

/// <summary>A word and where its middle lies, in pixels.</summary>
internal sealed record PlacedWord(Word Word, string Text, double X, double Width);

/// <summary>
/// A line: its text as it is set, where its middle lies, how wide it is, and its words in the order they are read. <c>Whole</c>: it must be set in one piece, since its letters depend on
/// each other, run from right to left, or are as wide as nobody here knows.
/// </summary>
internal sealed record PlacedLine(string Text, bool Whole, double X, double Y, double Width, ImmutableArray<PlacedWord> Words);

/// <summary>A cue as it stands in the picture: the size of its letters in pixels, the box around all lines with their padding, the lines.</summary>
internal sealed record PlacedCue(Cue Cue, double Em, (double Left, double Top, double Right, double Bottom) Box, ImmutableArray<PlacedLine> Lines);

/// <summary>Decides where each word stands, so that words can move and change by themselves. Pure.</summary>
internal sealed class Layout(Look look, ITextMeasure font, SafeArea safe, int width, int height)
{
    private const double Smallest = 0.4;

    /// <summary>Size of the letters, in pixels.</summary>
    public double Em => look.Size * height;

    /// <summary>Most width of a line, in multiples of the letters' size.</summary>
    public double MostWidth => (safe.Width / Em) - (2 * Edge);

    /// <summary>What a box, an outline and a word that grows add at each side.</summary>
    private double Edge => (look.Padding * 1.15) + (look.Bar ? 0.27 : 0) + look.Outline + look.Shadow + (look.Animation is CaptionAnimation.Highlight ? 0.2 : 0);

    public double Measure(string text) => font.Width(look.Cased(text));

    public PlacedCue Place(Cue cue)
    {
        var widest = cue.Lines.Max(line => Measure(Cue.TextOf(line)));
        var em = Em * Math.Clamp(MostWidth / widest, Smallest, 1);
        var step = look.LineHeight * em;
        var (blockWidth, blockHeight) = (widest * em, (step * (cue.Lines.Length - 1)) + (1.1 * em));
        var edge = Edge * em;

        // The point of the anchor; what is outside of the safe part is pushed back into it.
        var x = look.X is { } shareX ? shareX * width : look.Anchor.X switch { < 0 => safe.Left + edge, > 0 => safe.Right - edge, _ => (safe.Left + safe.Right) / 2 };
        var y = look.Y is { } shareY ? shareY * height : look.Anchor.Y switch { < 0 => safe.Top + edge, > 0 => safe.Bottom - edge, _ => (safe.Top + safe.Bottom) / 2 };
        var left = Within(look.Anchor.X switch { < 0 => x, > 0 => x - blockWidth, _ => x - (blockWidth / 2) }, safe.Left + edge, safe.Right - edge - blockWidth);
        var top = Within(look.Anchor.Y switch { < 0 => y, > 0 => y - blockHeight, _ => y - (blockHeight / 2) }, safe.Top + edge, safe.Bottom - edge - blockHeight);

        var lines = cue.Lines.Select((line, index) => Line(line, em, left, blockWidth, top + (0.55 * em) + (index * step))).ToImmutableArray();
        var pad = look.Padding * em;
        return new PlacedCue(cue, em, (lines.Min(line => line.X - (line.Width / 2)) - (pad * 1.15), top - (pad * 0.75), lines.Max(line => line.X + (line.Width / 2)) + (pad * 1.15), top + blockHeight + (pad * 0.75)), lines);
    }

    private PlacedLine Line(ImmutableArray<Word> words, double em, double left, double blockWidth, double y)
    {
        var text = look.Cased(Cue.TextOf(words));
        var lineWidth = font.Width(text) * em;
        var align = look.Animation is CaptionAnimation.Typewriter ? -1 : look.Anchor.X;
        var start = left + (align switch { < 0 => 0, > 0 => blockWidth - lineWidth, _ => (blockWidth - lineWidth) / 2 });
        var shown = words.Select(word => look.Cased(word.Text)).ToArray();
        var placed = new PlacedWord[words.Length];
        var (at, before) = (start, -1);
        foreach (var index in WordOrder.FromLeft(shown))
        {
            var (later, wide) = (words[Math.Max(before, index)], font.Width(shown[index]) * em);
            at += before < 0 || (later.Glued && Math.Abs(before - index) == 1) ? 0 : font.Width(" ") * em;
            placed[index] = new PlacedWord(words[index], shown[index], at + (wide / 2), wide);
            (at, before) = (at + wide, index);
        }

        return new PlacedLine(text, Scripts.IsComplex(text) || !font.Measures(text), start + (lineWidth / 2), y, lineWidth, [.. placed]);
    }

    // Too big for what there is: in the middle of it.
    private static double Within(double value, double least, double most) => most < least ? (least + most) / 2 : Math.Clamp(value, least, most);
}
