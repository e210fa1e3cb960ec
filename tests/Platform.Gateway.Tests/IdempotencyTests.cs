using System.Net;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts;
using Platform.Gateway.Tests.Support;

namespace Platform.Gateway.Tests;

public sealed class IdempotencyTests(GatewayApp app) : IdempotencyPromises(app);

/// <summary>The same promises on PostgreSQL: the server that <c>PLATFORM_TEST_POSTGRES</c> names, in a database of its own.</summary>
[Trait("Category", "Integration")]
public sealed class PostgresIdempotencyTests(PostgresApp app) : IdempotencyPromises(app.Value), IClassFixture<PostgresApp>;

public sealed class PostgresApp : IAsyncLifetime
{
    private const string Variable = "PLATFORM_TEST_POSTGRES";
    private readonly string _name = $"gateway_{Guid.NewGuid():N}";
    private GatewayApp? _app;

    public GatewayApp Value
    {
        get
        {
            if (_app is null) Assert.Skip($"{Variable} is not set: ./platform test starts a PostgreSQL and sets it");
            return _app;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } server) return;
        await ExecuteAsync(server, $"CREATE DATABASE {_name}");
        _app = new GatewayApp { Settings = { ["ConnectionStrings:Platform"] = new NpgsqlConnectionStringBuilder(server) { Database = _name }.ConnectionString } };
        await _app.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null) return;
        await _app.DisposeAsync();
        await ExecuteAsync(Environment.GetEnvironmentVariable(Variable)!, $"DROP DATABASE {_name} WITH (FORCE)");
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

public abstract class IdempotencyPromises(GatewayApp app)
{
    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task Gives_fifty_equal_posts_at_once_one_job_and_one_answer()
    {
        for (var round = 0; round < 3; round++)
        {
            var key = $"{_key}-{round}";
            var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.Client.PostJsonAsync("/v1/jobs", Samples.Film, key)));

            var bodies = await Task.WhenAll(responses.Select(response => response.Content.ReadAsByteArrayAsync()));
            Assert.All(responses, response => Assert.Equal(HttpStatusCode.Accepted, response.StatusCode));
            Assert.All(bodies, body => Assert.Equal(bodies[0], body));
            Assert.Single(responses.Select(response => response.Headers.Location).Distinct());
            Assert.Equal(1, responses.Count(response => !response.Headers.Contains("Idempotency-Replayed")));
            var id = (await responses[0].ReadJsonAsync()).GetProperty("id").GetGuid();
            Assert.Equal(id, await app.WithDatabaseAsync(db => db.Requests.Where(request => request.Key == key).Select(request => request.JobId).SingleAsync()));
            await app.ReceivedAsync<JobSubmitted>(message => message.JobId == id);
        }
    }

    [Fact]
    public async Task Takes_the_same_body_in_another_spelling_for_the_same()
    {
        using var first = await app.Client.PostJsonAsync("/v1/jobs", """{"name":"a","stages":{"page":{"type":"capture","url":"https://example.com","duration":5}}}""", _key);
        using var second = await app.Client.PostJsonAsync("/v1/jobs", """ { "stages": { "page": { "duration": 5.0, "url": "https:\/\/example.com", "type": "capture" } }, "name": "\u0061" } """, _key);

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.True(second.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Refuses_the_key_for_another_request()
    {
        using var first = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture, _key);
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);

        using var other = await app.Client.PostJsonAsync("/v1/jobs", Samples.Film, _key);
        await other.ShouldBeProblemAsync(422, "idempotency_key_reused");
        using var elsewhere = await app.Client.PostJsonAsync("/v1/capture", """{"url":"https://example.com"}""", _key);
        await elsewhere.ShouldBeProblemAsync(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task Gives_each_tenant_keys_of_its_own()
    {
        using var mine = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture, _key);
        using var theirs = await app.Other.PostJsonAsync("/v1/jobs", Samples.Capture, _key);

        Assert.Equal(HttpStatusCode.Accepted, theirs.StatusCode);
        Assert.NotEqual((await mine.ReadJsonAsync()).Text("id"), (await theirs.ReadJsonAsync()).Text("id"));
    }

    [Fact]
    public async Task Burns_no_key_with_a_refused_request()
    {
        using var mistaken = await app.Client.PostJsonAsync("/v1/jobs", "{}", _key);
        await mistaken.ShouldBeProblemAsync(422, "validation_failed");
        using var malformed = await app.Client.PostJsonAsync("/v1/jobs", "{", _key);
        await malformed.ShouldBeProblemAsync(400, "malformed_body");

        using var right = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture, _key);
        Assert.Equal(HttpStatusCode.Accepted, right.StatusCode);
    }

    [Fact]
    public async Task Keeps_a_key_for_a_day()
    {
        using var first = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture, _key);
        await AgeAsync(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        using var within = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture, _key);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await within.Content.ReadAsStringAsync());
        await AgeAsync(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(1));

        var after = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Client.PostJsonAsync("/v1/jobs", Samples.Capture, _key)));

        var ids = new HashSet<string>();
        foreach (var response in after) ids.Add((await response.ReadJsonAsync()).Text("id"));
        Assert.DoesNotContain((await first.ReadJsonAsync()).Text("id"), ids);
        Assert.Single(ids);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("256")]
    public async Task Refuses_a_key_that_is_none(string key)
    {
        foreach (var path in new[] { "/v1/jobs", "/v1/capture", "/v1/uploads", "/v1/sites" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = HttpSteps.Json(Samples.Capture) };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key == "256" ? new string('k', 256) : key);
            using var response = await app.Client.SendAsync(request);
            await response.ShouldBeProblemAsync(400, "idempotency_key_invalid");
        }
    }

    [Fact]
    public async Task Gives_an_upload_that_comes_again_its_first_answer()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => UploadAsync("the same bytes")));

        var bodies = await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        Assert.Single(bodies.Distinct());
        using var other = await UploadAsync("other bytes");
        await other.ShouldBeProblemAsync(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task Leaves_nothing_of_the_losers_behind()
    {
        var before = await CountAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Other.PostJsonAsync("/v1/jobs", Samples.Capture.Replace("example.com", "example.org", StringComparison.Ordinal), _key)));

        Assert.Equal(before + 1, await CountAsync());
    }

    private Task<int> CountAsync() => app.WithDatabaseAsync(async db =>
        (await db.Jobs.AsNoTracking().Where(job => job.Tenant == GatewayApp.OtherTenant).ToListAsync()).Count(job => job.Document.Stages.Values.Any(stage => stage.GetRawText().Contains("example.org", StringComparison.Ordinal))));

    private Task<HttpResponseMessage> UploadAsync(string content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads") { Content = new StringContent(content) };
        request.Headers.Add("Idempotency-Key", _key);
        return app.Client.SendAsync(request);
    }

    // What the clock would do.
    private Task<int> AgeAsync(TimeSpan age) => app.WithDatabaseAsync(db =>
        db.Requests.Where(request => request.Key == _key).ExecuteUpdateAsync(set => set.SetProperty(request => request.CreatedAt, DateTimeOffset.UtcNow - age)));
}
