using System.Globalization;
using System.Text;

namespace Platform.Caption.Looks;

/// <summary>The syntax of ASS: the only code that knows it.</summary>
internal static class AssText
{
    /// <summary>Keeps a backslash from meaning anything: a letter of no width.</summary>
    private const char Joiner = '\u2060';

    /// <summary>
    /// Text that is shown as it is. Braces would open a block of overrides and a backslash could be an escape, so the first are escaped and the second is followed by a letter of no
    /// width; line ends and other controls are spaces.
    /// </summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '{' => literal.Append(@"\{"),
                '}' => literal.Append(@"\}"),
                '\\' => literal.Append('\\').Append(Joiner),
                _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' => literal.Append(' '),
                _ => literal.Append(letter),
            };
        }

        return literal.ToString();
    }

    /// <summary>A time in hundredths of a second, as ASS has it.</summary>
    public static string Time(TimeSpan time)
    {
        var hundredths = (long)Math.Round(time.TotalMilliseconds / 10);
        return string.Create(CultureInfo.InvariantCulture, $"{hundredths / 360_000}:{hundredths / 6000 % 60:00}:{hundredths / 100 % 60:00}.{hundredths % 100:00}");
    }

    /// <summary>A number of pixels.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Overrides that set a colour: 1 text, 2 what is not yet spoken, 3 outline, 4 shadow.</summary>
    public static string Color(int which, Rgba color) => $@"\{which}c&H{color.B:X2}{color.G:X2}{color.R:X2}&\{which}a&H{255 - color.A:X2}&";

    /// <summary>The same with more to see through.</summary>
    public static string Faded(int which, Rgba color, double share) => Color(which, color with { A = (byte)(color.A * share) });

    /// <summary>Overrides that take effect between two times after the event's start.</summary>
    public static string Between(TimeSpan from, TimeSpan to, string overrides) =>
        string.Create(CultureInfo.InvariantCulture, $@"\t({Math.Round(from.TotalMilliseconds)},{Math.Round(to.TotalMilliseconds)},{overrides})");

    /// <summary>A box with round corners, drawn from its middle; for <c>\p1</c>.</summary>
    public static string RoundBox(double width, double height, double radius)
    {
        var (w, h) = (width, height);
        var r = Math.Min(radius, Math.Min(w, h) / 2);
        var c = r * 0.4477; // how far a curve's handle is from the corner, so that it is round
        return string.Join(' ', ((object[])
        [
            'm', r, 0.0, 'l', w - r, 0.0, 'b', w - c, 0.0, w, c, w, r, 'l', w, h - r, 'b', w, h - c, w - c, h, w - r, h,
            'l', r, h, 'b', c, h, 0.0, h - c, 0.0, h - r, 'l', 0.0, r, 'b', 0.0, c, c, 0.0, r, 0.0,
        ]).Select(part => part is double number ? Number(number) : part.ToString()));
    }
}
