using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.Capture.Takes;

/// <summary>What an element of a page is to somebody who films it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PageElementKind>))]
internal enum PageElementKind
{
    /// <summary>A headline; <see cref="PageElement.Level"/> says which, 1 to 6.</summary>
    Heading,

    /// <summary>A part of the page that belongs together: section, article, header, footer, card row.</summary>
    Section,

    /// <summary>A picture, drawing, canvas or video.</summary>
    Image,

    /// <summary>Something to press: a button, or a link that looks like one.</summary>
    Button,

    /// <summary>Running text outside headings: paragraph, list, quotation.</summary>
    Text,

    /// <summary>Something to fill in: a line, an area or a list of a form; its text is what stands in it while it is empty.</summary>
    Field,

    /// <summary>Rows and columns.</summary>
    Table,

    /// <summary>The bar across the top of the page: name and navigation. One that stays in the viewport is there once more as <see cref="PageElement.Fixed"/>, as it is when the page is scrolled.</summary>
    Bar,
}

/// <summary>A rectangle in CSS pixels; the origin is the top left corner of the page (or of the viewport, where a member says so).</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    [JsonIgnore] public double Right => X + Width;
    [JsonIgnore] public double Bottom => Y + Height;
    [JsonIgnore] public double CenterX => X + Width / 2;
    [JsonIgnore] public double CenterY => Y + Height / 2;
    [JsonIgnore] public double Area => Width * Height;

    public bool Contains(Box other) => X <= other.X && Y <= other.Y && Right >= other.Right && Bottom >= other.Bottom;

    public Box Offset(double x, double y) => new(X + x, Y + y, Width, Height);

    public Box Intersect(Box other)
    {
        double x = Math.Max(X, other.X), y = Math.Max(Y, other.Y);
        return new Box(x, y, Math.Max(0, Math.Min(Right, other.Right) - x), Math.Max(0, Math.Min(Bottom, other.Bottom) - y));
    }

    /// <summary>The smallest rectangle around both.</summary>
    public Box Union(Box other)
    {
        double x = Math.Min(X, other.X), y = Math.Min(Y, other.Y);
        return new Box(x, y, Math.Max(Right, other.Right) - x, Math.Max(Bottom, other.Bottom) - y);
    }
}

/// <summary>One visible element of a page, as it lies when the page is at rest and unscrolled.</summary>
internal sealed record PageElement
{
    public required PageElementKind Kind { get; init; }

    /// <summary>Where it lies, in CSS pixels from the top left corner of the page.</summary>
    public required Box Box { get; init; }

    /// <summary>Its visible text, white space collapsed, at most 400 characters.</summary>
    public string Text { get; init; } = "";

    /// <summary>How much it draws the eye, 0 to 1: area, size of its type and contrast, relative to the strongest of the page.</summary>
    public double Weight { get; init; }

    /// <summary>1 to 6 for a heading, otherwise 0.</summary>
    public int Level { get; init; }

    /// <summary>Size of its text in CSS pixels; 0 where it has none.</summary>
    public double FontSize { get; init; }

    /// <summary>It stays where it is in the viewport while the page scrolls.</summary>
    public bool Fixed { get; init; }
}

/// <summary>What a page holds and where: all that the director knows of it.</summary>
internal sealed record PageMap
{
    /// <summary>Width of the page in CSS pixels.</summary>
    public required double Width { get; init; }

    /// <summary>Height of the whole page in CSS pixels, at least one viewport.</summary>
    public required double Height { get; init; }

    /// <summary>The document's title.</summary>
    public string Title { get; init; } = "";

    /// <summary>In page order.</summary>
    public required ImmutableArray<PageElement> Elements { get; init; }
}
