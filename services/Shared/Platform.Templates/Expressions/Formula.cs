using System.Globalization;
using System.Text.RegularExpressions;
using NCalc;
using NCalc.Exceptions;

namespace Platform.Templates;

/// <summary>A problem of a text with placeholders.</summary>
internal sealed record TextProblem(string Code, string Detail);

/// <summary>
/// What is computed in a placeholder, taken apart by NCalc's parser: <c>price * quantity</c>, <c>count &gt; 3 and not sold</c>, <c>round(total, 2)</c>. Only a tree is taken
/// from the library; what its parts mean is decided by <see cref="Calculator"/>.
/// </summary>
/// <param name="Text">As written.</param>
/// <param name="Tree">Names, literals, operators and calls of functions, nothing else.</param>
internal sealed partial record Formula(string Text, LogicalExpression Tree)
{
    /// <summary>Characters.</summary>
    private const int Longest = 500;

    /// <summary>Brackets within one another. The parser tries each that is not closed in two ways: 18 of them take it a second, 8 nothing to speak of.</summary>
    private const int Deepest = 8;

    private static readonly LogicalExpressionParserOptions Options = new()
    {
        FloatingPointNumberType = FloatingPointNumberType.Decimal, IntegerNumberType = IntegerNumberType.Int64, ArgumentSeparator = ArgumentSeparator.Comma, DisallowSingleEquals = true,
    };

    /// <summary>Reads a formula, or tells what is wrong with it.</summary>
    public static Formula? Parse(string text, out TextProblem? problem)
    {
        problem = null;
        if (text.Length > Longest) problem = Wrong($"Is longer than {Longest} characters.");
        else if (Unknown().Match(text) is { Success: true } odd && odd.Groups["odd"] is { Success: true } sign)
            problem = Wrong($"{{{{{Short(text)}}}}} holds {sign.Value}, which is neither a name of an input nor something to compute with; text stands in quotes.");
        else if (Nested(text) > Deepest) problem = Wrong($"{{{{{Short(text)}}}}} has brackets more than {Deepest} deep.");
        else if (Read(text) is not { } tree) problem = Wrong($"{{{{{Short(text)}}}}} is neither a name of an input nor something that can be computed.");
        else return new Formula(text, tree);
        return null;
    }

    /// <summary>A text as problems quote it.</summary>
    public static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static LogicalExpression? Read(string text)
    {
        // The parser knows no paths, but any name in brackets.
        var bracketed = Paths().Replace(text, match => match.Groups["path"].Success ? $"[{match.Value}]" : match.Value);
        try { return LogicalExpressionParser.Parse(bracketed, Options, CultureInfo.InvariantCulture); }
        catch (Exception e) when (e is NCalcParserException or InvalidOperationException or FormatException or OverflowException) { return null; }      // how it reports what it cannot read
    }

    private static int Nested(string text)
    {
        var (depth, deepest) = (0, 0);
        foreach (var sign in QuotedForm().Replace(text, ""))
        {
            depth += sign switch { '(' => 1, ')' => -1, _ => 0 };
            deepest = Math.Max(deepest, depth);
        }
        return deepest;
    }

    private static TextProblem Wrong(string detail) => new("invalid_expression", detail);

    private const string Quoted = @"'(\\.|[^'\\])*'|""(\\.|[^""\\])*""";

    [GeneratedRegex(Quoted, RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex QuotedForm();

    // Whatever the parser would take beyond this (dates between hashes, names in brackets or braces) is no part of the language.
    [GeneratedRegex($@"\G({Quoted}|[A-Za-z0-9_.\s+*/%()<>=!&|?:,-]|@(index|number|first|last)\b)*(?<odd>.)?", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Unknown();

    [GeneratedRegex($@"{Quoted}|(?<![A-Za-z0-9_.])(?<path>@[a-z]+|[A-Za-z_][A-Za-z0-9_]{{0,63}}(\.[A-Za-z0-9_]{{1,64}}){{1,8}})(?![A-Za-z0-9_.(])", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Paths();
}
