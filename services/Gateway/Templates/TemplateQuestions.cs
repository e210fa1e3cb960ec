using System.Text.Json;
using MassTransit;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Gateway.Access;
using Platform.Gateway.Jobs;
using Platform.Gateway.Requests;
using Platform.Templates;

namespace Platform.Gateway.Templates;

/// <summary>What was noticed about a template's layout.</summary>
internal sealed record LintAnswer(IReadOnlyList<LayoutWarning> Warnings);

/// <summary>Asks a render worker about a template while the caller waits, and passes the answer on.</summary>
internal sealed class TemplateQuestions(TemplateStore templates, References references, IBus bus, IArtifactStore store)
{
    // A worker that is warm answers within a second; one that starts its browser first, within a few. A layout takes some frames.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), LongPatience = TimeSpan.FromSeconds(60);
    private static readonly Uri Previews = new($"exchange:{Queues.Preview}"), Lints = new($"exchange:{Queues.Lint}");
    private static readonly string[] SafeZones = ["title", "tiktok", "reels", "shorts"];

    /// <summary>One moment of a template as a picture.</summary>
    /// <param name="context">The request: its body is the template's input.</param>
    /// <param name="name">The template.</param>
    /// <param name="at">Seconds from the beginning.</param>
    public Task<IResult> PreviewAsync(HttpContext context, string name, double at) =>
        FilledAsync(context, name, at is >= 0 and <= 3600 ? null : new DocumentProblem("", "out_of_range", "t is seconds from the beginning, 0 to 3600."), async filled =>
        {
            var answer = await AskAsync<PreviewTemplate, TemplatePreviewed>(
                Previews, new PreviewTemplate { Tenant = context.Tenant(), Template = filled.Reading.Snapshot, At = at, Inputs = filled.Inputs }, Patience, context.RequestAborted);
            return answer.Picture is { } picture
                ? Results.Stream(await store.OpenAsync(context.Tenant(), picture.Sha256, 0, null, context.RequestAborted), picture.ContentType)
                : Failed(answer.Failure!);
        });

    /// <summary>What viewers would not like about how a template's texts lie.</summary>
    /// <param name="context">The request: its body is the template's input.</param>
    /// <param name="name">The template.</param>
    /// <param name="zone">What stays free of text.</param>
    public Task<IResult> LintAsync(HttpContext context, string name, string zone) =>
        FilledAsync(context, name, SafeZones.Contains(zone) ? null : new DocumentProblem("", "not_allowed", $"safeZone is one of {string.Join(", ", SafeZones)}."), async filled =>
        {
            var answer = await AskAsync<LintTemplate, TemplateLinted>(
                Lints, new LintTemplate { Tenant = context.Tenant(), Template = filled.Reading.Snapshot, SafeZone = zone, Inputs = filled.Inputs }, LongPatience, context.RequestAborted);
            return answer.Failure is { } failure
                ? Failed(failure)
                : JsonAnswer.Of(200, new LintAnswer([.. answer.Warnings.Select(warning => warning with { Pointer = filled.Reading.AsWritten(warning.Pointer) })]));
        });

    private async Task<IResult> FilledAsync(HttpContext context, string name, DocumentProblem? wrong, Func<(TemplateReading Reading, IReadOnlyDictionary<string, Artifact> Inputs), Task<IResult>> ask)
    {
        var (tenant, cancellation) = (context.Tenant(), context.RequestAborted);
        var body = await JsonBody.ReadAsync(context.Request, cancellation);
        if (body.Problem is { } malformed) return malformed;
        if (await templates.FindAsync(tenant, name, cancellation) is not { } template) return Problems.NotFound();

        var problems = new List<DocumentProblem>();
        if (body.Value.ValueKind != JsonValueKind.Object) problems.Add(new DocumentProblem("", "wrong_type", "Must be an object: the template's input."));
        if (wrong is not null) problems.Add(wrong);
        if (problems.Count == 0) SingleStageBody.CheckText(body.Value, "", problems);
        if (problems.Count > 0) return Problems.Invalid(problems);

        var reading = TemplateReader.Read(template.Content, body.Value.EnumerateObject().ToDictionary(value => value.Name, value => value.Value));
        var resolved = await references.ResolveAsync(tenant, reading.Media, cancellation);
        problems.AddRange(reading.Problems.Concat(resolved.Problems).DistinctBy(problem => (problem.Pointer, problem.Code)));
        problems.AddRange(reading.Media.Where(value => Media.TryParse(value.Text, out var media) && media.Kind is MediaKind.Url or MediaKind.Stage)
            .Select(value => new DocumentProblem(value.Pointer, "not_allowed", "Whoever asks waits for nothing: upload the file and give upload:ID.")));
        if (problems.Count > 0) return Problems.Invalid([.. problems.Select(InInput)]);
        try { return await ask((reading, resolved.Inputs)); }
        catch (Exception e) when (e is RequestTimeoutException or MessageReturnedException or RequestFaultException) { return Problems.PreviewUnavailable(); }
    }

    // Past the outbox: a question that is not answered soon is not to be kept.
    private async Task<TAnswer> AskAsync<TQuestion, TAnswer>(Uri queue, TQuestion question, TimeSpan patience, CancellationToken cancellation) where TQuestion : class where TAnswer : class =>
        (await bus.CreateRequestClient<TQuestion>(queue, patience).GetResponse<TAnswer>(question, cancellation)).Message;

    private static ApiProblem Failed(StageFailure failure) => new(422, failure.Code, "The template cannot be drawn.") { Detail = failure.Detail };

    private static DocumentProblem InInput(DocumentProblem problem) =>
        problem.Pointer.StartsWith("/input", StringComparison.Ordinal) ? problem with { Pointer = problem.Pointer["/input".Length..] } : problem;
}
