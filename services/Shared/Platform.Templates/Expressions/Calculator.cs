using System.Globalization;
using System.Text.Json;
using NCalc;
using NCalc.Visitors;

namespace Platform.Templates;

/// <summary>A value on its way through a formula.</summary>
/// <param name="Value">A <see cref="decimal"/>, a string, a bool, null for what is not there, or a <see cref="JsonElement"/> that is a list or an object.</param>
/// <param name="Origin">The input that it comes from, as a pointer; null for what the template says itself.</param>
internal readonly record struct Operand(object? Value, string? Origin = null)
{
    public static Operand Of(JsonElement value, string? origin) => new(value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? number : throw new CalculationException("out_of_range", origin, "Has more digits than can be computed with."),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => value,
    }, origin);

    /// <summary>The value as a template's own; numbers without needless zeros.</summary>
    public JsonElement ToJson() => Value switch
    {
        JsonElement json => json,
        decimal number => JsonElement.Parse(Text(number)),
        _ => JsonSerializer.SerializeToElement(Value),
    };

    /// <summary>A number as it is written: the shortest way, with a point.</summary>
    public static string Text(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    /// <summary>What a script would call true.</summary>
    public bool Holds => Value switch
    {
        null => false,
        bool yes => yes,
        string text => text.Length > 0,
        decimal number => number != 0,
        JsonElement { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() > 0,
        _ => true,
    };
}

/// <summary>Something cannot be computed.</summary>
/// <param name="code">What is wrong.</param>
/// <param name="origin">The input that is to blame, or null for the formula.</param>
/// <param name="detail">For people.</param>
internal sealed class CalculationException(string code, string? origin, string detail) : Exception(detail)
{
    public string Code { get; } = code;
    public string? Origin { get; } = origin;
}

/// <summary>
/// What formulas mean. Numbers are decimal, as money is; text and numbers are never taken for one another but where + writes them into text; <c>and</c>, <c>or</c>, <c>? :</c> and <c>??</c>
/// look only at what they need. Nothing but the names given to it can be reached, and no clock, file or randomness.
/// </summary>
/// <param name="find">The value of a name; null when it may be left out and is.</param>
internal sealed class Calculator(Func<string, bool, Operand> find) : ILogicalExpressionVisitor<Operand>
{
    /// <summary>Characters of a text that is made.</summary>
    private const int Longest = 100_000;

    private bool _mayBeLeftOut;

    /// <summary>The value of a formula.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="mayBeLeftOut">A name without a value is null, rather than a problem.</param>
    /// <exception cref="CalculationException">There is none.</exception>
    public Operand ValueOf(Formula formula, bool mayBeLeftOut = false)
    {
        _mayBeLeftOut = mayBeLeftOut;
        return formula.Tree.Accept(this);
    }

    public Operand Visit(TernaryExpression expression) => expression.LeftExpression.Accept(this).Holds ? expression.MiddleExpression.Accept(this) : expression.RightExpression.Accept(this);

    public Operand Visit(UnaryExpression expression)
    {
        var value = expression.Expression.Accept(this);
        return expression.Type switch
        {
            UnaryExpressionType.Not => value with { Value = !value.Holds },
            UnaryExpressionType.Negate => value with { Value = -Number(value, "-") },
            UnaryExpressionType.Positive => value with { Value = Number(value, "+") },
            _ => throw new CalculationException("invalid_expression", null, "Knows not, - and + before a value, no other sign."),
        };
    }

    public Operand Visit(BinaryExpression expression)
    {
        var left = expression.Type == BinaryExpressionType.Coalesce ? OrNull(expression.LeftExpression) : expression.LeftExpression.Accept(this);
        switch (expression.Type)
        {
            case BinaryExpressionType.And: return left.Holds ? Truth(expression.RightExpression) : left with { Value = false };
            case BinaryExpressionType.Or: return left.Holds ? left with { Value = true } : Truth(expression.RightExpression);
            case BinaryExpressionType.Coalesce: return left.Value is null ? expression.RightExpression.Accept(this) : left;
        }
        var right = expression.RightExpression.Accept(this);
        var origin = left.Origin ?? right.Origin;
        try
        {
            return new Operand(expression.Type switch
            {
                BinaryExpressionType.Plus when left.Value is string || right.Value is string => Joined(left, right),
                BinaryExpressionType.Plus => Number(left, "+") + Number(right, "+"),
                BinaryExpressionType.Minus => Number(left, "-") - Number(right, "-"),
                BinaryExpressionType.Times => Number(left, "*") * Number(right, "*"),
                BinaryExpressionType.Div => Number(left, "/") / Number(right, "/"),
                BinaryExpressionType.Modulo => Number(left, "%") % Number(right, "%"),
                BinaryExpressionType.Equal => AreEqual(left, right),
                BinaryExpressionType.NotEqual => !AreEqual(left, right),
                BinaryExpressionType.Lesser => Compare(left, right) < 0,
                BinaryExpressionType.LesserOrEqual => Compare(left, right) <= 0,
                BinaryExpressionType.Greater => Compare(left, right) > 0,
                BinaryExpressionType.GreaterOrEqual => Compare(left, right) >= 0,
                _ => throw new CalculationException("invalid_expression", null, "Computes with + - * / % == != < <= > >= and, or, not, ?? and ? : alone."),
            }, origin);
        }
        catch (DivideByZeroException) { throw new CalculationException("out_of_range", right.Origin ?? left.Origin, "Is divided by zero."); }
        catch (OverflowException) { throw new CalculationException("out_of_range", origin, "Gives a number that is too large."); }
    }

    public Operand Visit(ValueExpression expression) => expression.Value switch
    {
        string or bool or decimal => new Operand(expression.Value),
        int or long => new Operand(Convert.ToDecimal(expression.Value, CultureInfo.InvariantCulture)),
        _ => throw new CalculationException("invalid_expression", null, $"Holds {Formula.Short($"{expression.Value}")}, which is no number, text or truth."),
    };

    public Operand Visit(Identifier identifier) => identifier.Name == "null" ? default : find(identifier.Name, _mayBeLeftOut);

    public Operand Visit(LogicalExpressionList list) => throw new CalculationException("invalid_expression", null, "Lists are given by inputs, not by formulas.");

    public Operand Visit(Function function)
    {
        var name = function.Identifier.Name;
        if (!Functions.Known.TryGetValue(name, out var known))
            throw new CalculationException("unknown_function", null, $"There is no function \"{name}\"; there are {string.Join(", ", Functions.Known.Keys)}.");
        if (function.Parameters.Count < known.Least || function.Parameters.Count > known.Most)
            throw new CalculationException("invalid_expression", null, $"Is written {known.Form}.");
        var values = function.Parameters.Select((parameter, index) => index == 0 && name == "default" ? OrNull(parameter) : parameter.Accept(this)).ToArray();
        var origin = values.Select(value => value.Origin).FirstOrDefault(place => place is not null);
        try { return known.Compute(values) is var result && result is Operand chosen ? chosen : new Operand(result, origin); }
        catch (OverflowException) { throw new CalculationException("out_of_range", origin, "Gives a number that is too large."); }
    }

    /// <summary>A value that must be a number.</summary>
    public static decimal Number(Operand operand, string use) => operand.Value is decimal number ? number
        : throw new CalculationException(operand.Value is null ? "missing_input" : "wrong_type", operand.Origin, $"Must be a number for {use}.");

    /// <summary>A value that must be text.</summary>
    public static string Text(Operand operand, string use) => operand.Value as string
        ?? throw new CalculationException(operand.Value is null ? "missing_input" : "wrong_type", operand.Origin, $"Must be text for {use}.");

    private Operand Truth(LogicalExpression expression) => expression.Accept(this) is var value ? value with { Value = value.Holds } : value;

    private Operand OrNull(LogicalExpression expression)
    {
        var before = _mayBeLeftOut;
        _mayBeLeftOut = true;
        try { return expression.Accept(this); }
        finally { _mayBeLeftOut = before; }
    }

    private static string Joined(Operand left, Operand right)
    {
        var text = Written(left) + Written(right);
        return text.Length <= Longest ? text : throw new CalculationException("limit_exceeded", left.Origin ?? right.Origin, $"Gives a text of more than {Longest} characters.");
    }

    private static string Written(Operand operand) => operand.Value switch
    {
        string text => text,
        decimal number => Operand.Text(number),
        bool yes => yes ? "true" : "false",
        null => "",
        _ => throw new CalculationException("wrong_type", operand.Origin, "Must be text or a number to be written."),
    };

    private static bool AreEqual(Operand left, Operand right) => (left.Value, right.Value) switch
    {
        (JsonElement one, JsonElement other) => JsonElement.DeepEquals(one, other),
        var (one, other) => Equals(one, other),
    };

    // What is not there is neither more nor less than anything. Text goes by its characters' numbers, alike everywhere.
    private static int? Compare(Operand left, Operand right) => (left.Value, right.Value) switch
    {
        (null, _) or (_, null) => null,
        (string one, string other) => string.CompareOrdinal(one, other),
        _ => Number(left, "a comparison").CompareTo(Number(right, "a comparison")),
    };
}
