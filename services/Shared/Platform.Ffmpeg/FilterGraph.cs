using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Ffmpeg;

/// <summary>One filter. An option without a key is written as its value alone, in its place.</summary>
public sealed record Filter(string Name, params ImmutableArray<(string Key, object Value)> Options);

/// <summary>Filters one after another, from labelled pads to labelled pads.</summary>
public sealed record FilterChain(ImmutableArray<string> Inputs, ImmutableArray<Filter> Filters, ImmutableArray<string> Outputs);

/// <summary>A whole <c>-filter_complex</c> argument, as data.</summary>
public sealed record FilterGraph(params ImmutableArray<FilterChain> Chains)
{
    /// <summary>Writes the graph as ffmpeg reads it: the only code that knows the syntax.</summary>
    public string ToFilterString() => string.Join(";", Chains.Select(Text));

    /// <summary>Writes an option's value as ffmpeg reads it anywhere, in and outside of graphs: never with a local comma.</summary>
    public static string ValueText(object value) => value switch
    {
        TimeSpan time => time.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture),
        double number => number.ToString("0.##########", CultureInfo.InvariantCulture),
        bool flag => flag ? "1" : "0",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Text(FilterChain c) => Pads(c.Inputs) + string.Join(",", c.Filters.Select(Text)) + Pads(c.Outputs);

    private static string Text(Filter f) => f.Options.IsEmpty ? f.Name : $"{f.Name}={string.Join(":", f.Options.Select(Text))}";

    private static string Text((string Key, object Value) o) => o.Key.Length == 0 ? Escape(ValueText(o.Value)) : $"{o.Key}={Escape(ValueText(o.Value))}";

    private static string Pads(ImmutableArray<string> names) => string.Concat(names.Select(name => $"[{name}]"));

    // Two parsers read a value, the graph's and then the option's: escape for the inner one first.
    private static string Escape(string value) => Backslash(Backslash(value, @"\':"), @"\'[],;");

    private static string Backslash(string text, string special) =>
        string.Concat(text.Select(c => special.Contains(c, StringComparison.Ordinal) ? $@"\{c}" : $"{c}"));
}
