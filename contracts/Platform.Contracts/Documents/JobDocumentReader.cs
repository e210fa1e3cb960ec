using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Contracts;

/// <summary>What reading a document gave: the job and what it names, or the problems.</summary>
public sealed record JobDocumentReading(JobDocument? Job, IReadOnlyList<DocumentProblem> Problems)
{
    /// <summary>Every string that is media, a page or a URL, with its place, for the checks that need more than the document. There beside problems too.</summary>
    public IReadOnlyList<FormattedValue> References { get; init; } = [];

    /// <summary>Names of the stages whose main outputs are the results.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];
}

/// <summary>Reads and checks a job document: shape, ranges, references, cycles, outputs. Every problem is reported, with its place.</summary>
public static class JobDocumentReader
{
    private static readonly JsonObject JobSchema = DocumentSchema.Of(typeof(JobDocument));
    private static readonly Dictionary<string, JsonObject> StageSchemas =
        StageTypes.All.Where(type => type.Public).ToDictionary(type => type.Name, DocumentSchema.OfStage);

    /// <summary>Reads a document that is JSON.</summary>
    public static JobDocumentReading Read(JsonElement document)
    {
        var check = new SchemaValidator();
        check.Check(document, JobSchema, "");
        var stages = StagesOf(document);
        var references = new List<(string Stage, FormattedValue Value, Media Media)>();
        foreach (var (name, stage) in stages) CheckStage(check, name, stage, stages, references);

        var outputs = new List<string>();
        if (stages.Count is > 0 and <= 64)
        {
            CheckCycles(check, references);
            outputs = OutputsOf(check, document, stages, references);
        }
        foreach (var value in check.Formatted) CheckFormat(check, value);

        return check.Problems.Count > 0
            ? new JobDocumentReading(null, [.. check.Problems.DistinctBy(p => (p.Pointer, p.Code))]) { References = [.. check.Formatted] }
            : new JobDocumentReading(document.Deserialize<JobDocument>(ContractJson.Options), []) { References = [.. check.Formatted], Outputs = outputs };
    }

    /// <summary>Makes the document of a single stage out of its parameters and the job's own fields, as <c>POST /v1/capture</c> takes them.</summary>
    /// <param name="type">The stage type, also the stage's name.</param>
    /// <param name="body">Parameters, with <c>webhook</c>, <c>metadata</c> and the job's other fields beside them.</param>
    public static JsonObject SingleStage(StageType type, JsonObject body)
    {
        var job = new JsonObject();
        var stage = new JsonObject { ["type"] = type.Name };
        foreach (var (name, value) in body.ToList())
            (JobFields.Contains(name) ? job : stage)[name] = value?.DeepClone();
        job["stages"] = new JsonObject { [type.Name] = stage };
        return job;
    }

    private static readonly HashSet<string> JobFields = ["name", "webhook", "metadata", "deadline", "priority", "retention", "encode"];

