using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>JSON Schema of templates: made of the records that read them, so that the one served is the one that checks.</summary>
public static class TemplateSchema
{
    private const int DeepestGroup = 8;

    private static readonly Dictionary<string, JsonObject> Clips = typeof(Clip).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false)
        .Cast<JsonDerivedTypeAttribute>().ToDictionary(kind => (string)kind.TypeDiscriminator!, kind => OfClip((string)kind.TypeDiscriminator!, kind.DerivedType));

    private static readonly JsonObject Root = OfRoot(new JsonObject());

    /// <summary>Names of the kinds of clips.</summary>
    public static IReadOnlyCollection<string> ClipTypes => Clips.Keys;

    /// <summary>The schema as served, made anew at each call.</summary>
    public static JsonObject Document()
    {
        var schema = OfRoot(new JsonObject { ["$ref"] = "#/$defs/clip" });
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Template");
        var definitions = new JsonObject { ["clip"] = new JsonObject { ["oneOf"] = new JsonArray([.. Clips.Keys.Select(name => new JsonObject { ["$ref"] = $"#/$defs/{name}" })]) } };
        foreach (var (name, clip) in Clips)
        {
            var copy = (JsonObject)clip.DeepClone();
            if (copy["properties"]!["clips"] is JsonObject children) children["items"] = new JsonObject { ["$ref"] = "#/$defs/clip" };
            definitions[name] = copy;
        }
        schema["$defs"] = definitions;
        return schema;
    }

    /// <summary>Checks a filled template against the schema.</summary>
    internal static void Check(SchemaValidator check, JsonElement template)
    {
        check.Check(template, Root, "");
        if (!template.TryGetProperty("tracks", out var tracks) || tracks.ValueKind != JsonValueKind.Array || tracks.GetArrayLength() > 100) return;
        var number = 0;
        foreach (var track in tracks.EnumerateArray()) CheckClips(check, track, $"/tracks/{number++}", 0);
    }

    private static void CheckClips(SchemaValidator check, JsonElement parent, string pointer, int depth)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty("clips", out var clips) || clips.ValueKind != JsonValueKind.Array || clips.GetArrayLength() > 1000) return;
        var number = 0;
        foreach (var clip in clips.EnumerateArray())
        {
            var at = $"{pointer}/clips/{number++}";
            if (clip.ValueKind != JsonValueKind.Object) continue;      // the schema's check has said so
            if (!clip.TryGetProperty("type", out var type)) check.Add($"{at}/type", "missing_field", $"Is required: one of {string.Join(", ", Clips.Keys)}.");
            else if (type.ValueKind != JsonValueKind.String || SchemaValidator.Text(type) is not { } name || !Clips.TryGetValue(name, out var schema))
                check.Add($"{at}/type", "unknown_clip_type", $"Must be one of {string.Join(", ", Clips.Keys)}.");
            else
            {
                check.Check(clip, schema, at);
                if (name != "group") continue;
                if (depth == DeepestGroup) check.Add(at, "limit_exceeded", $"Groups may lie {DeepestGroup} deep.");
                else CheckClips(check, clip, at, depth + 1);
            }
        }
    }

    private static JsonObject OfRoot(JsonObject clip)
    {
        var root = DocumentSchema.Of(typeof(Template));
        if (clip.Count == 0) clip["type"] = "object";
        root["properties"]!["tracks"]!["items"]!["properties"]!["clips"]!["items"] = clip;
        root["properties"]!["inputs"] = new JsonObject { ["type"] = "object", ["description"] = "JSON Schema of the values that placeholders stand for." };
        return root;
    }

    private static JsonObject OfClip(string name, Type type)
    {
        var schema = DocumentSchema.Of(type);
        var properties = (JsonObject)schema["properties"]!;
        if (properties["clips"] is JsonObject children) children["items"] = new JsonObject { ["type"] = "object" };
        if (properties["style"] is JsonObject style) style["additionalProperties"] = new JsonObject();
        if (properties["points"] is JsonObject points) points["items"] = new JsonObject { ["type"] = "array", ["minItems"] = 2, ["maxItems"] = 2, ["items"] = Documents.Number(0, 1) };
        properties.Remove("type");
        properties.Insert(0, "type", new JsonObject { ["const"] = name });
        var required = schema["required"] as JsonArray ?? [];
        if (!required.Any(field => field!.GetValue<string>() == "type")) required.Insert(0, "type");
        schema["required"] = required;
        return schema;
    }
}
