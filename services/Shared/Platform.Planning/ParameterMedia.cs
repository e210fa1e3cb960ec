using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Planning;

/// <summary>Finds the files that a stage's parameters name, by the schema of its type.</summary>
public static class ParameterMedia
{
    private static readonly Dictionary<string, JsonObject> Schemas = StageTypes.All.ToDictionary(type => type.Name, DocumentSchema.OfStage);

    /// <summary>Media values, and a page that is an uploaded site, in document order.</summary>
    public static IEnumerable<Media> In(StageType type, JsonElement parameters)
    {
        var check = new SchemaValidator();
        check.Check(parameters, Schemas[type.Name], "");
        foreach (var value in check.Formatted)
            if (value.Format is DocumentFormats.Media or DocumentFormats.Page && Media.TryParse(value.Text, out var media)
                && (value.Format == DocumentFormats.Media || media.Kind == MediaKind.Site))
                yield return media;
    }

    /// <summary>A stage's parameters without its type.</summary>
    public static JsonElement WithoutType(JsonElement stage)
    {
        var parameters = JsonObject.Create(stage)!;
        parameters.Remove("type");
        return JsonSerializer.SerializeToElement(parameters);
    }
}
