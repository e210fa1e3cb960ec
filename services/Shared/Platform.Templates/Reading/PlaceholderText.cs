using System.Text.RegularExpressions;

namespace Platform.Templates;

internal abstract record TextPart;

internal sealed record TextLiteral(string Text) : TextPart;

internal sealed record TextValue(string Path) : TextPart;

/// <summary>A value that is computed.</summary>
internal sealed record TextFormula(Formula Formula) : TextPart;

/// <summary><c>{{#if path}}…{{else}}…{{/if}}</c>, where a formula may take the path's place, or <c>{{#each path as name}}…{{/each}}</c>.</summary>
internal sealed record TextBlock(bool IsEach, string Path, string? As) : TextPart
{
    public Formula? Condition { get; init; }
    public IReadOnlyList<TextPart> Body { get; init; } = [];
    public IReadOnlyList<TextPart> Else { get; init; } = [];
}

/// <summary>Text with placeholders, taken apart: names, paths, formulas and blocks. Nothing is looked up but the input.</summary>
internal static partial class PlaceholderText
{
    private const int Deepest = 16;

    /// <summary>The parts, or null and what is wrong. <c>\{{</c> is two braces.</summary>
    public static IReadOnlyList<TextPart>? Parse(string text, out TextProblem? problem)
    {
        var at = 0;
        var parts = Parse(text, ref at, null, 0, out _, out problem);
        return problem is null ? parts : null;
    }

    /// <summary>Reads what opens a block, without its braces; null where it opens none, and then perhaps why.</summary>
    public static TextBlock? ParseBlock(string tag, out TextProblem? problem)
    {
        problem = null;
        if (OpeningForm().Match(tag) is { Success: true } match)
            return new TextBlock(match.Groups["kind"].Value == "each", match.Groups["path"].Value, match.Groups["as"] is { Success: true } name ? name.Value : null);
        return ConditionForm().Match(tag) is { Success: true } condition && Formula.Parse(condition.Groups["formula"].Value, out problem) is { } formula
            ? new TextBlock(false, formula.Text, null) { Condition = formula }
            : null;
    }

    private static List<TextPart> Parse(string text, ref int at, string? until, int depth, out string? end, out TextProblem? problem)
    {
        var parts = new List<TextPart>();
        (end, problem) = (null, null);
        while (at < text.Length)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0) { Literal(text[at..]); at = text.Length; break; }
            if (open > at && text[open - 1] == '\\') { Literal(text[at..(open - 1)] + "{{"); at = open + 2; continue; }
            Literal(text[at..open]);
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0) { problem = Unknown("A placeholder is not closed with }}."); return parts; }
            var tag = text[(open + 2)..close].Trim();
            at = close + 2;
            if (tag is "else" or "/if" or "/each")
            {
                if (until is null || (tag != "else" && tag != until)) { problem = Unknown($"{{{{{tag}}}}} closes nothing."); return parts; }
                end = tag;
                return parts;
            }
            if (tag.StartsWith('#'))
            {
                if (ParseBlock(tag, out problem) is not { } block || depth == Deepest) { problem ??= Unknown($"{{{{{Formula.Short(tag)}}}}} is no block: #if NAME or #each NAME."); return parts; }
                var closing = block.IsEach ? "/each" : "/if";
                var body = Parse(text, ref at, closing, depth + 1, out var ended, out problem);
                List<TextPart> other = [];
                if (problem is null && ended == "else") other = Parse(text, ref at, closing, depth + 1, out ended, out problem);
                if (problem is null && ended != closing) problem = Unknown($"{{{{{Formula.Short(tag)}}}}} is not closed with {{{{{closing}}}}}.");
                if (problem is not null) return parts;
                parts.Add(block with { Body = body, Else = other });
            }
            else if (PathForm().IsMatch(tag)) parts.Add(new TextValue(tag));
            else if (Formula.Parse(tag, out problem) is { } formula) parts.Add(new TextFormula(formula));
            else return parts;
        }
        return parts;

        void Literal(string piece)
        {
            if (piece.Length > 0) parts.Add(new TextLiteral(piece));
        }
    }

    private static TextProblem Unknown(string detail) => new("unknown_placeholder", detail);

    private const string Path = @"(@index|@number|@first|@last|[A-Za-z_][A-Za-z0-9_]{0,63}(\.[A-Za-z0-9_]{1,64}){0,8})";

    [GeneratedRegex($"^{Path}$", RegexOptions.CultureInvariant)]
    private static partial Regex PathForm();

    [GeneratedRegex($@"^#(?<kind>if|each)\s+(?<path>{Path})(\s+as\s+(?<as>[A-Za-z_][A-Za-z0-9_]{{0,63}}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex OpeningForm();

    [GeneratedRegex(@"^#if\s+(?<formula>.+)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex ConditionForm();
}
