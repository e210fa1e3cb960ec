using System.Globalization;
using System.Text;
using Platform.Caption.Captions;
using static Platform.Caption.Looks.AssText;

namespace Platform.Caption.Looks;

/// <summary>
/// Writes captions as an ASS script. Each word is an event of its own at its own place, so that it can change without moving the others; a line whose letters depend on each other is one
/// event. Users' text goes through <see cref="AssText.Literal"/> and is never anything but text. Pure.
/// </summary>
/// <param name="look">How captions look.</param>
/// <param name="font">The look's font.</param>
/// <param name="width">Of the picture.</param>
/// <param name="height">Of the picture.</param>
/// <param name="speakers">Text colour by speaker.</param>
internal sealed class AssWriter(Look look, ITextMeasure font, int width, int height, IReadOnlyDictionary<string, Rgba> speakers)
{
    private static readonly TimeSpan Fade = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan Spring = TimeSpan.FromMilliseconds(90);

    private readonly StringBuilder events = new();

    /// <summary>Writes a script.</summary>
    /// <param name="cues">As they stand in the picture.</param>
    /// <param name="withEmoji">False: words with emoji are left out, since they are drawn apart.</param>
    public string Write(IEnumerable<PlacedCue> cues, bool withEmoji = true)
    {
        events.Clear();
        foreach (var cue in cues)
        {
            Boxes(cue);
            foreach (var line in cue.Lines)
            {
                if (line.Whole)
                {
                    Line(cue, line, withEmoji);
                    continue;
                }

                foreach (var word in line.Words.Where(word => withEmoji || !Scripts.HasEmoji(word.Text)))
                {
                    Word(cue, line, word);
                }
            }
        }

        return Head() + events;
    }

    private string Head() => string.Create(CultureInfo.InvariantCulture, $"""
        [Script Info]
        ScriptType: v4.00+
        PlayResX: {width}
        PlayResY: {height}
        WrapStyle: 2
        ScaledBorderAndShadow: yes
        YCbCr Matrix: TV.709
        Kerning: yes

        [V4+ Styles]
        Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
        Style: Text,{look.Font},{Number(look.Size * height * font.LineSize)},&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,0,0,5,0,0,0,-1

        [Events]
        Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text

        """);

    private void Boxes(PlacedCue cue)
    {
        var (start, end) = (cue.Cue.Start, cue.Cue.End);
        if (look.Box is { } box)
        {
            var (left, top, right, bottom) = cue.Box;
            var round = look.Bar ? 0.08 : 0.28;
            Event(0, start, end, $@"{Move(cue, left, top)}\an7\bord0\shad0{Color(1, box)}{Entry(cue)}\p1", RoundBox(right - left, bottom - top, round * cue.Em));
            if (look.Bar)
            {
                Event(0, start, end, $@"{Move(cue, left - (0.26 * cue.Em), top)}\an7\bord0\shad0{Color(1, look.ActiveColor)}{Entry(cue)}\p1", RoundBox(0.26 * cue.Em, bottom - top, 0.06 * cue.Em));
            }
        }

        if (look.Animation is not CaptionAnimation.Highlight)
        {
            return;
        }

        foreach (var line in cue.Lines.Where(line => !line.Whole))
        {
            foreach (var word in line.Words)
            {
                var (w, h) = (word.Width + (0.28 * cue.Em), 1.16 * cue.Em);
                var (from, to) = Spoken(cue, word.Word);
                Event(0, from, to, $@"\pos({Number(word.X)},{Number(line.Y)})\an5\bord0\shad0{Color(1, look.ActiveColor)}\fscx86\fscy86{Between(TimeSpan.Zero, Spring, @"\fscx100\fscy100")}\p1", RoundBox(w, h, 0.22 * cue.Em));
            }
        }
    }

    private void Word(PlacedCue cue, PlacedLine line, PlacedWord word)
    {
        var (start, end) = (cue.Cue.Start, cue.Cue.End);
        var (from, to) = Spoken(cue, word.Word);
        var color = ColorOf(cue);
        var place = $@"{Move(cue, word.X, line.Y)}\an5{Face(cue, word.Text)}{Font(cue)}";
        switch (look.Animation)
        {
            case CaptionAnimation.Karaoke:
                Event(1, start, end, $@"{place}{Color(1, look.ActiveColor)}{Color(2, color)}\k{Hundredths(from - start)}\kf{Hundredths(to - from)}", Literal(word.Text));
                break;
            case CaptionAnimation.Color:
                Event(1, start, end, place + Color(1, color) + Spot(from - start, to - start, Color(1, look.ActiveColor), Color(1, color)), Literal(word.Text));
                break;
            case CaptionAnimation.Pop:
                // What is spoken has the active colour, what was stays, what comes is not there yet.
                Event(1, from, end, $@"{place}{Color(1, look.ActiveColor)}\fscx60\fscy60{Between(TimeSpan.Zero, Spring, @"\fscx112\fscy112")}{Between(Spring, Spring * 2, @"\fscx100\fscy100")}{Between(to - from, to - from + Spring, Color(1, color))}", Literal(word.Text));
                break;
            case CaptionAnimation.Typewriter:
                Event(1, start, end, place + Color(1, color), Typed(word, from - start, color));
                break;
            default:
                Event(1, start, end, place + Color(1, color) + Entry(cue), Literal(word.Text));
                break;
        }
    }

