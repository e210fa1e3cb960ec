using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Platform.Contracts;

namespace Platform.Gateway.Documents;

/// <summary>Puts into the API's description what the endpoints read by themselves: bodies, the Idempotency-Key, and the problems that every call may answer with.</summary>
internal sealed class RequestBodies : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var path = context.Description.RelativePath;
        var schema = path == "v1/jobs" ? DocumentSchema.OfJob() : StageTypes.All.FirstOrDefault(type => type.Public && path == $"v1/{type.Name}") is { } type ? SingleStage(type) : null;
        if (context.Description.HttpMethod == "POST" && schema is not null) operation.RequestBody = Body("application/json", Parse(schema));
        else if (path == "v1/uploads") operation.RequestBody = Body("application/octet-stream", new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" });
        else if (path == "v1/sites") operation.RequestBody = Body("multipart/form-data", Files());
        var repeatable = operation.RequestBody is not null;
        if (path is "v1/templates/{name}" or "v1/templates/{name}/preview" && context.Description.HttpMethod is "PUT" or "POST")
            operation.RequestBody = Body("application/json", new OpenApiSchema { Type = JsonSchemaType.Object });
        if (repeatable)
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = "Idempotency-Key",
                In = ParameterLocation.Header,
                Description = "Makes the call safe to repeat for 24 hours: the same key and body get the first answer again.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
            });
        (operation.Responses ??= [])["default"] = new OpenApiResponse
        {
            Description = "A problem, RFC 9457, with a stable code.",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } },
        };
        return Task.CompletedTask;
    }

    private static OpenApiRequestBody Body(string type, IOpenApiSchema schema) =>
        new() { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [type] = new OpenApiMediaType { Schema = schema } } };

    private static OpenApiSchema Files() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["files"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
        },
    };

    // The stage's parameters with the job's own fields beside them.
    private static JsonObject SingleStage(StageType type)
    {
        var schema = DocumentSchema.OfStage(type);
        var properties = (JsonObject)schema["properties"]!;
        properties.Remove("type");
        ((JsonArray)schema["required"]!).RemoveAt(0);
        var job = (JsonObject)DocumentSchema.Of(typeof(JobDocument))["properties"]!;
        foreach (var (name, value) in job.Where(field => field.Key is not ("stages" or "output" or "outputs")).ToList()) properties.TryAdd(name, value?.DeepClone());
        return schema;
    }

    private static OpenApiSchema Parse(JsonObject schema)
    {
        schema.Remove("$schema");
        return OpenApiModelFactory.Parse<OpenApiSchema>(schema.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, new OpenApiDocument(), out _, "json")!;
    }
}
