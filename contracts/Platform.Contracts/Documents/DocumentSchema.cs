using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Contracts;

/// <summary>Makes JSON Schemas out of the types that read documents, so that the schema served is the one that checks.</summary>
public static class DocumentSchema
{
    private static readonly JsonSerializerOptions Options = new(ContractJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    /// <summary>Schema of a stage: its parameters and <c>type</c>.</summary>
    public static JsonObject OfStage(StageType type)
    {
        var schema = Of(type.Parameters);
        schema["title"] = type.Name;
        ((JsonObject)schema["properties"]!).Insert(0, "type", new JsonObject { ["const"] = type.Name });
        var required = schema["required"] as JsonArray ?? [];
        required.Insert(0, "type");
        schema["required"] = required;
        return schema;
    }

    /// <summary>Schema of a type.</summary>
    public static JsonObject Of(Type type) => (JsonObject)Options.GetJsonSchemaAsNode(type, Exporter);

    /// <summary>Schema of the whole job document, as served at <c>/v1/schema/job.json</c>.</summary>
    public static JsonObject OfJob()
    {
        var job = Of(typeof(JobDocument));
        job["properties"]!["stages"]!["additionalProperties"] = new JsonObject
        {
            ["oneOf"] = new JsonArray([.. StageTypes.All.Where(type => type.Public).Select(OfStage)]),
        };
        job.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        job.Insert(1, "title", "Job");
        return job;
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        JsonObject schema;
        if (IsValue(type)) schema = OfValue(type);
        else schema = node as JsonObject ?? [];      // anything at all is exported as true

        // What has a converter of its own counts as anything at all too, and of a list of that the exporter does not speak.
        if (context.TypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && IsValue(element)) schema["items"] = OfValue(element);

        WithoutNull(schema);
        if (type == typeof(int)) schema["type"] = "integer";
        if (schema.ContainsKey("properties")) schema["additionalProperties"] = false;
        if (context.PropertyInfo is { AttributeProvider: { } attributes } property)
        {
            Constrain(schema, attributes);
            if (Default(property) is { } value) schema["default"] = value;
        }
        return schema;
    }

    private static bool IsValue(Type type) => type.GetInterfaces().Contains(typeof(IDocumentValue));

    private static JsonObject OfValue(Type type) => (JsonObject)type.GetProperty(nameof(IDocumentValue.Schema), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    // What the record's own initializer says: a document may leave it out.
    private static JsonNode? Default(JsonPropertyInfo property) => property is { IsRequired: false, Get: { } get }
        && get(Activator.CreateInstance(property.DeclaringType)!) is { } value ? JsonSerializer.SerializeToNode(value, property.PropertyType, Options) : null;

    private static void WithoutNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types) schema["type"] = types.Select(t => t!.GetValue<string>()).First(t => t != "null");
        if (schema["enum"] is JsonArray values && values.Any(v => v is null)) schema["enum"] = new JsonArray([.. values.Where(v => v is not null).Select(v => v!.DeepClone())]);
        if (schema.TryGetPropertyValue("default", out var value) && value is null) schema.Remove("default");
    }

    private static void Constrain(JsonObject schema, ICustomAttributeProvider attributes)
    {
        foreach (var attribute in attributes.GetCustomAttributes(inherit: true))
            switch (attribute)
            {
                case DescriptionAttribute description: schema.Remove("description"); schema.Insert(0, "description", description.Description); break;
                case RangeAttribute range: (schema["minimum"], schema["maximum"]) = (Number(range.Minimum), Number(range.Maximum)); break;
                case AllowedValuesAttribute allowed: schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonSerializer.SerializeToNode(value))]); break;
                case RegularExpressionAttribute pattern: schema["pattern"] = pattern.Pattern; break;
                case DocumentFormatAttribute format: schema["format"] = format.Format; break;
                case MinLengthAttribute min: schema[Bound(schema, "min")] = min.Length; break;
                case MaxLengthAttribute max: schema[Bound(schema, "max")] = max.Length; break;
                case KeyPatternAttribute keys: schema["propertyNames"] = new JsonObject { ["pattern"] = keys.Pattern }; break;
                case ItemMaxLengthAttribute items: Items(schema)["maxLength"] = items.Length; break;
                case ItemPatternAttribute items: Items(schema)["pattern"] = items.Pattern; break;
            }
    }

    private static string Bound(JsonObject schema, string prefix) => prefix + schema["type"]?.GetValue<string>() switch
    {
        "array" => "Items",
        "object" => "Properties",
        _ => "Length",
    };

    private static JsonObject Items(JsonObject schema) => (JsonObject)(schema["items"] ?? schema["additionalProperties"])!;
    private static JsonValue Number(object bound) => bound is int whole ? JsonValue.Create(whole) : JsonValue.Create((double)bound);
}
