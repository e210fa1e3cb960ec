using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Gateway.Jobs;
using Platform.Templates;

namespace Platform.Gateway.Templates;

/// <summary>A document whose render stages hold what they will render.</summary>
/// <param name="Document">The document; a stage with problems is as it was.</param>
/// <param name="Problems">What is wrong with templates and their inputs.</param>
/// <param name="Places">Where the caller wrote what now stands elsewhere, by the place where it stands.</param>
internal sealed record SnapshotDocument(JsonElement Document, IReadOnlyList<DocumentProblem> Problems, IReadOnlyDictionary<string, string> Places)
{
    /// <summary>A problem with its place in what the caller wrote.</summary>
    public DocumentProblem AsWritten(DocumentProblem problem) => Places.TryGetValue(problem.Pointer, out var pointer) ? problem with { Pointer = pointer } : problem;
}

/// <summary>
/// Puts templates into the stages that name them, with their placeholders filled, when a job is accepted: what happens to the template afterwards changes no job,
/// and workers need neither the store nor the placeholders.
/// </summary>
internal sealed class TemplateSnapshots(TemplateStore templates)
{
    // Of a whole document, in characters: it is a row, and parts of it are messages.
    private const int LongestDocument = 4 << 20;

    /// <summary>Fills a document's render stages.</summary>
    public async Task<SnapshotDocument> TakeAsync(string tenant, JsonElement document, CancellationToken cancellation)
    {
        var (problems, places) = (new List<DocumentProblem>(), new Dictionary<string, string>());
        if (!HoldsRenderStage(document)) return new SnapshotDocument(document, [], places);
        SingleStageBody.CheckText(document, "", problems);
        if (problems.Count > 0) return new SnapshotDocument(document, problems, places);

        var copy = JsonObject.Create(document)!;
        foreach (var stage in document.GetProperty("stages").EnumerateObject().Where(stage => IsRender(stage.Value)))
            if (await FillAsync(tenant, stage.Name, stage.Value, problems, places, cancellation) is { } filled) copy["stages"]![stage.Name] = filled;
        var snapshot = JsonSerializer.SerializeToElement(copy);
        if (snapshot.GetRawText().Length > LongestDocument) problems.Add(new DocumentProblem("", "limit_exceeded", $"Is longer than {LongestDocument} characters with its templates filled."));
        return new SnapshotDocument(snapshot, problems, places);
    }

    private async Task<JsonObject?> FillAsync(string tenant, string name, JsonElement stage, List<DocumentProblem> problems, Dictionary<string, string> places, CancellationToken cancellation)
    {
        var pointer = SchemaValidator.Child("/stages", name);
        if (stage.TryGetProperty("media", out _)) problems.Add(new DocumentProblem($"{pointer}/media", "not_allowed", "Is filled in by the platform."));
        if (!stage.TryGetProperty("template", out var given)) return null;      // the schema's check says so
        if (given.ValueKind is not (JsonValueKind.String or JsonValueKind.Object))
        {
            problems.Add(new DocumentProblem($"{pointer}/template", "wrong_type", "Must be a template's name, or a template."));
            return null;
        }
        if (stage.TryGetProperty("input", out var values) && values.ValueKind != JsonValueKind.Object) return null;       // here too

        var named = given.ValueKind == JsonValueKind.String ? await templates.FindAsync(tenant, given.GetString()!, cancellation) : null;
        if (given.ValueKind == JsonValueKind.String && named is null)
        {
            problems.Add(new DocumentProblem($"{pointer}/template", "unknown_template", "There is no such template."));
            return null;
        }

        var input = values.ValueKind == JsonValueKind.Object ? values.EnumerateObject().ToDictionary(value => value.Name, value => value.Value) : [];
        var reading = TemplateReader.Read(named?.Content ?? given, input);
        problems.AddRange(reading.Problems.Select(problem => problem with { Pointer = Written(problem.Pointer), Detail = named is null || IsInput(problem.Pointer) ? problem.Detail : $"{problem.Pointer}: {problem.Detail}" }));
        if (reading.Template is null) return null;

        var media = reading.Media.DistinctBy(value => value.Text).ToList();
        for (var i = 0; i < media.Count; i++) places[string.Create(CultureInfo.InvariantCulture, $"{pointer}/media/{i}")] = Written(media[i].Pointer);
        var filled = JsonObject.Create(stage)!;
        filled.Remove("input");
        filled["template"] = JsonSerializer.SerializeToNode(reading.Snapshot);
        filled["media"] = new JsonArray([.. media.Select(value => JsonValue.Create(value.Text))]);
        return filled;

        // Within a template that is only named there is no place of the caller's but the name.
        string Written(string place) => named is null || IsInput(place) ? pointer + place : $"{pointer}/template";
        static bool IsInput(string place) => place.StartsWith("/input", StringComparison.Ordinal);
    }

    private static bool HoldsRenderStage(JsonElement document) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty("stages", out var stages) && stages.ValueKind == JsonValueKind.Object
        && stages.GetPropertyCount() <= 64 && stages.EnumerateObject().Any(stage => IsRender(stage.Value));

    private static bool IsRender(JsonElement stage) =>
        stage.ValueKind == JsonValueKind.Object && stage.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals(StageTypes.Render.Name);
}