    private static Dictionary<string, JsonElement> StagesOf(JsonElement document)
    {
        var stages = new Dictionary<string, JsonElement>();
        if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty("stages", out var map) || map.ValueKind != JsonValueKind.Object || map.GetPropertyCount() > 64)
            return stages;
        foreach (var member in map.EnumerateObject())
            try { stages[member.Name] = member.Value; }
            catch (InvalidOperationException) { }   // a name that is no text: the schema's check has said so
        return stages;
    }

    private static void CheckStage(SchemaValidator check, string name, JsonElement stage, Dictionary<string, JsonElement> stages,
        List<(string, FormattedValue, Media)> references)
    {
        var pointer = SchemaValidator.Child("/stages", name);
        if (stage.ValueKind != JsonValueKind.Object) { check.Add(pointer, "wrong_type", "Must be an object."); return; }
        var typePointer = SchemaValidator.Child(pointer, "type");
        if (!stage.TryGetProperty("type", out var typed)) { check.Add(typePointer, "missing_field", "Is required."); return; }
        if (typed.ValueKind != JsonValueKind.String || SchemaValidator.Text(typed) is not { } typeName || !StageSchemas.TryGetValue(typeName, out var schema))
        {
            check.Add(typePointer, "unknown_stage_type", $"Must be one of {string.Join(", ", StageSchemas.Keys)}.");
            return;
        }

        var (seen, problems) = (check.Formatted.Count, check.Problems.Count);
        check.Check(stage, schema, pointer);
        foreach (var value in check.Formatted.Skip(seen).Where(v => v.Format == DocumentFormats.Media).ToList())
        {
            if (!Media.TryParse(value.Text, out var media) || media.Kind == MediaKind.Site)
                check.Add(value.Pointer, "invalid_media", "Must be \"@stage\", \"upload:ID\", \"artifact:SHA256\", \"library:NAME\" or an http(s) URL.");
            else if (media.Kind == MediaKind.Stage && CheckReference(check, value.Pointer, media, stages)) references.Add((name, value, media));
        }
        // Last: only what is right in itself can be read.
        if (check.Problems.Count == problems && RulesOf(StageTypes.Find(typeName)!, stage) is { } rules)
            foreach (var problem in rules.Problems()) check.Add(pointer + problem.Pointer, problem.Code, problem.Detail);
    }

    private static IDocumentRules? RulesOf(StageType type, JsonElement stage)
    {
        if (!type.Parameters.IsAssignableTo(typeof(IDocumentRules))) return null;
        var parameters = JsonObject.Create(stage)!;
        parameters.Remove("type");
        return (IDocumentRules?)parameters.Deserialize(type.Parameters, ContractJson.Options);
    }

    private static bool CheckReference(SchemaValidator check, string pointer, Media media, Dictionary<string, JsonElement> stages)
    {
        if (!stages.TryGetValue(media.Name, out var target)) { check.Add(pointer, "unknown_reference", $"There is no stage \"{media.Name}\"."); return false; }
        if (TypeOf(target) is { } type && Lacks(type, target, media) is { } detail) check.Add(pointer, "unknown_reference", detail);
        return true;
    }

    // As far as the target's parameters tell: what only its work shows is missing fails the job then.
    private static string? Lacks(StageType type, JsonElement target, Media media)
    {
        var output = media.Output ?? type.MainOutput;
        if (!type.Outputs.Contains(output)) return $"A {type.Name} stage has the outputs {string.Join(", ", type.Outputs)}, no \"{output}\".";
        var files = type.FilesOf(target, output);
        if (files == 0) return $"With its parameters, stage \"{media.Name}\" makes no \"{output}\" that another stage could use.";
        return media.Index >= files ? string.Create(CultureInfo.InvariantCulture, $"Stage \"{media.Name}\" makes {files} of \"{output}\", counted from 0.") : null;
    }

    private static StageType? TypeOf(JsonElement stage) =>
        stage.ValueKind == JsonValueKind.Object && stage.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && SchemaValidator.Text(type) is { } name
            ? StageTypes.Find(name)
            : null;

    private static void CheckCycles(SchemaValidator check, List<(string Stage, FormattedValue Value, Media Media)> references)
    {
        var needs = references.ToLookup(r => r.Stage, r => r.Media.Name);
        foreach (var (stage, value, media) in references)
            if (Reaches(media.Name, stage, needs, []))
                check.Add(value.Pointer, "cycle", $"Stage \"{stage}\" would need its own result.");

        static bool Reaches(string from, string to, ILookup<string, string> needs, HashSet<string> seen) =>
            from == to || (seen.Add(from) && needs[from].Any(next => Reaches(next, to, needs, seen)));
    }

    private static List<string> OutputsOf(SchemaValidator check, JsonElement document, Dictionary<string, JsonElement> stages,
        List<(string Stage, FormattedValue Value, Media Media)> references)
    {
        var named = new List<string>();
        var hasOne = document.TryGetProperty("output", out var one) && one.ValueKind == JsonValueKind.String;
        var hasMany = document.TryGetProperty("outputs", out var many) && many.ValueKind == JsonValueKind.Array;
        if (hasOne && hasMany) check.Add("/outputs", "not_allowed", "Give either output or outputs.");
        if (hasOne) Name(one, "/output");
        if (hasMany)
        {
            var index = 0;
            foreach (var item in many.EnumerateArray()) Name(item, $"/outputs/{index++}");
        }
        if (hasOne || hasMany) return named;

        var used = references.Select(r => r.Media.Name).ToHashSet();
        var ends = stages.Keys.Where(name => !used.Contains(name)).ToList();
        if (ends.Count > 1) check.Add("/output", "missing_field", $"Say which is the result: {string.Join(", ", ends)}.");
        return ends;

        void Name(JsonElement value, string pointer)
        {
            if (value.ValueKind != JsonValueKind.String || SchemaValidator.Text(value) is not { } name) return;
            if (!stages.ContainsKey(name)) check.Add(pointer, "unknown_reference", $"There is no stage \"{name}\".");
            else if (named.Contains(name)) check.Add(pointer, "not_allowed", $"\"{name}\" is named twice.");
            else named.Add(name);
        }
    }

    private static void CheckFormat(SchemaValidator check, FormattedValue value)
    {
        var good = value.Format switch
        {
            DocumentFormats.Page => (Media.TryParse(value.Text, out var page) && page.Kind is MediaKind.Site) || value.Text.Contains(':', StringComparison.Ordinal),
            DocumentFormats.WebhookSecret => IsWebhookSecret(value.Text),
            _ => true,
        };
        if (!good) check.Add(value.Pointer, "invalid_format", value.Format == DocumentFormats.Page ? "Must be an http(s) URL or site:ID." : "Must be whsec_ and 24 to 64 bytes in base64.");
    }

    private static bool IsWebhookSecret(string text)
    {
        var bytes = new byte[128];
        return text.StartsWith("whsec_", StringComparison.Ordinal) && Convert.TryFromBase64String(text["whsec_".Length..], bytes, out var count) && count is >= 24 and <= 64;
    }
}
