using System.Collections.Immutable;
using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>Something worth a shot: where it lies on the page and in which part of it, how much it draws the eye (0 to 1), and the words one reads there.</summary>
internal sealed record Target(string Name, ShotKind Kind, Box Box, Box Part, double Weight, int Words);

/// <summary>Heights of the bar across the top, in CSS pixels: of the first screen's, and of the one that stays there while the page scrolls. 0 where there is none.</summary>
internal readonly record struct Bars(double First, double Staying);

/// <summary>Finds in a page's map what a film should show. Pure; knows sizes, not times.</summary>
internal sealed class Targets(PageMap map, double viewportWidth, double viewportHeight, double fieldHeight)
{
    /// <summary>A heading that begins lower in the first screen is not its hero.</summary>
    private const double HeroShare = 0.85;

    /// <summary>Text and buttons belong to the heading above as long as no gap is larger than this share of the viewport's height.</summary>
    private const double HeroGap = 0.12;

    /// <summary>The parts of a section after its first show less that is new.</summary>
    private const double LaterPart = 0.7;

    /// <summary>A section below this share of the viewport's height is a bar, not a part of the story.</summary>
    private const double LowestSection = 0.15;

    /// <summary>A section of this many screens that holds others is a wrapper: its parts tell more.</summary>
    private const double WrapperScreens = 1.5;

    /// <summary>A section may be this share of a screen taller than what fits and still be one picture: what is cut off is mostly its padding.</summary>
    private const double SliceOverhang = 0.35;

    /// <summary>What is narrower than this share of the viewport stands in a part of the page, and is none.</summary>
    private const double WidePart = 0.8;

    /// <summary>A section of which more than this share lies below all that is known of it holds more than that.</summary>
    private const double UnknownShare = 0.35;

    /// <summary>Words of a headline, where there is more text and the headline is not known.</summary>
    public const int HeadlineWords = 8;

    /// <summary>Two targets that share this much of the smaller one are one.</summary>
    private const double SameShare = 0.5;

    /// <summary>Words on a button that ask the viewer to act; a few languages, whole words.</summary>
    private static readonly string[] Asking =
    [
        "start", "try", "get", "join", "buy", "order", "book", "subscribe", "download", "sign", "create", "contact", "install", "shop", "request",
        "jetzt", "starten", "kostenlos", "kaufen", "testen", "commencer", "essayer", "acheter", "empezar", "probar", "comprar",
    ];

    private readonly ImmutableArray<PageElement> content =
        [.. map.Elements.Where(e => e.Kind is not (PageElementKind.Section or PageElementKind.Bar) && !e.Fixed && e.Box is { Width: > 1, Height: > 1 } && Inside(e.Box.CenterX, viewportWidth) && Inside(e.Box.CenterY, map.Height))];

    /// <summary>The heights of what lies across the top.</summary>
    public Bars Bars { get; } = new(LowestBar(map.Elements), LowestBar(map.Elements.Where(e => e.Fixed)));

    // What fits under the bar with air above and below.
    private double Room => Math.Min(fieldHeight, viewportHeight - Bars.Staying) - 2 * Pace.Air * Math.Min(viewportWidth, fieldHeight);

    /// <summary>The first screen's headline with what belongs to it, or <see langword="null"/> where there is none.</summary>
    public Target? Hero()
    {
        var headline = content
            .Where(e => e.Kind == PageElementKind.Heading && e.Box.Y < viewportHeight * HeroShare && e.Text.Length > 0)
            .MaxBy(e => e.Weight + (e.Level == 1 ? 1 : 0));
        if (headline is null)
            return null;

        var box = Clip(headline.Box);
        var below = content
            .Where(e => e.Kind is PageElementKind.Text or PageElementKind.Button or PageElementKind.Field && e.Box.Y >= headline.Box.CenterY && e.Box.X < headline.Box.Right && headline.Box.X < e.Box.Right)
            .OrderBy(e => e.Box.Y);
        foreach (var element in below)
        {
            var with = box.Union(Clip(element.Box));
            if (element.Box.Y - box.Bottom > HeroGap * viewportHeight || with.Height > Room || with.Bottom > Math.Max(viewportHeight, headline.Box.Bottom))
                break;
            box = with;
        }
        box = WithNeighbours(box);
        return new Target(Name(headline.Text, "hero"), ShotKind.Hero, box, PartOf(box), 1, Words(box));
    }

