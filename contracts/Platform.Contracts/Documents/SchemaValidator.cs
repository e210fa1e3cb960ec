using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Platform.Contracts;

/// <summary>Something wrong in a document.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901) into the document; the place where it should be for something missing.</param>
/// <param name="Code">What, stable: see <c>docs/api.md</c>.</param>
/// <param name="Detail">The same for a person, with what would be right.</param>
public sealed record DocumentProblem(string Pointer, string Code, string Detail);

/// <summary>A string of a document that has one of <see cref="DocumentFormats"/>.</summary>
public sealed record FormattedValue(string Pointer, string Format, string Text);

/// <summary>
/// Checks JSON against a schema and reports every problem, not the first. Knows the keywords that <see cref="DocumentSchema"/> writes:
/// type, enum, const, minimum, maximum, multipleOf, minLength, maxLength, pattern, format, properties, required, additionalProperties, propertyNames,
/// minProperties, maxProperties, items, minItems, maxItems, anyOf.
/// </summary>
public sealed class SchemaValidator
{
    private readonly List<DocumentProblem> _problems = [];
    private readonly List<FormattedValue> _formatted = [];

    /// <summary>What was wrong, in document order.</summary>
    public IReadOnlyList<DocumentProblem> Problems => _problems;

    /// <summary>The strings with a format, whose content the caller checks.</summary>
    public IReadOnlyList<FormattedValue> Formatted => _formatted;

    /// <summary>Adds a problem that the caller found.</summary>
    public void Add(string pointer, string code, string detail) => _problems.Add(new DocumentProblem(pointer, code, detail));

    /// <summary>Checks a value and all within it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="pointer">Where it stands.</param>
    public void Check(JsonElement value, JsonObject schema, string pointer)
    {
        if (schema["anyOf"] is JsonArray branches) { CheckAnyOf(value, branches, pointer); return; }
        if (schema["type"]?.GetValue<string>() is { } type && !Has(value, type)) { Add(pointer, "wrong_type", $"Must be {Article(type)}, not {Kind(value)}."); return; }
        if (schema["enum"] is JsonArray allowed && !allowed.Any(v => Same(value, v)))
        {
            Add(pointer, "not_allowed", $"Must be one of {string.Join(", ", allowed.Select(v => v!.ToString()))}.");
            return;
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.Number: CheckNumber(value, schema, pointer); break;
            case JsonValueKind.String: CheckString(value, schema, pointer); break;
            case JsonValueKind.Array: CheckArray(value, schema, pointer); break;
            case JsonValueKind.Object: CheckObject(value, schema, pointer); break;
        }
    }

    /// <summary>Pointer to a member: <c>~</c> and <c>/</c> are escaped.</summary>
    public static string Child(string pointer, string name) => $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The text of a string, or null where it is no valid Unicode (a lone surrogate) or holds NUL, which no database takes.</summary>
    public static string? Text(JsonElement value)
    {
        try { return value.GetString() is { } text && !text.Contains('\0') ? text : null; }
        catch (InvalidOperationException) { return null; }      // how System.Text.Json reports a lone surrogate
    }

    // The branch that fits the value's type speaks for all: its problems are those that help.
    private void CheckAnyOf(JsonElement value, JsonArray branches, string pointer)
    {
        var fitting = branches.OfType<JsonObject>().FirstOrDefault(branch => branch["type"]?.GetValue<string>() is not { } type || Has(value, type));
        if (fitting is not null) Check(value, fitting, pointer);
        else Add(pointer, "wrong_type", $"Must be {string.Join(" or ", branches.Select(b => Article(b!["type"]!.GetValue<string>())))}, not {Kind(value)}.");
    }

    private void CheckNumber(JsonElement value, JsonObject schema, string pointer)
    {
        var number = value.GetDouble();
        var (minimum, maximum) = (schema["minimum"], schema["maximum"]);
        if (!double.IsFinite(number) || number < (double?)Number(minimum) || number > (double?)Number(maximum))
            Add(pointer, "out_of_range", minimum is null || maximum is null ? "Is not a number that fits." : $"Must be between {minimum} and {maximum}.");
        else if (Number(schema["multipleOf"]) is { } step && number % step != 0)
            Add(pointer, "out_of_range", $"Must be a multiple of {step.ToString(CultureInfo.InvariantCulture)}.");
    }

