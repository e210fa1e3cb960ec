using System.Net;
using Platform.Gateway.Access;
using Platform.Gateway.Tests.Support;

namespace Platform.Gateway.Tests;

public sealed class AccessTests(GatewayApp app)
{
    private const string Unknown = "019a0000-0000-7000-8000-000000000000";

    [Fact]
    public async Task Lets_a_key_in_by_either_header()
    {
        foreach (var (name, value) in new[] { ("X-Api-Key", app.Key), ("Authorization", $"Bearer {app.Key}"), ("Authorization", $"bearer {app.Key}") })
            Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v1/jobs", (name, value))).StatusCode);
    }

    public static TheoryData<string> BadKeys => new() { "", " ", "nonsense", "vp_", new string('k', 10_000), ApiKey.Create() };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task Keeps_everybody_else_out_with_one_answer(string key)
    {
        using var none = await GetAsync("/v1/jobs");
        using var response = await GetAsync("/v1/jobs", ("X-Api-Key", key));

        await response.ShouldBeProblemAsync(401, "unauthenticated");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(await none.Content.ReadAsStringAsync(), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Takes_no_key_twice_in_the_query_or_by_another_scheme()
    {
        foreach (var headers in new[]
        {
            new[] { ("X-Api-Key", app.Key), ("Authorization", $"Bearer {app.Key}") },
            [("X-Api-Key", app.Key), ("X-Api-Key", app.Key)],
            [("Authorization", $"Basic {app.Key}")],
            [("Authorization", app.Key)],
            [("Cookie", $"X-Api-Key={app.Key}")],
        })
            await (await GetAsync("/v1/jobs", headers)).ShouldBeProblemAsync(401, "unauthenticated");
        foreach (var query in new[] { "api_key", "key", "X-Api-Key", "access_token" })
            await (await GetAsync($"/v1/jobs?{query}={app.Key}")).ShouldBeProblemAsync(401, "unauthenticated");
    }

    [Fact]
    public async Task Lets_a_key_do_what_its_scopes_say()
    {
        using var reader = app.ClientOf(app.ReadKey);

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/v1/jobs")).StatusCode);
        await (await reader.PostJsonAsync("/v1/jobs", Samples.Capture)).ShouldBeProblemAsync(403, "insufficient_scope");
        await (await reader.DeleteAsync($"/v1/jobs/{Unknown}")).ShouldBeProblemAsync(403, "insufficient_scope");
        await (await reader.PostAsync("/v1/uploads", new ByteArrayContent([1]))).ShouldBeProblemAsync(403, "insufficient_scope");
    }

    [Fact]
    public async Task Ignores_headers_that_would_make_a_caller_somebody_else()
    {
        using var accepted = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture);
        var id = (await accepted.ReadJsonAsync()).Text("id");

        using var response = await GetAsync($"/v1/jobs/{id}", ("X-Api-Key", app.OtherKey), ("X-Tenant-Id", GatewayApp.Tenant), ("X-Forwarded-For", "127.0.0.1"), ("X-Original-URL", "/health/ready"), ("X-HTTP-Method-Override", "DELETE"));

        await response.ShouldBeProblemAsync(404, "not_found");
    }

    /// <summary>Every call of the API, from its own description: a new one is covered by itself. Schemas are for everyone.</summary>
    [Fact]
    public async Task Guards_every_call_of_the_api()
    {
        using var accepted = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture);
        var id = (await accepted.ReadJsonAsync()).Text("id");
        using var openApi = await app.ClientOf(null).GetAsync("/openapi/v1.json");
        var calls = (await openApi.ReadJsonAsync()).GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(call => (Method: new HttpMethod(call.Name.ToUpperInvariant()), Path: path.Name))).ToList();
        Assert.InRange(calls.Count, 13, 200);

        foreach (var (method, path) in calls.Where(call => !call.Path.StartsWith("/v1/schema/", StringComparison.Ordinal)))
        {
            foreach (var key in new[] { null, ApiKey.Create() })
            {
                using var outside = await SendAsync(method, Fill(path, id), key);
                Assert.True(outside.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} {outside.StatusCode}");
            }
            if (!path.Contains("{id}", StringComparison.Ordinal)) continue;
            using var theirs = await SendAsync(method, Fill(path, id), app.OtherKey);
            using var nobodys = await SendAsync(method, Fill(path, Unknown), app.OtherKey);
            Assert.True(theirs.StatusCode == HttpStatusCode.NotFound, $"{method} {path} {theirs.StatusCode}");
            Assert.Equal(await nobodys.Content.ReadAsStringAsync(), await theirs.Content.ReadAsStringAsync());
        }
        Assert.Equal("queued", (await (await app.Client.GetAsync($"/v1/jobs/{id}")).ReadJsonAsync()).Text("state"));
    }

    [Theory]
    [InlineData("GET", "/v1/jobs/not-a-guid", 404)]
    [InlineData("GET", "/v1/jobs/{019a0000-0000-7000-8000-000000000000}", 404)]
    [InlineData("GET", "/v1/jobs/019A0000-0000-7000-8000-00000000000A", 404)]
    [InlineData("GET", "/v1/jobs/019a00000000700080000000000000000", 404)]
    [InlineData("GET", "/v1/jobs/019a0000-0000-7000-8000-0000000000000", 404)]
    [InlineData("GET", "/v1/jobs/..%2F..%2Fadmin", 404)]
    [InlineData("GET", "/v1//jobs", 404)]
    [InlineData("GET", "/v1/jobs;x=1", 404)]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/admin", 404)]
    [InlineData("PROPFIND", "/v1/jobs", 405)]
    [InlineData("TRACE", "/v1/jobs", 405)]
    [InlineData("PUT", "/v1/jobs", 405)]
    [InlineData("OPTIONS", "/v1/jobs", 405)]
    public async Task Knows_no_other_place_or_method(string method, string path, int status)
    {
        using var response = await SendAsync(new HttpMethod(method), path, app.Key);
        await response.ShouldBeProblemAsync(status, status == 404 ? "not_found" : "method_not_allowed");
    }

    [Fact]
    public async Task Refuses_a_nul_in_a_path() => Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Get, "/v1/jobs/%00", app.Key)).StatusCode);

    [Theory]
    [InlineData("https://evil.test")]
    [InlineData("null")]
    public async Task Lets_no_other_origin_in(string origin)
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/v1/jobs") { Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" } } };
        using var response = await app.Client.SendAsync(preflight);
        using var simple = await GetAsync("/v1/jobs", ("Origin", origin), ("X-Api-Key", app.Key));

        Assert.DoesNotContain(response.Headers.Concat(simple.Headers), header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Says_the_same_safe_headers_everywhere()
    {
        foreach (var path in new[] { "/v1/jobs", "/v1/nothing", "/v1/schema/job.json", "/health/live", "/docs/index.html" })
        {
            using var response = await GetAsync(path, ("X-Api-Key", app.Key));
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    private static string Fill(string path, string id) => path.Replace("{id}", id, StringComparison.Ordinal).Replace("{name}", "page.mp4", StringComparison.Ordinal);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key)
    {
        using var client = app.ClientOf(key);
        using var request = new HttpRequestMessage(method, new Uri(app.Address + path.TrimStart('/'), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (method == HttpMethod.Post) request.Content = HttpSteps.Json("{}");
        return await client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var client = app.ClientOf(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }
}
