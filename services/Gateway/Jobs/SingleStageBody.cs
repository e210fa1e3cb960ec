using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Gateway.Jobs;

/// <summary>The body of <c>POST /v1/capture</c> and its like: a stage's parameters with the job's own fields beside them.</summary>
internal static class SingleStageBody
{
    private static readonly string[] NotHere = ["type", "stages", "output", "outputs"];

    /// <summary>The job document that the body stands for.</summary>
    /// <param name="type">The stage type, also the stage's name.</param>
    /// <param name="body">As it came.</param>
    /// <param name="problems">What keeps it from being one.</param>
    public static JsonElement? ToDocument(StageType type, JsonElement body, List<DocumentProblem> problems)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new DocumentProblem("", "wrong_type", "Must be an object."));
            return null;
        }
        CheckText(body, "", problems);
        foreach (var name in NotHere.Where(name => body.TryGetProperty(name, out _)))
            problems.Add(new DocumentProblem($"/{name}", "unknown_field", $"Is not a field here: the one stage is {type.Name}."));
        return problems.Count > 0 ? null : JsonSerializer.SerializeToElement(JobDocumentReader.SingleStage(type, JsonObject.Create(body)!));
    }

    /// <summary>A problem with its place in the body rather than in the document made of it.</summary>
    public static DocumentProblem InBody(StageType type, DocumentProblem problem)
    {
        var prefix = $"/stages/{type.Name}";
        return problem.Pointer.StartsWith(prefix, StringComparison.Ordinal) ? problem with { Pointer = problem.Pointer[prefix.Length..] } : problem;
    }

    /// <summary>Text that is no Unicode cannot be written again, so it must be found before.</summary>
    internal static void CheckText(JsonElement value, string pointer, List<DocumentProblem> problems)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when SchemaValidator.Text(value) is null:
                problems.Add(new DocumentProblem(pointer, "invalid_text", "Holds a NUL or half of a surrogate pair."));
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray()) CheckText(item, $"{pointer}/{index++}", problems);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                    if (NameOf(member) is { } name) CheckText(member.Value, SchemaValidator.Child(pointer, name), problems);
                    else problems.Add(new DocumentProblem(pointer, "invalid_text", "A name holds a NUL or half of a surrogate pair."));
                break;
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try { return member.Name.Contains('\0') ? null : member.Name; }
        catch (InvalidOperationException) { return null; }      // how System.Text.Json reports a lone surrogate
    }
}