    // What stands beside the hero comes along: cut through by the edge of the picture it would look like a mistake. Pictures behind it do not count.
    private Box WithNeighbours(Box hero)
    {
        var beside = content.Where(e => e.Box.Intersect(hero).Area == 0 && e.Box.CenterY > hero.Y && e.Box.CenterY < hero.Bottom && e.Box.Bottom <= viewportHeight);
        foreach (var element in beside)
            if (hero.Union(Clip(element.Box)) is var with && with.Height <= Room)
                hero = with;
        return hero;
    }

    /// <summary>The page's parts in page order, each fitting into the viewport; without those that the hero shows.</summary>
    public ImmutableArray<Target> Sections(Target? hero)
    {
        var regions = SectionRegions();
        regions.AddRange(HeadingRegions(regions));
        var parts = regions.OrderBy(r => r.Box.Y).ThenBy(r => r.Box.X).SelectMany(Parts).ToList();
        if (parts.Count == 0)
            parts.AddRange(Screens());

        var kept = ImmutableArray.CreateBuilder<Target>();
        foreach (var part in parts)
            if (!Same(part.Box, hero?.Box) && !kept.Any(other => Same(part.Box, other.Box)))
                kept.Add(part);
        return kept.ToImmutable();
    }

    /// <summary>The button that the film should end on, with what stands around it; only in the lower half of a page of more than one screen.</summary>
    public Target? CallToAction(ImmutableArray<Target> sections)
    {
        var button = content
            .Where(e => e.Kind == PageElementKind.Button && e.Box.Y > viewportHeight && e.Box.CenterY > map.Height / 2)
            .MaxBy(e => e.Weight / 2 + (Asks(e.Text) ? 0.3 : 0) + e.Box.CenterY / map.Height / 2);
        if (button is null)
            return null;

        var around = sections.FirstOrDefault(s => s.Box.Contains(button.Box));
        var heading = content.LastOrDefault(e => e.Kind == PageElementKind.Heading && e.Box.Bottom <= button.Box.Y && button.Box.Bottom - e.Box.Y < Room);
        var box = around?.Box ?? (heading is null ? Clip(button.Box) : Clip(heading.Box.Union(button.Box)));
        return new Target(Name(button.Text, "call to action"), ShotKind.CallToAction, box, around?.Part ?? PartOf(box), 1, Words(box));
    }

    // The smallest section that holds it; without one, the page.
    private Box PartOf(Box box)
    {
        var section = map.Elements.Where(e => e.Kind == PageElementKind.Section && !e.Fixed && e.Box.Width >= WidePart * viewportWidth && e.Box.Contains(box)).MinBy(e => e.Box.Area);
        return Across(section?.Box ?? new Box(0, 0, viewportWidth, map.Height), box);
    }

    private Box PartOf(Region region, Box box) => Across(region.Box, box);

    // Of a section only top and bottom are edges to the eye: its ground mostly goes on to both sides.
    private Box Across(Box part, Box box)
    {
        var all = part.Union(box);
        return new Box(0, Math.Max(0, all.Y), viewportWidth, Math.Min(map.Height, all.Bottom) - Math.Max(0, all.Y));
    }

    /// <summary>Whether two boxes show mostly the same.</summary>
    public static bool Same(Box one, Box? other) =>
        other is { } o && one.Intersect(o).Area >= SameShare * Math.Min(one.Area, o.Area);

    private sealed record Region(Box Box, string Name, double Weight);

    private List<Region> SectionRegions()
    {
        var sections = map.Elements.Where(e => e.Kind == PageElementKind.Section && !e.Fixed && e.Box.Height >= LowestSection * viewportHeight).ToList();
        sections.RemoveAll(s => s.Box.Height > WrapperScreens * viewportHeight && sections.Count(inner => inner != s && s.Box.Contains(inner.Box)) >= 2);
        sections.RemoveAll(s => sections.Any(outer => outer != s && outer.Box.Contains(s.Box) && outer.Box != s.Box));
        return [.. sections.Select(s => new Region(s.Box, s.Text, s.Weight))];
    }

    // A heading that no section holds opens a part that ends at the next.
    private IEnumerable<Region> HeadingRegions(List<Region> sections)
    {
        var headings = content.Where(e => e.Kind == PageElementKind.Heading && e.Level is > 0 and <= 3 && !sections.Any(s => s.Box.Contains(e.Box))).OrderBy(e => e.Box.Y).ToList();
        for (var i = 0; i < headings.Count; i++)
        {
            var top = headings[i].Box.Y;
            var end = headings.Skip(i + 1).Select(h => h.Box.Y).Concat(sections.Select(s => s.Box.Y)).Where(y => y > top + 1).DefaultIfEmpty(map.Height).Min();
            yield return new Region(new Box(0, top, map.Width, end - top), headings[i].Text, headings[i].Weight);
        }
    }

