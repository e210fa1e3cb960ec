using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Platform.Capture.Takes;

/// <summary>What is asked of a page, in its own language. Expressions are evaluated in a world apart from the page's scripts.</summary>
internal static class PageScripts
{
    private static readonly string Scroller = Resource("scroller.js");
    private static readonly string ScrollFunction = Resource("scroll.js");
    private static readonly string HideFunction = Resource("hide.js");
    private static readonly string LocateFunction = Resource("locate.js");
    private static readonly string ProbeFunction = Resource("probe.js");

    /// <summary><see cref="PageState"/>.</summary>
    public static string State { get; } = WithScroller(Resource("state.js"));

    /// <summary>Remembers for <see cref="Map"/> what is in view; gives how much is remembered.</summary>
    public static string Look { get; } = WithScroller($"({Resource("page-map.js")})(false)");

    /// <summary><see cref="PageMap"/>, of what was looked at on this page.</summary>
    public static string Map { get; } = WithScroller($"({Resource("page-map.js")})(true)");

    /// <summary>Takes animations that have an end to it.</summary>
    public static string Finish { get; } = Resource("finish.js");

    /// <summary><see cref="PageFacts"/>.</summary>
    public static string Facts { get; } = Resource("facts.js");

    /// <summary>The document as it stands, in HTML; no more of it than so many characters. What was typed is no part of it.</summary>
    public static string Document(int limit) => string.Create(CultureInfo.InvariantCulture, $"(document.documentElement?.outerHTML ?? '').slice(0, {limit})");

    /// <summary>Selectors of consent walls.</summary>
    public static string Tidy { get; } = Resource("tidy.js");

    /// <summary>A document start script: lazy pictures are fetched at once.</summary>
    public static string Eager { get; } = Resource("eager.js");

    /// <summary>A document start script: hides what matches, by style.</summary>
    public static string Hide(IEnumerable<string> selectors) => $"{HideFunction}({JsonSerializer.Serialize(selectors)})";

    /// <summary>Scrolls, and says where the page is then, in CSS pixels.</summary>
    public static string ScrollTo(double y) => WithScroller(string.Create(CultureInfo.InvariantCulture, $"({ScrollFunction})({y:0.####})"));

    /// <summary><see cref="Script.Target"/> of what a step names, or null.</summary>
    /// <param name="selector">CSS selector; null where a text is given.</param>
    /// <param name="text">What it says; null where a selector is given.</param>
    /// <param name="reveal">Scroll it into view at once, whatever has to scroll for it.</param>
    /// <param name="focus">Give it the keyboard.</param>
    /// <param name="at">Where the pointer is that was sent to it: the one found last is meant, wherever it and its text have gone since.</param>
    /// <param name="coming">What is still transparent, outside the picture, counts where nothing visible is meant: it appears once it is scrolled to.</param>
    public static string Locate(string? selector, string? text, bool reveal = false, bool focus = false, (double X, double Y)? at = null, bool coming = false) =>
        $"({LocateFunction})({JsonSerializer.Serialize(selector)}, {JsonSerializer.Serialize(text)}, {(reveal ? "true" : "false")}, {(focus ? "true" : "false")}, {(at is var (x, y) ? string.Create(CultureInfo.InvariantCulture, $"[{x:0.##}, {y:0.##}]") : "null")}, {(coming ? "true" : "false")})";

    /// <summary><see cref="Script.Control"/> that Enter would press.</summary>
    public static string Active { get; } = Resource("active.js");

    /// <summary>The texts that are to be read in the viewport, by the element that they stand in.</summary>
    public static string Texts { get; } = Resource("texts.js");

    /// <summary><see cref="Script.Probe"/> at a point of the viewport, or at none.</summary>
    public static string Probe(double? x, double? y) => WithScroller(string.Create(
        CultureInfo.InvariantCulture, $"({ProbeFunction})({(x is null ? "null" : x.Value.ToString("0.##", CultureInfo.InvariantCulture))}, {(y is null ? "null" : y.Value.ToString("0.##", CultureInfo.InvariantCulture))})"));

    /// <summary>A document start script: what an origin's <c>localStorage</c> holds, unless the page has put something else there since.</summary>
    public static string Storage(string origin, IEnumerable<KeyValuePair<string, string>> items) =>
        $"if (location.origin === {JsonSerializer.Serialize(origin)}) for (const [name, value] of {JsonSerializer.Serialize(items.Select(item => new[] { item.Key, item.Value }))}) if (localStorage.getItem(name) === null) localStorage.setItem(name, value);";

    private static string WithScroller(string expression) => $"(() => {{ {Scroller}\nreturn ({expression.Trim()}\n); }})()";

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        // Comments at the top are for readers of the file; in front of an expression they would be part of what is returned.
        return string.Join('\n', text.Split('\n').SkipWhile(line => line.StartsWith("//", StringComparison.Ordinal))).Trim();
    }
}
