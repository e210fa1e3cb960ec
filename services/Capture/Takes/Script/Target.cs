using System.Collections.Immutable;

namespace Platform.Capture.Takes.Script;

/// <summary>What a step's target is, as the page says.</summary>
internal sealed record Target
{
    /// <summary>The selector is none.</summary>
    public bool Invalid { get; init; }

    /// <summary>CSS pixels of the viewport.</summary>
    public Box Box { get; init; }

    /// <summary>Where to press it, CSS pixels of the viewport.</summary>
    public double X { get; init; }

    /// <summary>See <see cref="X"/>.</summary>
    public double Y { get; init; }

    /// <summary>A press at that point reaches it: nothing lies over it.</summary>
    public bool Hit { get; init; }

    public string Text { get; init; } = "";

    /// <summary>Lower case: what it, its button and its link say, and where its form is sent.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Where pressing it leads, if it is a link or sends a form.</summary>
    public string? Leads { get; init; }

    /// <summary>What is typed into it is not to be shown.</summary>
    public bool Secret { get; init; }

    public bool Focused { get; init; }
}

/// <summary>What the keyboard would press.</summary>
internal sealed record Control(ImmutableArray<string> Names, string? Leads);

/// <summary>What is true of the page in a frame.</summary>
/// <param name="Top">Scroll position in CSS pixels.</param>
/// <param name="Shape">What the pointer looks like.</param>
internal sealed record Probe(double Top, PointerShape Shape);
