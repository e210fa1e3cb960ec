using System.Text.Json;
using Platform.Contracts;
using Platform.Gateway.Access;
using Platform.Gateway.Jobs;
using Platform.Gateway.Requests;
using Platform.Templates;

namespace Platform.Gateway.Templates;

/// <summary>A template as callers see it.</summary>
internal sealed record TemplateAnswer
{
    public required string Name { get; init; }

    /// <summary>Counted from 1; absent for one of the library, which changes with the product.</summary>
    public int? Version { get; init; }

    /// <summary>Whether it came with the product.</summary>
    public required bool Library { get; init; }

    /// <summary>What it is for, as its <c>inputs</c> describe it.</summary>
    public string? Description { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The template; left out of lists.</summary>
    public JsonElement? Template { get; init; }

    public static TemplateAnswer Of(NamedTemplate template, bool whole = true) => new()
    {
        Name = template.Name,
        Version = template.Version,
        Library = template.Version is null,
        Description = template.Content.TryGetProperty("inputs", out var inputs) && inputs.TryGetProperty("description", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null,
        CreatedAt = template.CreatedAt,
        Template = whole ? template.Content : null,
    };
}

/// <summary>The templates that a tenant can name, in order.</summary>
internal sealed record TemplateList(IReadOnlyList<TemplateAnswer> Items);

/// <summary>Keeps templates under names.</summary>
internal static class TemplateEndpoints
{
    public static void MapTemplates(this IEndpointRouteBuilder api)
    {
        api.MapGet("/templates", ListAsync).RequireAuthorization(Scopes.ReadJobs)
            .WithName("listTemplates").WithSummary("List the templates that jobs can name: the tenant's own and the library").Produces<TemplateList>();
        api.MapGet("/templates/{name}", FindAsync).RequireAuthorization(Scopes.ReadJobs)
            .WithName("getTemplate").WithSummary("See a template: the version in force, or name@version").Produces<TemplateAnswer>();
        api.MapPut("/templates/{name}", PutAsync).TakesJson().RequireAuthorization(Scopes.WriteJobs)
            .WithName("putTemplate").WithSummary("Store a template under a name, as its next version").Produces<TemplateAnswer>(201).Produces<TemplateAnswer>();
        api.MapDelete("/templates/{name}", DeleteAsync).RequireAuthorization(Scopes.WriteJobs)
            .WithName("deleteTemplate").WithSummary("Remove a template with all its versions; accepted jobs keep what they were accepted with").Produces(204);
        api.MapPost("/templates/{name}/preview", (string name, double? t, HttpContext context, TemplateQuestions questions) => questions.PreviewAsync(context, name, t ?? 0))
            .TakesJson().RequireAuthorization(Scopes.ReadJobs)
            .WithName("previewTemplate").WithSummary("See one moment of a template as PNG; the body is its input, t is in seconds").Produces(200, contentType: "image/png");
        api.MapPost("/templates/{name}/lint", (string name, string? safeZone, HttpContext context, TemplateQuestions questions) => questions.LintAsync(context, name, safeZone ?? "title"))
            .TakesJson().RequireAuthorization(Scopes.ReadJobs)
            .WithName("lintTemplate").WithSummary("See what viewers would not like about how a template's texts lie; the body is its input").Produces<LintAnswer>();
        var schema = new JsonAnswer(200, TemplateSchema.Document().ToJsonString()) { Tagged = true };
        api.MapGet("/schema/template.json", () => schema).WithName("getTemplateSchema").WithSummary("The JSON Schema of templates").Produces(200, contentType: "application/schema+json");
    }

    private static async Task<IResult> ListAsync(HttpContext context, TemplateStore templates, CancellationToken cancellation) =>
        JsonAnswer.Of(200, new TemplateList([.. (await templates.ListAsync(context.Tenant(), cancellation)).Select(template => TemplateAnswer.Of(template, whole: false))])) with { Tagged = true };

    private static async Task<IResult> FindAsync(string name, HttpContext context, TemplateStore templates, CancellationToken cancellation) =>
        await templates.FindAsync(context.Tenant(), name, cancellation) is { } template
            ? JsonAnswer.Of(200, TemplateAnswer.Of(template)) with { Tagged = true }
            : Problems.NotFound();

    private static async Task<IResult> PutAsync(string name, HttpContext context, TemplateStore templates, CancellationToken cancellation)
    {
        if (!TemplateStore.IsName(name)) return Problems.Invalid([new DocumentProblem("", "invalid_name", "A template's name is 1 to 64 lower-case letters, digits and hyphens.")]);
        var body = await JsonBody.ReadAsync(context.Request, cancellation);
        if (body.Problem is { } malformed) return malformed;
        if (TemplateReader.Check(body.Value) is { Count: > 0 } problems) return Problems.Invalid(problems);
        var (stored, isNew) = await templates.PutAsync(context.Tenant(), name, body.Value, cancellation);
        return stored is null
            ? Problems.Invalid([new DocumentProblem("", "limit_exceeded", $"There are {TemplateStore.MostTemplates} templates already.")])
            : JsonAnswer.Of(isNew ? 201 : 200, TemplateAnswer.Of(stored)) with { Location = $"/v1/templates/{name}" };
    }

    private static async Task<IResult> DeleteAsync(string name, HttpContext context, TemplateStore templates, CancellationToken cancellation) =>
        await templates.DeleteAsync(context.Tenant(), name, cancellation) ? Results.NoContent() : Problems.NotFound();
}
