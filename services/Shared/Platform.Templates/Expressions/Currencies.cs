using System.Collections.Frozen;
using System.Globalization;

namespace Platform.Templates;

/// <summary>Writes sums of money.</summary>
internal static class Currencies
{
    /// <summary>Signs of currencies for readers anywhere, as CLDR has them for English; others are written by their code.</summary>
    private static readonly FrozenDictionary<string, string> Signs = new Dictionary<string, string>
    {
        ["USD"] = "$", ["EUR"] = "€", ["GBP"] = "£", ["JPY"] = "¥", ["INR"] = "₹", ["KRW"] = "₩", ["CNY"] = "CN¥", ["AUD"] = "A$", ["CAD"] = "CA$", ["NZD"] = "NZ$", ["HKD"] = "HK$",
        ["TWD"] = "NT$", ["BRL"] = "R$", ["MXN"] = "MX$", ["ILS"] = "₪", ["PHP"] = "₱", ["VND"] = "₫",
    }.ToFrozenDictionary();

    /// <summary>Currencies whose smallest coin is no hundredth (ISO 4217), with their digits.</summary>
    private static readonly FrozenDictionary<string, int> Digits = new[]
    {
        ("BIF", 0), ("CLP", 0), ("DJF", 0), ("GNF", 0), ("ISK", 0), ("JPY", 0), ("KMF", 0), ("KRW", 0), ("PYG", 0), ("RWF", 0), ("UGX", 0), ("VND", 0), ("VUV", 0), ("XAF", 0), ("XOF", 0), ("XPF", 0),
        ("BHD", 3), ("IQD", 3), ("JOD", 3), ("KWD", 3), ("LYD", 3), ("OMR", 3), ("TND", 3),
    }.ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary><c>currency(number, code, language)</c>: the language says where sign, points and minus go.</summary>
    public static string Format(Operand[] values)
    {
        var (number, code, culture) = (Calculator.Number(values[0], "currency"), Calculator.Text(values[1], "a currency"), Functions.Culture(values, 2));
        if (code.Length != 3 || !code.All(char.IsAsciiLetterUpper)) throw new CalculationException("out_of_range", values[1].Origin, $"\"{Formula.Short(code)}\" is no currency: give three capitals such as 'EUR'.");
        var format = (NumberFormatInfo)culture.NumberFormat.Clone();
        // A language alone names no country, and so no currency of its own.
        var own = !culture.IsNeutralCulture && culture.Name.Length > 0 && new RegionInfo(culture.Name).ISOCurrencySymbol == code;
        if (!own) format.CurrencySymbol = Signs.GetValueOrDefault(code, code);
        if (char.IsAsciiLetter(format.CurrencySymbol[^1]) && format.CurrencyPositivePattern == 0) (format.CurrencyPositivePattern, format.CurrencyNegativePattern) = (2, 12);      // "CHF 5", not "CHF5"
        format.CurrencyDecimalDigits = Digits.GetValueOrDefault(code, 2);
        return Math.Round(number, format.CurrencyDecimalDigits, MidpointRounding.AwayFromZero).ToString("C", format);
    }
}
