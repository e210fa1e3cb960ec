using System.Collections.Immutable;
using Platform.Capture.Takes;

namespace Platform.Capture.Tests;

/// <summary>Pages to direct: one as a designer would make it, and any number as chance makes them.</summary>
internal static class Pages
{
    public static PageElement Heading(double x, double y, double width, double height, string text, int level = 2, double weight = 0.6) =>
        new() { Kind = PageElementKind.Heading, Box = new Box(x, y, width, height), Text = text, Level = level, Weight = weight, FontSize = height };

    public static PageElement Of(PageElementKind kind, double x, double y, double width, double height, string text = "", double weight = 0.4) =>
        new() { Kind = kind, Box = new Box(x, y, width, height), Text = text, Weight = weight };

    /// <summary>1280 wide, 4000 tall: hero, three sections, a call to action, a footer.</summary>
    public static PageMap Product() => new()
    {
        Width = 1280,
        Height = 4000,
        Title = "Product",
        Elements =
        [
            Of(PageElementKind.Section, 0, 0, 1280, 720, weight: 1),
            Heading(120, 180, 640, 140, "Films from any page", 1, 1),
            Of(PageElementKind.Text, 120, 340, 560, 60, "Give it an address and get a film with music"),
            Of(PageElementKind.Button, 120, 430, 180, 56, "Try it now", 0.7),
            Of(PageElementKind.Section, 0, 800, 1280, 640, weight: 0.7),
            Heading(120, 860, 500, 60, "Three things it does"),
            Of(PageElementKind.Text, 120, 960, 300, 120, "It films"),
            Of(PageElementKind.Text, 460, 960, 300, 120, "It cuts"),
            Of(PageElementKind.Image, 800, 960, 360, 360),
            Of(PageElementKind.Section, 0, 1500, 1280, 700, weight: 0.9),
            Heading(120, 1560, 500, 60, "Numbers that count"),
            Of(PageElementKind.Image, 120, 1660, 1040, 440),
            Of(PageElementKind.Section, 0, 2300, 1280, 1000, weight: 0.5),
            Heading(120, 2340, 500, 60, "What people say"),
            Of(PageElementKind.Text, 120, 2440, 800, 200, string.Join(' ', Enumerable.Repeat("word", 60))),
            Of(PageElementKind.Image, 120, 2700, 800, 500),
            Of(PageElementKind.Section, 0, 3400, 1280, 400, weight: 0.8),
            Heading(340, 3450, 600, 70, "Make your first film"),
            Of(PageElementKind.Button, 540, 3580, 200, 60, "Get started", 0.9),
            Of(PageElementKind.Section, 0, 3850, 1280, 150, weight: 0.1),
            Of(PageElementKind.Text, 120, 3900, 400, 30, "Imprint"),
        ],
    };

    /// <summary>A page as nobody would make it: boxes anywhere, of any size, also beyond its edges.</summary>
    public static PageMap Random(Random random)
    {
        var width = random.Next(300, 1600);
        var height = random.Next(400, 12000);
        var elements = ImmutableArray.CreateBuilder<PageElement>();
        for (var i = random.Next(0, 40); i > 0; i--)
            elements.Add(new PageElement
            {
                Kind = (PageElementKind)random.Next(Enum.GetValues<PageElementKind>().Length),
                Box = new Box(random.Next(-200, width), random.Next(-100, height), random.Next(0, width * 3 / 2), random.Next(0, random.Next(2) == 0 ? 200 : 3000)),
                Text = string.Join(' ', Enumerable.Repeat("word", random.Next(0, 30))),
                Weight = random.NextDouble(),
                Level = random.Next(0, 7),
                Fixed = random.Next(10) == 0,
            });
        return new PageMap { Width = width, Height = height, Elements = [.. elements.OrderBy(e => e.Box.Y)] };
    }
}
