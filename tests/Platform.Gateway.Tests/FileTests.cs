using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Gateway.Tests.Support;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Tests;

public sealed class FileTests(GatewayApp app) : IAsyncLifetime
{
    private static readonly byte[] Film = RandomNumberGenerator.GetBytes(300_000);
    private static readonly byte[] Shot = "\u0089PNG..."u8.ToArray();
    private Guid _id;
    private Artifact _film = null!;

    public async ValueTask InitializeAsync()
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture);
        _id = (await response.ReadJsonAsync()).GetProperty("id").GetGuid();
        _film = app.Store.Put(GatewayApp.Tenant, Film, "video/mp4");
        await app.Store.PublishAsync(GatewayApp.Tenant, _id, "page.mp4", _film, default);
        var shot = app.Store.Put(GatewayApp.Tenant, Shot, "text/html");      // whatever a stage says: not in our table
        await app.Store.PublishAsync(GatewayApp.Tenant, _id, "page.jpg", shot, default);
        await app.WithDatabaseAsync(async db =>
        {
            var job = await db.Jobs.SingleAsync(job => job.CorrelationId == _id);
            job.CurrentState = JobStates.Completed;
            job.Results = new() { ["page.mp4"] = _film, ["page.jpg"] = shot };
            job.Stages =
            [
                new StageState
                {
                    Name = "page", Type = "capture", Parameters = job.Document.Stages["page"], Status = StageStatus.Completed, Attempt = 1,
                    Outputs = new() { ["video"] = new StageOutput { Artifacts = [_film] }, ["thumbnail"] = new StageOutput { Artifacts = [shot] }, ["clips"] = new StageOutput { Artifacts = [_film, shot], IsList = true } },
                    Failure = new StageFailure("capture.blocked", FailureKind.Permanent, "403") { Evidence = new Dictionary<string, Artifact> { ["screenshot"] = shot } },
                },
            ];
            return await db.SaveChangesAsync();
        });
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Serves_a_result_whole()
    {
        using var response = await app.Client.GetAsync(Url("page.mp4"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Film, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"{_film.Sha256}\"", response.Headers.ETag?.Tag);
        Assert.Equal("video/mp4", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("attachment", "page.mp4"), (response.Content.Headers.ContentDisposition?.DispositionType, response.Content.Headers.ContentDisposition?.FileName));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=100000-199999", 100_000, 100_000)]
    [InlineData("bytes=299999-", 299_999, 1)]
    [InlineData("bytes=-5", 299_995, 5)]
    public async Task Serves_a_part(string range, int offset, int length)
    {
        using var response = await GetAsync("page.mp4", ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {offset}-{offset + length - 1}/300000", response.Content.Headers.ContentRange?.ToString());
        Assert.Equal(Film[offset..(offset + length)], await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=300000-")]
    [InlineData("bytes=-0")]
    public async Task Says_where_a_file_ends(string range)
    {
        using var response = await GetAsync("page.mp4", ("Range", range));

        Assert.Equal("bytes */300000", response.Content.Headers.ContentRange?.ToString());
        await response.ShouldBeProblemAsync(416, "range_not_satisfiable");
    }

    [Fact]
    public async Task Serves_the_whole_for_a_thousand_parts()
    {
        using var response = await GetAsync("page.mp4", ("Range", "bytes=" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"{i}-{i}"))));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(300_000, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task Leaves_out_what_the_caller_has()
    {
        foreach (var tag in new[] { $"\"{_film.Sha256}\"", $"W/\"{_film.Sha256}\"", "*", $"\"x\", \"{_film.Sha256}\"" })
        {
            using var response = await GetAsync("page.mp4", ("If-None-Match", tag), ("Range", "bytes=900000-"));
            Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
        }
        using var other = await GetAsync("page.mp4", ("If-None-Match", "\"x\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var nonsense = await GetAsync("page.mp4", ("If-None-Match", "x\"\"y"));
        Assert.Equal(HttpStatusCode.OK, nonsense.StatusCode);
    }

    [Fact]
    public async Task Goes_on_with_a_part_only_if_the_file_is_the_same()
    {
        using var same = await GetAsync("page.mp4", ("Range", "bytes=5-9"), ("If-Range", $"\"{_film.Sha256}\""));
        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        using var other = await GetAsync("page.mp4", ("Range", "bytes=5-9"), ("If-Range", "\"x\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Answers_head_without_a_body()
    {
        using var response = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Url("page.mp4")));
        Assert.Equal((HttpStatusCode.OK, 300_000), (response.StatusCode, response.Content.Headers.ContentLength));
    }

    [Theory]
    [InlineData("page.thumbnail")]
    [InlineData("page.clips.1")]
    [InlineData("page.screenshot")]
    public async Task Serves_what_stages_left_as_bytes_unless_the_type_is_in_our_table(string name)
    {
        using var response = await app.Client.GetAsync(Url(name));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Shot, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Links_to_every_file_in_the_job()
    {
        var job = await (await app.Client.GetAsync($"/v1/jobs/{_id}")).ReadJsonAsync();
        var stage = job.GetProperty("stages")[0];
        var urls = job.GetProperty("results").EnumerateArray()
            .Concat(stage.GetProperty("outputs").EnumerateObject().SelectMany(output => output.Value.EnumerateArray()))
            .Concat(stage.GetProperty("error").GetProperty("evidence").EnumerateArray())
            .Select(file => file.Text("url")).ToList();

        Assert.Equal(7, urls.Count);
        Assert.Equal([("page.mp4", "main"), ("page.jpg", "thumbnail")], job.GetProperty("results").EnumerateArray().Select(file => (file.Text("name"), file.Text("kind"))));
        foreach (var url in urls) Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync(url)).StatusCode);
    }

    /// <summary>A playlist and what it leads to: each is found by its name beside the other, as a result and before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Serves_files_that_call_each_other_by_name_in_a_folder(bool published)
    {
        var playlist = app.Store.Put(GatewayApp.Tenant, "#EXTM3U\n"u8.ToArray(), "application/vnd.apple.mpegurl") with { Name = "master.m3u8" };
        var part = _film with { Name = "360p.mp4" };
        foreach (var file in new[] { playlist, part }) await app.Store.PublishAsync(GatewayApp.Tenant, _id, $"web/{file.Name}", file, default);
        await app.WithDatabaseAsync(async db =>
        {
            var job = await db.Jobs.SingleAsync(job => job.CorrelationId == _id);
            job.Results = published ? new() { ["web/master.m3u8"] = playlist, ["web/360p.mp4"] = part } : [];
            job.Stages =
            [
                new StageState
                {
                    Name = "web", Type = "transcode", Parameters = job.Document.Stages["page"], Status = StageStatus.Completed, Attempt = 1,
                    Outputs = new() { ["video"] = new StageOutput { Artifacts = [playlist] }, ["parts"] = new StageOutput { Artifacts = [part], IsList = true } },
                },
            ];
            return await db.SaveChangesAsync();
        });

        var answer = await (await app.Client.GetAsync($"/v1/jobs/{_id}")).ReadJsonAsync();
        var outputs = answer.GetProperty("stages")[0].GetProperty("outputs");
        Assert.Equal(($"{Url("web/master.m3u8")}", $"{Url("web/360p.mp4")}"), (outputs.GetProperty("video")[0].Text("url"), outputs.GetProperty("parts")[0].Text("url")));
        if (published) Assert.Equal([("web/master.m3u8", "main"), ("web/360p.mp4", "parts")], answer.GetProperty("results").EnumerateArray().Select(file => (file.Text("name"), file.Text("kind"))));

        using var found = await app.Client.GetAsync(Url("web/master.m3u8"));
        Assert.Equal((HttpStatusCode.OK, "application/vnd.apple.mpegurl", "master.m3u8"), (found.StatusCode, found.Content.Headers.ContentType?.MediaType, found.Content.Headers.ContentDisposition?.FileName));
        using var range = await GetAsync("web/360p.mp4", ("Range", "bytes=5-9"));
        Assert.Equal(Film[5..10], await range.Content.ReadAsByteArrayAsync());
        foreach (var name in new[] { "web", "web/", "web/nothing.mp4", "web.parts.0", "web%2Fmaster.m3u8x", "page/../web/360p.mp4x" })
            Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync(Url(name))).StatusCode);
    }

    [Theory]
    [InlineData("nothing.mp4")]
    [InlineData("page")]
    [InlineData("page.")]
    [InlineData("page.clips")]
    [InlineData("page.clips.2")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("page.mp4%2F..")]
    public async Task Finds_no_other_file(string name)
    {
        using var response = await app.Client.GetAsync(Url(name));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Shows_no_file_to_other_tenants() => await (await app.Other.GetAsync(Url("page.mp4"))).ShouldBeProblemAsync(404, "not_found");

    [Fact]
    public async Task Serves_the_file_where_the_store_signs_no_links()
    {
        using var response = await app.Client.GetAsync(Url("page.mp4") + "?redirect=true");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Redirects_to_a_signed_link()
    {
        await using var own = new GatewayApp();
        await own.InitializeAsync();
        own.Store.Links = new Uri("https://s3.example.com/results/");
        own.Store.Put(GatewayApp.Tenant, Film, "video/mp4");
        using var accepted = await own.Client.PostJsonAsync("/v1/jobs", Samples.Capture);
        var id = (await accepted.ReadJsonAsync()).GetProperty("id").GetGuid();
        await own.WithDatabaseAsync(async db =>
        {
            var job = await db.Jobs.SingleAsync(job => job.CorrelationId == id);
            job.Results = new() { ["page.mp4"] = _film };
            return await db.SaveChangesAsync();
        });

        using var response = await own.Client.GetAsync($"/v1/jobs/{id}/artifacts/page.mp4?redirect=true");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal($"https://s3.example.com/results/acme/{id}/page.mp4?for=900", response.Headers.Location?.AbsoluteUri);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Purges_an_ended_job_with_its_results()
    {
        using var response = await app.Client.PostAsync($"/v1/jobs/{_id}/purge", null);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/v1/jobs/{_id}")).StatusCode);
        Assert.DoesNotContain(app.Store.Objects.Keys, key => key.Contains(_id.ToString(), StringComparison.Ordinal));
        Assert.False(await app.WithDatabaseAsync(db => db.Events.AnyAsync(e => e.JobId == _id)));
        await app.ReceivedAsync<JobPurged>(message => message.JobId == _id);
        await (await app.Client.PostAsync($"/v1/jobs/{_id}/purge", null)).ShouldBeProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Purges_no_job_before_its_end()
    {
        using var accepted = await app.Client.PostJsonAsync("/v1/jobs", Samples.Capture);
        var id = (await accepted.ReadJsonAsync()).GetProperty("id").GetGuid();

        await (await app.Client.PostAsync($"/v1/jobs/{id}/purge", null)).ShouldBeProblemAsync(409, "job_not_ended");
    }

    private string Url(string name) => $"/v1/jobs/{_id}/artifacts/{name}";

    private Task<HttpResponseMessage> GetAsync(string name, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Url(name));
        foreach (var (header, value) in headers) request.Headers.TryAddWithoutValidation(header, value);
        return app.Client.SendAsync(request);
    }
}