    /// <summary>A line in one piece. Colours change between words; nothing that moves a word does.</summary>
    private void Line(PlacedCue cue, PlacedLine line, bool withEmoji)
    {
        var (start, end) = (cue.Cue.Start, cue.Cue.End);
        var color = ColorOf(cue);
        var text = new StringBuilder();
        foreach (var word in line.Words)
        {
            var (from, to) = Spoken(cue, word.Word);
            var tags = look.Animation switch
            {
                _ when !withEmoji && Scripts.HasEmoji(word.Text) => @"\alpha&HFF&", // keeps its place
                CaptionAnimation.Highlight => Color(1, color) + Spot(from - start, to - start, Color(3, look.ActiveColor) + $@"\bord{Number(0.14 * cue.Em)}", Color(3, look.OutlineColor) + $@"\bord{Number(look.Outline * cue.Em)}"),
                CaptionAnimation.Karaoke or CaptionAnimation.Color => Color(1, color) + Spot(from - start, to - start, Color(1, look.ActiveColor), Color(1, color)),
                CaptionAnimation.Pop or CaptionAnimation.Typewriter => Faded(1, color, 0) + Faded(3, look.OutlineColor, 0) + @"\4a&HFF&"
                    + Between(from - start, from - start + Spring, Color(1, color) + Color(3, look.OutlineColor) + @"\4a&H60&"),
                _ => Color(1, color),
            };
            text.Append('{').Append(Shades).Append(Face(cue, word.Text)).Append(tags).Append('}').Append(text.Length == 0 || word.Word.Glued ? "" : " ").Append(Literal(word.Text));
        }

        Event(1, start, end, $@"{Move(cue, line.X, line.Y)}\an5{Font(cue)}{Entry(cue)}", text.ToString());
    }

    /// <summary>How much is to see through what is around the letters: a word before may have been hidden.</summary>
    private string Shades => $@"{Color(3, look.OutlineColor)}\4a&H60&";

    private static string Typed(PlacedWord word, TimeSpan from, Rgba color)
    {
        var letters = Scripts.Elements(word.Text).ToList();
        var each = word.Word.Length * 0.8 / letters.Count;
        var text = new StringBuilder();
        foreach (var (letter, index) in letters.Select((letter, index) => (letter, index)))
        {
            var at = from + (each * index);
            text.Append('{').Append(Faded(1, color, 0)).Append(Between(at, at + TimeSpan.FromMilliseconds(1), Color(1, color))).Append('}').Append(Literal(letter));
        }

        return text.ToString();
    }

    /// <summary>While a word is spoken: from its start to the next word's, so that something is always lit.</summary>
    private static (TimeSpan From, TimeSpan To) Spoken(PlacedCue cue, Word word)
    {
        var next = cue.Cue.Words.FirstOrDefault(other => other.Start >= word.End);
        var to = next is null ? cue.Cue.End : next.Start;
        return (word.Start < cue.Cue.Start ? cue.Cue.Start : word.Start, to < word.End ? word.End : to);
    }

    /// <summary>The font that draws a word, so that its letters are of the cue's size.</summary>
    private string Face(PlacedCue cue, string text)
    {
        var foreign = ForeignFont.For(text, font);
        return $@"\fn{foreign?.Family ?? look.Font}\fs{Number(cue.Em * (foreign?.LineSize ?? font.LineSize))}";
    }

    private string Font(PlacedCue cue)
    {
        var em = cue.Em;
        var lines = look.Outline > 0 ? $@"\bord{Number(look.Outline * em)}{Color(3, look.OutlineColor)}" : @"\bord0";
        var shadow = look.Shadow > 0 ? $@"\shad{Number(look.Shadow * em)}\4c&H000000&\4a&H60&" : @"\shad0";
        return string.Create(CultureInfo.InvariantCulture, $@"\b{look.Weight}{lines}{shadow}");
    }

    private Rgba ColorOf(PlacedCue cue) => cue.Cue.Speaker is { } speaker && speakers.TryGetValue(speaker, out var color) ? color : look.Color;

    private string Move(PlacedCue cue, double x, double y) => look.Animation is CaptionAnimation.Slide
        ? $@"\move({Number(x - (1.2 * cue.Em))},{Number(y)},{Number(x)},{Number(y)},0,220)"
        : $@"\pos({Number(x)},{Number(y)})";

    private string Entry(PlacedCue cue)
    {
        var fade = Math.Min((long)Fade.TotalMilliseconds, (long)(cue.Cue.End - cue.Cue.Start).TotalMilliseconds / 4);
        return look.Animation is CaptionAnimation.Fade or CaptionAnimation.Slide ? string.Create(CultureInfo.InvariantCulture, $@"\fad({fade},{fade})") : "";
    }

    private static string Spot(TimeSpan from, TimeSpan to, string on, string off)
    {
        var step = TimeSpan.FromMilliseconds(1);
        return Between(from, from + step, on) + Between(to, to + step, off);
    }

    private static long Hundredths(TimeSpan time) => Math.Max(0, (long)Math.Round(time.TotalMilliseconds / 10));

    private void Event(int layer, TimeSpan start, TimeSpan end, string overrides, string text)
    {
        if (Time(start) != Time(end) && end > start)
        {
            events.Append(CultureInfo.InvariantCulture, $"Dialogue: {layer},{Time(start)},{Time(end)},Text,,0,0,0,,{{{overrides}}}{text}\n");
        }
    }
}
