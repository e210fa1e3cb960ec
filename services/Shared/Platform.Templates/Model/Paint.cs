using System.Drawing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Templates;

/// <summary>A colour: red, green and blue from 0 to 255, opacity from 0 to 1.</summary>
public readonly record struct Rgba(byte R, byte G, byte B, double A);

/// <summary>A colour at a place of a gradient, 0 to 1.</summary>
public readonly record struct PaintStop(Rgba Color, double At);

/// <summary>What an area is filled with: one colour, or several along a line or from a middle outwards.</summary>
/// <param name="Stops">One for an even colour.</param>
/// <param name="Angle">Of a line, in degrees as CSS counts them: 0 upwards, 90 to the right.</param>
/// <param name="IsRadial">From the middle to the farthest corner.</param>
public sealed partial record Paint(IReadOnlyList<PaintStop> Stops, double Angle = 180, bool IsRadial = false)
{
    /// <summary>Reads a CSS colour, <c>linear-gradient()</c> or <c>radial-gradient()</c>; null for anything else.</summary>
    public static Paint? Parse(string text)
    {
        text = text.Trim();
        if (ParseColor(text) is { } color) return new Paint([new PaintStop(color, 0)]);
        if (Gradient().Match(text) is not { Success: true } match) return null;
        var parts = Comma().Split(match.Groups["body"].Value).Select(part => part.Trim()).ToList();
        var radial = match.Groups["kind"].Value == "radial";
        var angle = 180.0;
        if (!radial && AngleOf(parts[0]) is { } given) (angle, parts) = (given, parts[1..]);
        else if (radial && RadialForm().IsMatch(parts[0])) parts = parts[1..];
        var stops = parts.Select(StopOf).ToList();
        return stops.Count < 2 || stops.Any(stop => stop is null) ? null : new Paint(Spread([.. stops.Select(stop => stop!.Value)]), angle, radial);
    }

    /// <summary>Reads a CSS colour: a name, hex digits, <c>rgb()</c>, <c>hsl()</c>; null for anything else.</summary>
    public static Rgba? ParseColor(string text)
    {
        text = text.Trim().ToLowerInvariant();
        if (text == "transparent") return new Rgba(0, 0, 0, 0);
        if (Hex().IsMatch(text)) return FromHex(text[1..]);
        if (Function().Match(text) is { Success: true } match) return FromFunction(match);
        return Word().IsMatch(text) && Color.FromName(text) is { IsKnownColor: true, IsSystemColor: false } named ? new Rgba(named.R, named.G, named.B, 1) : null;
    }

    private static Rgba FromHex(string hex)
    {
        if (hex.Length <= 4) hex = string.Concat(hex.Select(digit => $"{digit}{digit}"));
        byte At(int i) => byte.Parse(hex.AsSpan(i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new Rgba(At(0), At(2), At(4), hex.Length == 8 ? At(6) / 255.0 : 1);
    }

    private static Rgba? FromFunction(Match match)
    {
        var values = match.Groups["value"].Captures.Select(capture => capture.Value).ToList();
        if (values.Count is < 3 or > 4) return null;
        var alpha = values.Count == 4 ? Math.Clamp(Number(values[3], 1), 0, 1) : 1;
        if (match.Groups["name"].Value == "rgb") return new Rgba(Channel(Number(values[0], 255)), Channel(Number(values[1], 255)), Channel(Number(values[2], 255)), alpha);
        var (hue, saturation, light) = (Number(values[0].Replace("deg", "", StringComparison.Ordinal), 1), Math.Clamp(Number(values[1], 1), 0, 1), Math.Clamp(Number(values[2], 1), 0, 1));
        double Mix(double n)
        {
            var k = (((n + hue / 30) % 12) + 12) % 12;
            return light - saturation * Math.Min(light, 1 - light) * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1));
        }
        return new Rgba(Channel(Mix(0) * 255), Channel(Mix(8) * 255), Channel(Mix(4) * 255), alpha);

        static byte Channel(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
    }

    private static double Number(string text, double whole) => text.EndsWith('%')
        ? double.Parse(text[..^1], CultureInfo.InvariantCulture) / 100 * whole
        : double.Parse(text, CultureInfo.InvariantCulture);

    private static double? AngleOf(string text) => text switch
    {
        "to top" => 0, "to right" => 90, "to bottom" => 180, "to left" => 270,
        "to top right" or "to right top" => 45, "to bottom right" or "to right bottom" => 135, "to bottom left" or "to left bottom" => 225, "to top left" or "to left top" => 315,
        _ => text.EndsWith("deg", StringComparison.Ordinal) && double.TryParse(text[..^3], NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : null,
    };

    private static PaintStop? StopOf(string text)
    {
        if (StopForm().Match(text) is { Success: true } match && ParseColor(match.Groups["color"].Value) is { } placed)
            return new PaintStop(placed, double.Parse(match.Groups["at"].Value, CultureInfo.InvariantCulture) / 100);
        return ParseColor(text) is { } color ? new PaintStop(color, double.NaN) : null;
    }

    // Stops without a place lie evenly between those that have one.
    private static PaintStop[] Spread(PaintStop[] stops)
    {
        if (double.IsNaN(stops[0].At)) stops[0] = stops[0] with { At = 0 };
        if (double.IsNaN(stops[^1].At)) stops[^1] = stops[^1] with { At = 1 };
        for (var i = 1; i < stops.Length; i++)
        {
            if (!double.IsNaN(stops[i].At)) { stops[i] = stops[i] with { At = Math.Max(stops[i].At, stops[i - 1].At) }; continue; }
            var next = Array.FindIndex(stops, i, stop => !double.IsNaN(stop.At));
            stops[i] = stops[i] with { At = stops[i - 1].At + (stops[next].At - stops[i - 1].At) / (next - i + 1) };
        }
        return stops;
    }

    [GeneratedRegex(@"^(?<kind>linear|radial)-gradient\((?<body>.+)\)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Gradient();

    [GeneratedRegex(@",(?![^(]*\))", RegexOptions.CultureInvariant)]
    private static partial Regex Comma();

    [GeneratedRegex(@"^(circle|ellipse)?( ?farthest-corner)?( ?at (center|50% 50%))?$", RegexOptions.CultureInvariant)]
    private static partial Regex RadialForm();

    [GeneratedRegex(@"^(?<color>.+?)\s+(?<at>-?[0-9]{1,3}(\.[0-9]{1,4})?)%$", RegexOptions.CultureInvariant)]
    private static partial Regex StopForm();

    [GeneratedRegex("^#([0-9a-f]{3}|[0-9a-f]{4}|[0-9a-f]{6}|[0-9a-f]{8})$", RegexOptions.CultureInvariant)]
    private static partial Regex Hex();

    [GeneratedRegex(@"^(?<name>rgb|hsl)a?\(\s*(?<value>-?[0-9]{1,4}(\.[0-9]{1,6})?(%|deg)?)(\s*[,/ ]\s*(?<value>-?([0-9]{1,4}(\.[0-9]{1,6})?|\.[0-9]{1,6})%?)){2,3}\s*\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Function();

    [GeneratedRegex("^[a-z]{3,20}$", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
