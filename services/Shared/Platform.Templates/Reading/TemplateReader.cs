using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>What reading a template gave: the template with its placeholders filled, or what is wrong.</summary>
public sealed record TemplateReading(Template? Template, IReadOnlyList<DocumentProblem> Problems)
{
    /// <summary>The template with its placeholders filled, in the form that is documented: what a job keeps. Undefined beside problems.</summary>
    public JsonElement Snapshot { get; init; }

    /// <summary>Where the caller wrote what stands at a place of the snapshot: <c>/template/…</c> or <c>/input/…</c>.</summary>
    public string AsWritten(string place) => (Origins ?? new Origins()).Of(place);

    internal Origins? Origins { get; init; }

    /// <summary>Every file that the template names, by where it is written: in the template or in the input.</summary>
    public IReadOnlyList<FormattedValue> Media { get; init; } = [];
}

/// <summary>
/// Reads templates: fills placeholders once, checks shape and sense. Every problem is told with a pointer into what the caller wrote,
/// <c>/template/…</c> or <c>/input/…</c>, and with the names of track and clip.
/// </summary>
public static class TemplateReader
{
    /// <summary>A filled template may not be longer than this, in characters of JSON.</summary>
    public const int LongestSnapshot = 1 << 20;

    private static readonly IReadOnlyDictionary<string, JsonElement> Nothing = new Dictionary<string, JsonElement>();

    /// <summary>Reads a template with its input.</summary>
    /// <param name="template">The template, in either form.</param>
    /// <param name="input">Values of its inputs.</param>
    public static TemplateReading Read(JsonElement template, IReadOnlyDictionary<string, JsonElement> input)
    {
        var check = new SchemaValidator();
        if (template.ValueKind != JsonValueKind.Object)
        {
            check.Add("/template", "wrong_type", "Must be an object.");
            return new TemplateReading(null, check.Problems);
        }

        var inputs = InputSchema.Of(template, check);
        var values = inputs.Fill(input, check);
        if (check.Problems.Count > 0)
            return new TemplateReading(null, check.Problems);

        var expander = new Expander(values, inputs.Names, check);
        if (expander.Expand(template) is not { } expanded)
            return new TemplateReading(null, Distinct(check.Problems));
        return Read(expanded, expander.Origins, check);
    }

    /// <summary>Reads the snapshot of a template that was read before.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Template ReadSnapshot(JsonElement snapshot) => snapshot.Deserialize<Template>(Documents.Options) ?? throw new JsonException("no template");

    /// <summary>Checks a template that is to be stored, without an input: what can be wrong in it whatever the input is. Pointers begin at the template.</summary>
    public static IReadOnlyList<DocumentProblem> Check(JsonElement template)
    {
        var check = new SchemaValidator();
        if (template.ValueKind != JsonValueKind.Object)
            return [new DocumentProblem("", "wrong_type", "Must be an object.")];

        var inputs = InputSchema.Of(template, check);
        var problems = check.Problems.ToList();
        if (problems.Count == 0)
            problems = [.. Read(template, inputs.Examples()).Problems.Where(problem => !problem.Pointer.StartsWith("/input", StringComparison.Ordinal))];
        return [.. problems.Select(problem => problem with { Pointer = problem.Pointer["/template".Length..] })];
    }

    private static TemplateReading Read(JsonObject expanded, Origins origins, SchemaValidator filled)
    {
        if (FrameForm.Is(expanded))
            expanded = FrameForm.Convert(expanded, origins, filled);

        var problems = filled.Problems.ToList();
        var snapshot = JsonSerializer.SerializeToElement(expanded);
        var shape = new SchemaValidator();
        if (problems.Count == 0)
        {
            TemplateSchema.Check(shape, snapshot);
            TemplateMedia.Check(shape);
        }

        var names = new ClipNames(snapshot);
        Template? template = null;
        if (problems.Count + shape.Problems.Count == 0)
        {
            template = ReadSnapshot(snapshot);
            TemplateSense.Check(template, shape);
        }
        problems.AddRange(shape.Problems.Select(problem => problem with { Pointer = origins.Of(problem.Pointer), Detail = names.Before(problem.Pointer) + problem.Detail }));
        if (problems.Count > 0)
            return new TemplateReading(null, Distinct(problems)) { Media = MediaOf() };

        snapshot = JsonSerializer.SerializeToElement(template! with { Inputs = null }, Documents.Options);
        return new TemplateReading(template, []) { Snapshot = snapshot, Media = MediaOf(), Origins = origins };

        FormattedValue[] MediaOf() => [.. shape.Formatted.Where(value => value.Format == DocumentFormats.Media).Select(value => value with { Pointer = origins.Of(value.Pointer) })];
    }

    private static List<DocumentProblem> Distinct(IEnumerable<DocumentProblem> problems) => [.. problems.DistinctBy(problem => (problem.Pointer, problem.Code))];
}