    private static double? Number(JsonNode? node) => node is null ? null : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private void CheckString(JsonElement value, JsonObject schema, string pointer)
    {
        if (Text(value) is not { } text) Add(pointer, "invalid_text", "Holds a NUL or half of a surrogate pair.");
        else if (text.Length > schema["maxLength"]?.GetValue<int>()) Add(pointer, "limit_exceeded", $"Must have at most {schema["maxLength"]} characters, has {text.Length}.");
        else if (text.Length < schema["minLength"]?.GetValue<int>()) Add(pointer, "limit_exceeded", $"Must have at least {schema["minLength"]} characters.");
        else if (schema["pattern"]?.GetValue<string>() is { } pattern && !Matches(text, pattern)) Add(pointer, "invalid_format", $"Must match {pattern}.");
        else if (schema["format"]?.GetValue<string>() is { } format) _formatted.Add(new FormattedValue(pointer, format, text));
    }

    private void CheckArray(JsonElement value, JsonObject schema, string pointer)
    {
        var count = value.GetArrayLength();
        if (count > schema["maxItems"]?.GetValue<int>()) { Add(pointer, "limit_exceeded", $"Must have at most {schema["maxItems"]} items, has {count}."); return; }
        if (count < schema["minItems"]?.GetValue<int>()) Add(pointer, "limit_exceeded", $"Must have at least {schema["minItems"]} items.");
        if (schema["items"] is not JsonObject items) return;
        var index = 0;
        foreach (var item in value.EnumerateArray()) Check(item, items, Child(pointer, (index++).ToString(CultureInfo.InvariantCulture)));
    }

    private void CheckObject(JsonElement value, JsonObject schema, string pointer)
    {
        var count = value.GetPropertyCount();
        if (count > schema["maxProperties"]?.GetValue<int>()) { Add(pointer, "limit_exceeded", $"Must have at most {schema["maxProperties"]} entries, has {count}."); return; }
        if (count < schema["minProperties"]?.GetValue<int>()) Add(pointer, "limit_exceeded", $"Must have at least {schema["minProperties"]} entries.");
        var properties = schema["properties"] as JsonObject;
        var keyPattern = schema["propertyNames"]?["pattern"]?.GetValue<string>();
        foreach (var member in value.EnumerateObject())
        {
            if (Name(member) is not { } name) { Add(pointer, "invalid_text", "A name holds a NUL or half of a surrogate pair."); continue; }
            var at = Child(pointer, name);
            if (keyPattern is not null && !Matches(name, keyPattern)) Add(at, "invalid_name", $"The name must match {keyPattern}.");
            if (properties?[name] is JsonObject known) Check(member.Value, known, at);
            else if (schema["additionalProperties"] is JsonObject other) Check(member.Value, other, at);
            else if (schema["additionalProperties"] is JsonValue closed && !closed.GetValue<bool>())
                Add(at, "unknown_field", $"Is not a field here; known are {string.Join(", ", properties?.Select(p => p.Key) ?? [])}.");
        }
        foreach (var required in (schema["required"] as JsonArray ?? []).Select(r => r!.GetValue<string>()).Where(r => !value.TryGetProperty(r, out _)))
            Add(Child(pointer, required), "missing_field", "Is required.");
    }

    private static string? Name(JsonProperty member)
    {
        try { return member.Name.Contains('\0') ? null : member.Name; }
        catch (InvalidOperationException) { return null; }
    }

    private static bool Matches(string text, string pattern) => Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) && !text.EndsWith('\n');

    private static bool Has(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => false,
    };

    private static bool Same(JsonElement value, JsonNode? allowed) => value.ValueKind switch
    {
        JsonValueKind.String => allowed is JsonValue a && a.TryGetValue<string>(out var text) && text == Text(value),
        JsonValueKind.Number => allowed is not null && Number(allowed) == value.GetDouble(),
        _ => false,
    };

    private static string Article(string type) => type switch { "object" => "an object", "array" => "a list", "integer" => "a whole number", "boolean" => "true or false", _ => $"a {type}" };
    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number like this",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
