using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Gateway.Tests.Support;

namespace Platform.Gateway.Tests;

public sealed class UploadTests(GatewayApp app)
{
    private static readonly byte[] Wave = [.. "RIFF\0\0\0\0WAVEfmt "u8, .. RandomNumberGenerator.GetBytes(1000)];

    [Fact]
    public async Task Takes_a_body_as_a_file_and_tells_what_it_is()
    {
        using var content = new ByteArrayContent(Wave) { Headers = { ContentType = new MediaTypeHeaderValue("video/mp4"), ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = "bed.mp4" } } };

        using var response = await app.Client.PostAsync("/v1/uploads", content);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var upload = await response.ReadJsonAsync();
        Assert.Equal($"upload:{upload.Text("id")}", upload.Text("reference"));
        Assert.Equal("bed.mp4", upload.Text("fileName"));
        Assert.Equal("audio/wav", upload.Text("contentType"));
        Assert.Equal(Wave.Length, upload.GetProperty("bytes").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Wave)), upload.Text("sha256"));
        Assert.Equal(Wave, app.Store.Objects[$"{GatewayApp.Tenant}/artifacts/{upload.Text("sha256")}"]);
    }

    [Fact]
    public async Task Takes_one_file_of_a_form()
    {
        using var form = new MultipartFormDataContent { { new StringContent("ignored"), "note" }, { new ByteArrayContent(Wave), "file", "../../etc/bed \u202E.wav" } };

        using var response = await app.Client.PostAsync("/v1/uploads", form);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.StartsWith("bed ", (await response.ReadJsonAsync()).Text("fileName"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lets_a_job_name_what_was_uploaded()
    {
        var reference = await UploadAsync(app.Client);

        using var response = await app.Client.PostJsonAsync("/v1/jobs", Job(reference));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var id = (await response.ReadJsonAsync()).GetProperty("id").GetGuid();
        var job = await app.WithDatabaseAsync(db => db.Jobs.AsNoTracking().SingleAsync(job => job.CorrelationId == id));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Wave)), job.Inputs[reference].Sha256);
    }

    [Fact]
    public async Task Lets_a_job_name_an_artifact_by_its_hash()
    {
        var artifact = app.Store.Put(GatewayApp.Tenant, Wave, "audio/wav");

        using var response = await app.Client.PostJsonAsync("/v1/jobs", Job($"artifact:{artifact.Sha256}"));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var id = (await response.ReadJsonAsync()).GetProperty("id").GetGuid();
        var job = await app.WithDatabaseAsync(db => db.Jobs.AsNoTracking().SingleAsync(job => job.CorrelationId == id));
        Assert.Equal(artifact, job.Inputs[$"artifact:{artifact.Sha256}"]);
    }

    [Fact]
    public async Task Hides_uploads_and_artifacts_from_other_tenants()
    {
        var reference = await UploadAsync(app.Client);
        var secret = app.Store.Put(GatewayApp.Tenant, RandomNumberGenerator.GetBytes(100), "audio/wav");

        foreach (var (text, code) in new[] { (reference, "unknown_upload"), ($"artifact:{secret.Sha256}", "unknown_artifact"), (reference.Replace("upload", "site", StringComparison.Ordinal), "invalid_media") })
        {
            using var response = await app.Other.PostJsonAsync("/v1/jobs", Job(text));
            var problem = await response.ShouldBeProblemAsync(422, "validation_failed");
            Assert.Equal(code, Assert.Single(problem.GetProperty("errors").EnumerateArray()).Text("code"));
        }
    }

    [Fact]
    public async Task Forgets_an_upload_that_has_expired()
    {
        var reference = await UploadAsync(app.Client);
        var id = Guid.Parse(reference["upload:".Length..]);
        await app.WithDatabaseAsync(db => db.Uploads.Where(upload => upload.Id == id).ExecuteUpdateAsync(set => set.SetProperty(upload => upload.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(-1))));

        using var response = await app.Client.PostJsonAsync("/v1/jobs", Job(reference));

        await response.ShouldBeProblemAsync(422, "validation_failed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refuses_a_file_that_is_too_large(bool chunked)
    {
        foreach (var size in new[] { 3_000_001, 5_000_000 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads") { Content = new ByteArrayContent(new byte[size]) };
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = true;      // or the answer may come while the body is still being sent, and be lost
            using var response = await app.Client.SendAsync(request);
            await response.ShouldBeProblemAsync(413, "body_too_large");
        }
    }

    [Fact]
    public async Task Refuses_nothing_and_more_than_one_file()
    {
        using var empty = await app.Client.PostAsync("/v1/uploads", new ByteArrayContent([]));
        await empty.ShouldBeProblemAsync(422, "upload_empty");
        using var none = await app.Client.PostAsync("/v1/uploads", new MultipartFormDataContent { { new StringContent("x"), "note" } });
        await none.ShouldBeProblemAsync(422, "upload_empty");
        using var two = await app.Client.PostAsync("/v1/uploads", new MultipartFormDataContent { { new ByteArrayContent(Wave), "a", "a.wav" }, { new ByteArrayContent(Wave), "b", "b.wav" } });
        await two.ShouldBeProblemAsync(422, "too_many_files");
    }

    [Fact]
    public async Task Compares_with_the_digest_that_was_said()
    {
        var right = Convert.ToBase64String(SHA256.HashData(Wave));
        foreach (var (digest, ok) in new[] { ($"sha-256=:{right}:", true), ($"sha-256=:{Convert.ToBase64String(new byte[32])}:", false), ("sha-256=:nonsense:", false), ("sha-256=::", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads") { Content = new ByteArrayContent(Wave) };
            request.Headers.Add("Content-Digest", digest);
            using var response = await app.Client.SendAsync(request);
            if (ok) Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            else await response.ShouldBeProblemAsync(422, "upload_checksum_mismatch");
        }
    }

    [Theory]
    [InlineData("--x\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\nabc")]       // ends in the middle
    [InlineData("nonsense")]
    [InlineData("--x\r\nContent-Disposition: form-data; name=f; filename=a")]
    [InlineData("--x\r\n{many}\r\nabc\r\n--x--\r\n")]
    public async Task Refuses_a_broken_form(string body)
    {
        foreach (var path in new[] { "/v1/uploads", "/v1/sites" })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.Replace("{many}", string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: y\r\n")), StringComparison.Ordinal)));
            content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
            using var response = await app.Client.PostAsync(path, content);
            await response.ShouldBeProblemAsync(400, "malformed_body");
        }
    }

    [Fact]
    public async Task Takes_a_site_and_lets_a_capture_name_it()
    {
        using var response = await app.Client.PostAsync("/v1/sites", Site(("index.html", "<h1>Hi</h1>"), ("css/site.css", "h1{}"), ("img/Bild ä.png", "\u0089PNG")));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var site = await response.ReadJsonAsync();
        var reference = site.Text("reference");
        Assert.Equal($"site:{site.Text("id")}", reference);
        var index = JsonSerializer.Deserialize<SiteIndex>(app.Store.Objects[$"{GatewayApp.Tenant}/artifacts/{site.Text("sha256")}"], ContractJson.Options)!;
        Assert.Equal(["css/site.css", "img/Bild ä.png", "index.html"], index.Files.Keys);
        Assert.Equal("text/css; charset=utf-8", index.Files["css/site.css"].ContentType);

        using var accepted = await app.Client.PostJsonAsync("/v1/capture", $$"""{"url":"{{reference}}"}""");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var id = (await accepted.ReadJsonAsync()).GetProperty("id").GetGuid();
        var job = await app.WithDatabaseAsync(db => db.Jobs.AsNoTracking().SingleAsync(job => job.CorrelationId == id));
        Assert.Equal((site.Text("sha256"), SiteIndex.ContentType), (job.Inputs[reference].Sha256, job.Inputs[reference].ContentType));
    }

    [Fact]
    public async Task Names_equal_sites_by_equal_hashes_in_any_order()
    {
        using var one = await app.Client.PostAsync("/v1/sites", Site(("index.html", "a"), ("b.css", "b")));
        using var two = await app.Client.PostAsync("/v1/sites", Site(("b.css", "b"), ("index.html", "a")));

        Assert.Equal((await one.ReadJsonAsync()).Text("sha256"), (await two.ReadJsonAsync()).Text("sha256"));
    }

    [Theory]
    [InlineData("../evil.html", "site_path_invalid")]
    [InlineData("/etc/passwd", "site_path_invalid")]
    [InlineData("a/../../b", "site_path_invalid")]
    [InlineData("a\\b", "site_path_invalid")]
    [InlineData("%2e%2e/b", "site_path_invalid")]
    [InlineData("INDEX.html", "site_path_repeated")]
    public async Task Refuses_files_in_places_that_are_none(string path, string code)
    {
        using var response = await app.Client.PostAsync("/v1/sites", Site(("index.html", "x"), (path, "y")));
        await response.ShouldBeProblemAsync(422, code);
    }

    [Fact]
    public async Task Refuses_a_site_without_an_index_or_with_too_many_files()
    {
        using var without = await app.Client.PostAsync("/v1/sites", Site(("page.html", "x")));
        await without.ShouldBeProblemAsync(422, "site_without_index");
        using var many = await app.Client.PostAsync("/v1/sites", Site([.. Enumerable.Range(0, 1001).Select(i => ($"f{i}.txt", "x"))]));
        await many.ShouldBeProblemAsync(422, "limit_exceeded");
        using var archive = await app.Client.PostAsync("/v1/sites", new ByteArrayContent("PK\u0003\u0004"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } });
        await archive.ShouldBeProblemAsync(415, "unsupported_media_type");
    }

    private static async Task<string> UploadAsync(HttpClient client)
    {
        using var response = await client.PostAsync("/v1/uploads", new ByteArrayContent(Wave));
        return (await response.ReadJsonAsync()).Text("reference");
    }

    private static string Job(string music) => $$"""{"stages":{"m":{"type":"music","video":"https://example.com/film.mp4","music":"{{music}}"} } }""";

    private static MultipartFormDataContent Site(params (string Path, string Content)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (path, content) in files)
        {
            var part = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
            part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"files\"; filename=\"{path.Replace("\\", "\\\\", StringComparison.Ordinal)}\"; filename*=UTF-8''{Uri.EscapeDataString(path)}");
            form.Add(part);
        }
        return form;
    }
}
