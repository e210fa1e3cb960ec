using System.Globalization;

namespace Platform.Ffmpeg;

/// <summary>A fraction as ffmpeg writes it, such as a frame rate of 30000/1001.</summary>
public readonly record struct Rational(int Numerator, int Denominator)
{
    public static readonly Rational One = new(1, 1);

    public double Value => (double)Numerator / Denominator;

    /// <summary>Reads <c>30000/1001</c> or <c>16:9</c>; null for anything that is no positive fraction.</summary>
    public static Rational? Parse(string? text) =>
        text?.Split('/', ':') is [var above, var below]
        && int.TryParse(above, CultureInfo.InvariantCulture, out var numerator) && int.TryParse(below, CultureInfo.InvariantCulture, out var denominator)
        && numerator > 0 && denominator > 0
            ? new Rational(numerator, denominator)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
