using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.Support;

namespace Platform.Gateway.Tests;

public sealed class OutageTests
{
    [Fact]
    public async Task Says_503_and_when_to_come_back_while_the_database_is_away()
    {
        await using var app = new GatewayApp { HasDatabase = false, Settings = { ["ConnectionStrings:Platform"] = "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=x;Timeout=3" } };
        await app.InitializeAsync();

        foreach (var send in new Func<Task<HttpResponseMessage>>[]
        {
            () => app.Client.PostJsonAsync("/v1/jobs", Samples.Capture),
            () => app.Client.PostJsonAsync("/v1/jobs", Samples.Capture, "a-key"),
            () => app.Client.GetAsync("/v1/jobs"),
            () => app.Client.GetAsync("/v1/jobs/019a0000-0000-7000-8000-000000000000"),
            () => app.Client.GetAsync("/v1/jobs/019a0000-0000-7000-8000-000000000000/events"),
            () => app.Client.DeleteAsync("/v1/jobs/019a0000-0000-7000-8000-000000000000"),
            () => app.Client.PostAsync("/v1/uploads", new ByteArrayContent([1, 2, 3])),
        })
        {
            using var response = await send();
            await response.ShouldBeProblemAsync(503, "database_unavailable");
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
        }
        using var mistaken = await app.Client.PostJsonAsync("/v1/jobs", "{");
        await mistaken.ShouldBeProblemAsync(400, "malformed_body");     // needs no database to be told

        var watch = Stopwatch.StartNew();
        using var ready = await app.Client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15));
        Assert.Equal("unhealthy", (await ready.ReadJsonAsync()).GetProperty("checks").GetProperty("database").Text("status"));
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Accepts_jobs_while_the_store_is_away_but_takes_no_files()
    {
        await using var app = new GatewayApp();
        await app.InitializeAsync();
        using var uploaded = await app.Client.PostAsync("/v1/uploads", new ByteArrayContent([1, 2, 3]));
        var reference = (await uploaded.ReadJsonAsync()).Text("reference");
        app.Store.IsAway = true;

        using var upload = await app.Client.PostAsync("/v1/uploads", new ByteArrayContent([1, 2, 3]));
        using var job = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture);
        using var withFile = await app.Client.PostJsonAsync("/v1/music", $$"""{"video":"https://example.com/film.mp4","music":"{{reference}}"}""");
        using var ready = await app.Client.GetAsync("/health/ready");

        await upload.ShouldBeProblemAsync(503, "storage_unavailable");
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (job.StatusCode, withFile.StatusCode));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        app.Store.IsAway = false;
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public void Takes_a_bug_for_a_bug()
    {
        Assert.Equal(500, FailureHandler.ProblemOf(new InvalidOperationException("x")).Status);
        Assert.Equal(500, FailureHandler.ProblemOf(new TimeoutException("x")).Status);
        Assert.Equal(500, FailureHandler.ProblemOf(new PostgresException("relation does not exist", "ERROR", "ERROR", "42P01")).Status);
        Assert.Equal(500, FailureHandler.ProblemOf(new PostgresException("invalid byte sequence", "ERROR", "ERROR", "22021")).Status);
    }

    [Theory]
    [InlineData("57P01")]      // the server is going down
    [InlineData("57P03")]      // it is coming up
    [InlineData("53300")]      // too many connections
    [InlineData("53100")]      // disk full
    [InlineData("08006")]
    [InlineData("40P01")]      // deadlock: again
    [InlineData("25006")]      // a standby
    public void Takes_an_outage_for_an_outage(string state)
    {
        var e = new PostgresException("x", "FATAL", "FATAL", state);
        Assert.Equal(503, FailureHandler.ProblemOf(e).Status);
        Assert.Equal(503, FailureHandler.ProblemOf(new InvalidOperationException("An exception has been raised that is likely due to a transient failure.", e)).Status);
    }

    [Fact]
    public void Takes_a_broken_connection_for_an_outage() =>
        Assert.Equal(503, FailureHandler.ProblemOf(new InvalidOperationException("x", new NpgsqlException("Exception while reading from stream", new SocketException(104)))).Status);
}
