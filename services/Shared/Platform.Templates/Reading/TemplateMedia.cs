using System.Text.Json;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>The files that templates name.</summary>
public static class TemplateMedia
{
    internal const string Forms = "Must be \"@stage\", \"upload:ID\", \"artifact:SHA256\", \"library:NAME\" or an http(s) URL.";

    /// <summary>
    /// Strings of a template and its input that may be files, by their place under <c>/template</c> and <c>/input</c>: every <c>src</c>, every value of an input that is media.
    /// For whoever puts files in their places before the template is read.
    /// </summary>
    public static IEnumerable<FormattedValue> Places(JsonElement template, IReadOnlyDictionary<string, JsonElement> input)
    {
        foreach (var place in Sources(template, "/template")) yield return place;
        var schema = template.ValueKind == JsonValueKind.Object && template.TryGetProperty("inputs", out var inputs) ? inputs : default;
        foreach (var (name, value) in input)
            foreach (var place in Values(value, Property(schema, name), SchemaValidator.Child("/input", name))) yield return place;
    }

    internal static void Check(SchemaValidator check)
    {
        foreach (var value in check.Formatted.Where(value => value.Format == DocumentFormats.Media).ToList())
            if (!Media.TryParse(value.Text, out var media) || media.Kind == MediaKind.Site)
                check.Add(value.Pointer, "invalid_media", Forms);
    }

    private static IEnumerable<FormattedValue> Sources(JsonElement value, string pointer) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => member is { Name: "src", Value.ValueKind: JsonValueKind.String } && SchemaValidator.Text(member.Value) is { } text
            ? [new FormattedValue(SchemaValidator.Child(pointer, "src"), DocumentFormats.Media, text)]
            : Sources(member.Value, SchemaValidator.Child(pointer, member.Name))),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, index) => Sources(item, $"{pointer}/{index}")),
        _ => [],
    };

    // Where a template does not say what its inputs are, any text may be a file.
    private static IEnumerable<FormattedValue> Values(JsonElement value, JsonElement? schema, string pointer) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Values(member.Value, schema is { } s ? Property(s, member.Name) : null, SchemaValidator.Child(pointer, member.Name))),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, index) => Values(item, schema is { ValueKind: JsonValueKind.Object } s && s.TryGetProperty("items", out var items) ? items : null, $"{pointer}/{index}")),
        JsonValueKind.String when SchemaValidator.Text(value) is { } text && IsMedia(schema) => [new FormattedValue(pointer, DocumentFormats.Media, text)],
        _ => [],
    };

    private static bool IsMedia(JsonElement? schema) => schema is not { ValueKind: JsonValueKind.Object } known
        || (known.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String && format.GetString() == DocumentFormats.Media);

    private static JsonElement? Property(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var property)
            ? property : null;
}
