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

    /// <summary>Selectors of consent walls.</summary>
    public static string Tidy { get; } = Resource("tidy.js");

    /// <summary>A document start script: lazy pictures are fetched at once.</summary>
    public static string Eager { get; } = Resource("eager.js");

    /// <summary>A document start script: hides what matches, by style.</summary>
    public static string Hide(IEnumerable<string> selectors) => $"{HideFunction}({JsonSerializer.Serialize(selectors)})";

    /// <summary>Scrolls, and says where the page is then, in CSS pixels.</summary>
    public static string ScrollTo(double y) => WithScroller(string.Create(CultureInfo.InvariantCulture, $"({ScrollFunction})({y:0.####})"));

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
