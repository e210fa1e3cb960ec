using System.Net;
using Platform.Gateway.Tests.Support;

namespace Platform.Gateway.Tests;

public sealed class DocumentTests(GatewayApp app)
{
    [Fact]
    public async Task Describes_the_api_in_openapi_3_1()
    {
        using var client = app.ClientOf(null);
        using var response = await client.GetAsync("/openapi/v1.json");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var api = await response.ReadJsonAsync();
        Assert.StartsWith("3.1", api.Text("openapi"), StringComparison.Ordinal);
        var paths = api.GetProperty("paths");
        foreach (var (path, method) in new[] { ("/v1/jobs", "post"), ("/v1/jobs", "get"), ("/v1/capture", "post"), ("/v1/music", "post"), ("/v1/merge", "post"), ("/v1/caption", "post"), ("/v1/transcode", "post"), ("/v1/jobs/{id}", "delete"), ("/v1/jobs/{id}/events", "get"), ("/v1/jobs/{id}/artifacts/{name}", "get"), ("/v1/uploads", "post"), ("/v1/sites", "post"), ("/v1/templates/{name}", "put"), ("/v1/templates/{name}/preview", "post") })
            Assert.True(paths.GetProperty(path).TryGetProperty(method, out _), $"{method} {path}");
        var body = paths.GetProperty("/v1/capture").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal(300, body.GetProperty("properties").GetProperty("duration").GetProperty("maximum").GetDouble());
        Assert.True(body.GetProperty("properties").TryGetProperty("webhook", out _));
        Assert.False(body.GetProperty("properties").TryGetProperty("type", out _));
        var job = paths.GetProperty("/v1/jobs").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.True(job.GetProperty("properties").GetProperty("stages").GetProperty("additionalProperties").GetProperty("oneOf").GetArrayLength() >= 2);
    }

    [Fact]
    public async Task Serves_the_schema_of_the_job_document()
    {
        using var client = app.ClientOf(null);
        var schema = await (await client.GetAsync("/v1/schema/job.json")).ReadJsonAsync();

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.Text("$schema"));
        Assert.True(schema.GetProperty("properties").TryGetProperty("stages", out _));
    }

    [Fact]
    public async Task Serves_a_page_for_people()
    {
        using var client = app.ClientOf(null);
        using var response = await client.GetAsync("/docs/index.html");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("swagger-ui", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
