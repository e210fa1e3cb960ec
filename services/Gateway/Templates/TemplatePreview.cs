using MassTransit;
using Platform.Artifacts;
using Platform.Contracts;
using Platform.Gateway.Access;
using Platform.Gateway.Jobs;
using Platform.Gateway.Requests;
using Platform.Templates;

namespace Platform.Gateway.Templates;

/// <summary>Asks a render worker for one moment of a template and passes the picture on.</summary>
internal sealed class TemplatePreview(TemplateStore templates, References references, IBus bus, IArtifactStore store)
{
    // A worker that is warm answers within a second; one that starts its browser first, within a few.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Uri Queue = new($"exchange:{Queues.Preview}");

    /// <param name="context">The request: its body is the template's input.</param>
    /// <param name="name">The template.</param>
    /// <param name="at">Seconds from the beginning.</param>
    public async Task<IResult> HandleAsync(HttpContext context, string name, double at)
    {
        var (tenant, cancellation) = (context.Tenant(), context.RequestAborted);
        var body = await JsonBody.ReadAsync(context.Request, cancellation);
        if (body.Problem is { } malformed) return malformed;
        if (await templates.FindAsync(tenant, name, cancellation) is not { } template) return Problems.NotFound();

        var problems = new List<DocumentProblem>();
        if (body.Value.ValueKind != System.Text.Json.JsonValueKind.Object) problems.Add(new DocumentProblem("", "wrong_type", "Must be an object: the template's input."));
        if (at is not (>= 0 and <= 3600)) problems.Add(new DocumentProblem("", "out_of_range", "t is seconds from the beginning, 0 to 3600."));
        if (problems.Count == 0) SingleStageBody.CheckText(body.Value, "", problems);
        if (problems.Count > 0) return Problems.Invalid(problems);

        var reading = TemplateReader.Read(template.Content, body.Value.EnumerateObject().ToDictionary(value => value.Name, value => value.Value));
        var resolved = await references.ResolveAsync(tenant, reading.Media, cancellation);
        problems.AddRange(reading.Problems.Concat(resolved.Problems).DistinctBy(problem => (problem.Pointer, problem.Code)));
        problems.AddRange(reading.Media.Where(value => Media.TryParse(value.Text, out var media) && media.Kind is MediaKind.Url or MediaKind.Stage)
            .Select(value => new DocumentProblem(value.Pointer, "not_allowed", "A preview waits for nothing: upload the file and give upload:ID.")));
        return problems.Count > 0
            ? Problems.Invalid([.. problems.Select(InInput)])
            : await AskAsync(new PreviewTemplate { Tenant = tenant, Template = reading.Snapshot, At = at, Inputs = resolved.Inputs }, cancellation);
    }

    private async Task<IResult> AskAsync(PreviewTemplate question, CancellationToken cancellation)
    {
        try
        {
            // Past the outbox: a question that is not answered soon is not to be kept.
            var answer = await bus.CreateRequestClient<PreviewTemplate>(Queue, Patience).GetResponse<TemplatePreviewed>(question, cancellation);
            if (answer.Message.Picture is not { } picture)
                return new ApiProblem(422, answer.Message.Failure!.Code, "The template cannot be drawn.") { Detail = answer.Message.Failure.Detail };
            return Results.Stream(await store.OpenAsync(question.Tenant, picture.Sha256, 0, null, cancellation), picture.ContentType);
        }
        catch (Exception e) when (e is RequestTimeoutException or MessageReturnedException or RequestFaultException)
        {
            return Problems.PreviewUnavailable();
        }
    }

    private static DocumentProblem InInput(DocumentProblem problem) =>
        problem.Pointer.StartsWith("/input", StringComparison.Ordinal) ? problem with { Pointer = problem.Pointer["/input".Length..] } : problem;
}