    // What stands in a region, in pieces that each fit into the viewport: a region is wider and taller than what there is to see in it.
    private IEnumerable<Target> Parts(Region region)
    {
        var inside = content.Where(e => e.Box.CenterY >= region.Box.Y && e.Box.CenterY < region.Box.Bottom && Inside(e.Box.CenterX - region.Box.X, region.Box.Width)).OrderBy(e => e.Box.Y).ToList();
        if (inside.Count == 0)
            return Slices(region);

        List<Box> boxes = [];
        foreach (var box in inside.Select(e => Clip(e.Box)))
            if (boxes.Count > 0 && boxes[^1].Union(box).Height <= Room)
                boxes[^1] = boxes[^1].Union(box);
            else
                boxes.Add(box);

        // Little is known of what the section holds: what goes on below its heading belongs to it.
        if (boxes is [var only] && region.Box.Bottom - only.Bottom - (only.Y - region.Box.Y) is > 0 and var more && more > UnknownShare * region.Box.Height)
            boxes[0] = only.Union(new Box(only.X, only.Y, Math.Max(only.Width, viewportWidth - 2 * only.X), Math.Min(Room, only.Height + more)));

        var heading = inside.FirstOrDefault(e => e.Kind == PageElementKind.Heading)?.Text ?? region.Name;
        return boxes.Select((box, i) => new Target(
            Name(heading, "section") + (i == 0 ? "" : $" ({i + 1})"), ShotKind.Section, box, PartOf(region, box), region.Weight * (i == 0 ? 1 : LaterPart), Words(box)));
    }

    // A section of which nothing is known but its box, as when all of it appears only once it is scrolled to: its middle, or piece by piece.
    private IEnumerable<Target> Slices(Region region)
    {
        var count = Math.Max(1, (int)Math.Ceiling(region.Box.Height / Room - SliceOverhang));
        var height = Math.Min(Room, region.Box.Height / count);
        var words = Count(region.Name);
        for (var i = 0; i < count; i++)
        {
            var box = Clip(region.Box with { Y = region.Box.Y + (i + 0.5) * region.Box.Height / count - height / 2, Height = height });
            if (box.Area <= 0)
                continue;
            yield return new Target(Name(region.Name, "section") + (i == 0 ? "" : $" ({i + 1})"), ShotKind.Section, box, PartOf(region, box), region.Weight * (i == 0 ? 1 : LaterPart),
                words <= Pace.ReadableWords ? words : HeadlineWords);
        }
    }

    // A page that tells nothing about itself: screen by screen.
    private IEnumerable<Target> Screens()
    {
        var count = (int)((map.Height - viewportHeight / 2) / Room);
        for (var i = 1; i <= count; i++)
        {
            var box = new Box(0, i * Room, Math.Min(map.Width, viewportWidth), Math.Min(Room, map.Height - i * Room));
            yield return new Target($"screen {i + 1}", ShotKind.Section, box, box, 0.5, Words(box));
        }
    }

    // Readable text within a box; of more than anybody reads, the headings; of more headings than that, as many words as are read.
    private int Words(Box box)
    {
        var seen = content.Where(e => e.Kind is not (PageElementKind.Image or PageElementKind.Table or PageElementKind.Field) && box.Contains(e.Box)).ToList();
        var all = seen.Sum(e => Count(e.Text));
        return all <= Pace.ReadableWords ? all : Math.Min(Pace.ReadableWords, seen.Where(e => e.Kind == PageElementKind.Heading).Sum(e => Count(e.Text)));
    }

    // What of an element can be in the picture: within the page, the viewport's width and the room that there is.
    private Box Clip(Box box)
    {
        var visible = box.Intersect(new Box(0, 0, viewportWidth, map.Height));
        return visible with { Height = Math.Min(visible.Height, Room) };
    }

    private static double LowestBar(IEnumerable<PageElement> elements) => elements.Where(e => e.Kind == PageElementKind.Bar && e.Box.Y < 1).Select(e => e.Box.Bottom).DefaultIfEmpty(0).Max();

    private static bool Inside(double at, double length) => at >= 0 && at < length;

    private static int Count(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static bool Asks(string text) =>
        text.Split([' ', '\u00a0', ',', '.', '!', '→'], StringSplitOptions.RemoveEmptyEntries).Any(word => Asking.Contains(word, StringComparer.OrdinalIgnoreCase));

    // Enough of the text to know the shot by.
    private static string Name(string text, string otherwise)
    {
        const int longest = 48;
        text = text.Trim();
        return text.Length == 0 ? otherwise : text.Length <= longest ? text : text[..(longest - 1)].TrimEnd() + "…";
    }
}
