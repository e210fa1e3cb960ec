using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Platform.Templates;

/// <summary>A function of formulas.</summary>
/// <param name="Form">How it is written.</param>
/// <param name="Least">Values that it needs.</param>
/// <param name="Most">Values that it takes.</param>
/// <param name="Compute">Its result; an <see cref="Operand"/> where it hands on what it was given.</param>
internal sealed record KnownFunction(string Form, int Least, int Most, Func<Operand[], object?> Compute);

/// <summary>The functions that formulas may call: pure, and nothing else can be called.</summary>
internal static class Functions
{
    /// <summary>Values that <c>min</c> and <c>max</c> take.</summary>
    private const int Many = 16;

    /// <summary>Digits after the point that numbers are rounded to at most.</summary>
    private const int MostDigits = 10;

    /// <summary>Every function by its name.</summary>
    public static readonly FrozenDictionary<string, KnownFunction> Known = new Dictionary<string, KnownFunction>
    {
        ["round"] = new("round(number) or round(number, digits)", 1, 2, values => Math.Round(Number(values, 0), Digits(values, 1) ?? 0, MidpointRounding.AwayFromZero)),
        ["floor"] = new("floor(number)", 1, 1, values => Math.Floor(Number(values, 0))),
        ["ceil"] = new("ceil(number)", 1, 1, values => Math.Ceiling(Number(values, 0))),
        ["abs"] = new("abs(number)", 1, 1, values => Math.Abs(Number(values, 0))),
        ["min"] = new("min(number, number, …)", 1, Many, values => values.Min(value => Calculator.Number(value, "min"))),
        ["max"] = new("max(number, number, …)", 1, Many, values => values.Max(value => Calculator.Number(value, "max"))),
        ["upper"] = new("upper(text)", 1, 1, values => Calculator.Text(values[0], "upper").ToUpperInvariant()),
        ["lower"] = new("lower(text)", 1, 1, values => Calculator.Text(values[0], "lower").ToLowerInvariant()),
        ["trim"] = new("trim(text)", 1, 1, values => Calculator.Text(values[0], "trim").Trim()),
        ["length"] = new("length(text) or length(list)", 1, 1, values => (decimal)Length(values[0])),
        ["default"] = new("default(value, otherwise)", 2, 2, values => values[0].Value is null or "" ? values[1] : values[0]),
        ["number"] = new("number(number), number(number, digits) or number(number, digits, 'de')", 1, 3, Formatted),
        ["percent"] = new("percent(share), percent(share, digits) or percent(share, digits, 'de'): 0.5 is 50 %", 1, 3, Percent),
        ["currency"] = new("currency(number, 'EUR') or currency(number, 'EUR', 'de')", 2, 3, Currencies.Format),
    }.ToFrozenDictionary();

    /// <summary>The culture that a value names; English as the world writes it where it is left out.</summary>
    public static CultureInfo Culture(Operand[] values, int index)
    {
        if (index >= values.Length) return CultureInfo.GetCultureInfo("en");
        var name = Calculator.Text(values[index], "a language");
        try { return CultureInfo.GetCultureInfo(name, predefinedOnly: true); }
        catch (CultureNotFoundException) { throw new CalculationException("out_of_range", values[index].Origin, $"\"{Formula.Short(name)}\" is no language: give one such as 'en', 'de' or 'fr-CH'."); }
    }

    private static decimal Number(Operand[] values, int index) => Calculator.Number(values[index], "this function");

    private static int? Digits(Operand[] values, int index)
    {
        if (index >= values.Length) return null;
        var digits = Calculator.Number(values[index], "digits");
        return digits >= 0 && digits <= MostDigits && digits == Math.Floor(digits) ? (int)digits
            : throw new CalculationException("out_of_range", values[index].Origin, $"Digits are a whole number from 0 to {MostDigits}.");
    }

    // Characters as people count them: an emoji is one.
    private static int Length(Operand value) => value.Value switch
    {
        string text => new StringInfo(text).LengthInTextElements,
        JsonElement { ValueKind: JsonValueKind.Array } list => list.GetArrayLength(),
        var other => throw new CalculationException(other is null ? "missing_input" : "wrong_type", value.Origin, "Must be text or a list for length."),
    };

    private static string Formatted(Operand[] values)
    {
        var (number, culture) = (Number(values, 0), Culture(values, 2));
        return Digits(values, 1) is { } digits
            ? Rounded(number, digits).ToString(string.Create(CultureInfo.InvariantCulture, $"N{digits}"), culture)
            : Rounded(number, MostDigits).ToString("#,##0." + new string('#', MostDigits), culture);
    }

    private static string Percent(Operand[] values)
    {
        var digits = Digits(values, 1) ?? 0;
        return Rounded(Number(values, 0), digits + 2).ToString(string.Create(CultureInfo.InvariantCulture, $"P{digits}"), Culture(values, 2));
    }

    private static decimal Rounded(decimal number, int digits) => Math.Round(number, digits, MidpointRounding.AwayFromZero);
}
