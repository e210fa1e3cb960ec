using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>What a template wants to be given.</summary>
internal sealed class InputSchema
{
    private static readonly HashSet<string> Keywords =
    [
        "type", "title", "description", "default", "examples", "enum", "const", "minimum", "maximum", "multipleOf", "minLength", "maxLength", "pattern", "format",
        "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "minProperties", "maxProperties", "propertyNames", "$schema",
    ];

    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean"];

    private readonly JsonObject? _schema;

    private InputSchema(JsonObject? schema) => _schema = schema;

    /// <summary>Names of the inputs; null where the template does not say, and takes what it is given.</summary>
    public IReadOnlySet<string>? Names => _schema is null ? null : (_schema["properties"] as JsonObject ?? []).Select(property => property.Key).ToHashSet();

    /// <summary>Reads a template's <c>inputs</c>.</summary>
    public static InputSchema Of(JsonElement template, SchemaValidator check)
    {
        if (!template.TryGetProperty("inputs", out var inputs)) return new InputSchema(null);
        CheckSchema(inputs, "/template/inputs", check);
        return check.Problems.Count > 0 ? new InputSchema(null) : new InputSchema(JsonObject.Create(inputs)!);
    }

    /// <summary>The input with defaults, when it is right.</summary>
    public Dictionary<string, JsonElement> Fill(IReadOnlyDictionary<string, JsonElement> input, SchemaValidator check)
    {
        var values = input.ToDictionary();
        if (_schema is null) return values;
        foreach (var (name, property) in _schema["properties"] as JsonObject ?? [])
            if (property?["default"] is { } value) values.TryAdd(name, JsonSerializer.SerializeToElement(value));
        var closed = (JsonObject)_schema.DeepClone();
        closed["type"] = "object";
        closed.TryAdd("additionalProperties", false);
        check.Check(JsonSerializer.SerializeToElement(values), closed, "/input");
        foreach (var value in check.Formatted.Where(value => value.Format == DocumentFormats.Media && !Media.TryParse(value.Text, out _)).ToList())
            check.Add(value.Pointer, "invalid_media", TemplateMedia.Forms);
        return values;
    }

    /// <summary>Values with which the template can be tried out: defaults, or else what the schema allows.</summary>
    public Dictionary<string, JsonElement> Examples()
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var (name, property) in _schema?["properties"] as JsonObject ?? [])
            if (Example(property as JsonObject ?? []) is { } value) values[name] = JsonSerializer.SerializeToElement(value);
        return values;
    }

    private static JsonNode? Example(JsonObject schema)
    {
        if ((schema["default"] ?? schema["const"] ?? (schema["examples"] as JsonArray)?.FirstOrDefault() ?? (schema["enum"] as JsonArray)?.FirstOrDefault()) is { } given) return given.DeepClone();
        return schema["type"]?.GetValue<string>() switch
        {
            "number" or "integer" => schema["minimum"]?.DeepClone() ?? 1,
            "boolean" => true,
            "array" => new JsonArray([.. Enumerable.Range(0, Math.Max(1, Count(schema["minItems"]))).Select(_ => Example(schema["items"] as JsonObject ?? []))]),
            "object" => new JsonObject((schema["properties"] as JsonObject ?? []).Select(property => KeyValuePair.Create(property.Key, Example(property.Value as JsonObject ?? [])))),
            _ => schema["format"]?.GetValue<string>() == DocumentFormats.Media ? "library:example" : new string('x', Math.Max(1, Count(schema["minLength"]))),
        };
    }

    private static int Count(JsonNode? node) => node is null ? 0 : int.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    // A schema that our validator would read otherwise than it is meant must not be taken.
    private static void CheckSchema(JsonElement schema, string pointer, SchemaValidator check)
    {
        if (schema.ValueKind != JsonValueKind.Object) { check.Add(pointer, "wrong_type", "Must be a JSON Schema."); return; }
        foreach (var member in schema.EnumerateObject())
        {
            var at = SchemaValidator.Child(pointer, member.Name);
            if (!Keywords.Contains(member.Name)) check.Add(at, "unknown_field", $"Is not a keyword that is known here: {string.Join(", ", Keywords)}.");
            else if (!IsRight(member)) check.Add(at, "invalid_format", "Is not what this keyword takes.");
            else if (member.NameEquals("properties"))
                foreach (var property in member.Value.EnumerateObject()) CheckSchema(property.Value, SchemaValidator.Child(at, property.Name), check);
            else if (member.Name is "items" || (member.NameEquals("additionalProperties") && member.Value.ValueKind == JsonValueKind.Object)) CheckSchema(member.Value, at, check);
        }
        if (check.Problems.Count == 0 && schema.TryGetProperty("default", out var value))
        {
            var own = new SchemaValidator();
            own.Check(value, JsonObject.Create(schema)!, SchemaValidator.Child(pointer, "default"));
            foreach (var problem in own.Problems) check.Add(problem.Pointer, problem.Code, problem.Detail);
        }
    }

    private static bool IsRight(JsonProperty member) => member.Name switch
    {
        "type" => member.Value.ValueKind == JsonValueKind.String && Types.Contains(member.Value.GetString()),
        "properties" or "propertyNames" => member.Value.ValueKind == JsonValueKind.Object,
        "required" => member.Value.ValueKind == JsonValueKind.Array && member.Value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String),
        "enum" => member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() > 0 && member.Value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number),
        "items" => member.Value.ValueKind == JsonValueKind.Object,
        "additionalProperties" => member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False,
        "minimum" or "maximum" or "multipleOf" => member.Value.ValueKind == JsonValueKind.Number,
        "minLength" or "maxLength" or "minItems" or "maxItems" or "minProperties" or "maxProperties" =>
            member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var count) && count >= 0,
        "pattern" => member.Value.ValueKind == JsonValueKind.String && IsPattern(SchemaValidator.Text(member.Value)),
        "format" or "title" or "description" or "$schema" => member.Value.ValueKind == JsonValueKind.String && SchemaValidator.Text(member.Value) is not null,
        _ => true,
    };

    private static bool IsPattern(string? text)
    {
        try { return text is { Length: <= 500 } && new System.Text.RegularExpressions.Regex(text, System.Text.RegularExpressions.RegexOptions.CultureInvariant) is not null; }
        catch (ArgumentException) { return false; }
    }
}
