using Microsoft.OpenApi;
using Platform.Contracts;
using Platform.Gateway.Access;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Documents;

/// <summary>Describes the API: JSON Schema of the job document, OpenAPI, and a page for people.</summary>
internal static class DocumentEndpoints
{
    private const string OpenApiPath = "/openapi/{documentName}.json";

    public static IServiceCollection AddDocuments(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Platform API",
                Version = "v1",
                Description = "Turns a request, a graph of stages, into a finished video. Errors are RFC 9457 problems with a stable code.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [KeyAuthentication.SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key" },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyAuthentication.SchemeName, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer<RequestBodies>();
    });

    public static void MapDocuments(this WebApplication app)
    {
        app.MapOpenApi(OpenApiPath);
        var schema = new JsonAnswer(200, DocumentSchema.OfJob().ToJsonString()) { Tagged = true };
        app.MapGet("/v1/schema/job.json", () => schema).WithName("getJobSchema").WithSummary("The JSON Schema of the job document").Produces(200, contentType: "application/schema+json");
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/docs"), docs => docs.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
            return next(context);
        }));
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.SwaggerEndpoint("/openapi/v1.json", "v1");
            page.DocumentTitle = "Platform API";
        });
    }
}
