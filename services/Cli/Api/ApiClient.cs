using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Cli.Api;

/// <summary>The API said no.</summary>
internal sealed class ApiException(HttpStatusCode status, string code, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
    public string Code { get; } = code;
}

/// <summary>The platform's HTTP API, as far as the command line uses it.</summary>
internal sealed class ApiClient(HttpClient http)
{
    /// <summary>Uploads a file: <c>upload:ID</c>.</summary>
    public async Task<string> UploadAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        using var content = new StreamContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await http.PostAsync(new Uri("v1/uploads", UriKind.Relative), content, cancellation);
        return (await ReadAsync(answer, cancellation))["reference"]!.GetValue<string>();
    }

    /// <summary>Uploads a folder as a static site: <c>site:ID</c>.</summary>
    public async Task<string> UploadSiteAsync(string folder, CancellationToken cancellation)
    {
        using var content = new MultipartFormDataContent();
        foreach (var path in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true }).Order(StringComparer.Ordinal))
            content.Add(new StreamContent(File.OpenRead(path)), "files", Path.GetRelativePath(folder, path));
        using var answer = await http.PostAsync(new Uri("v1/sites", UriKind.Relative), content, cancellation);
        return (await ReadAsync(answer, cancellation))["reference"]!.GetValue<string>();
    }

    /// <summary>Keeps a template under a name.</summary>
    public async Task PutTemplateAsync(string name, JsonNode template, CancellationToken cancellation)
    {
        using var answer = await http.PutAsJsonAsync(new Uri($"v1/templates/{name}", UriKind.Relative), template, cancellation);
        await ReadAsync(answer, cancellation);
    }

    /// <summary>One moment of a template: a PNG.</summary>
    public async Task<byte[]> PreviewAsync(string name, JsonNode input, double second, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(FormattableString.Invariant($"v1/templates/{name}/preview?t={second}"), UriKind.Relative), input, cancellation);
        if (!answer.IsSuccessStatusCode) await ReadAsync(answer, cancellation);
        return await answer.Content.ReadAsByteArrayAsync(cancellation);
    }

    /// <summary>What is noticed about a template's layout.</summary>
    public async Task<IReadOnlyList<LayoutWarning>> LintAsync(string name, JsonNode input, string safeZone, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(new Uri($"v1/templates/{name}/lint?safeZone={safeZone}", UriKind.Relative), input, cancellation);
        return (await ReadAsync(answer, cancellation))["warnings"].Deserialize<List<LayoutWarning>>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Submits a job; its id.</summary>
    public async Task<string> SubmitAsync(JsonObject document, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(new Uri("v1/jobs", UriKind.Relative), document, cancellation);
        return (await ReadAsync(answer, cancellation))["id"]!.GetValue<string>();
    }

    /// <summary>A job as it stands.</summary>
    public async Task<JsonObject> GetAsync(string jobId, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(new Uri($"v1/jobs/{jobId}", UriKind.Relative), cancellation);
        return await ReadAsync(answer, cancellation);
    }

    /// <summary>Cancels a job.</summary>
    public async Task CancelAsync(string jobId, CancellationToken cancellation)
    {
        using var answer = await http.DeleteAsync(new Uri($"v1/jobs/{jobId}", UriKind.Relative), cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A job's events until its end.</summary>
    public async IAsyncEnumerable<(string Type, JsonElement Data)> EventsAsync(string jobId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = await http.GetStreamAsync(new Uri($"v1/jobs/{jobId}/events", UriKind.Relative), cancellation);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
            yield return (item.EventType, JsonElement.Parse(item.Data));
    }

    /// <summary>Saves one of a job's results.</summary>
    public async Task SaveResultAsync(string jobId, string name, string path, CancellationToken cancellation)
    {
        var partial = path + ".part";
        await using (var stream = await http.GetStreamAsync(new Uri($"v1/jobs/{jobId}/artifacts/{name}", UriKind.Relative), cancellation))
        await using (var file = File.Create(partial))
            await stream.CopyToAsync(file, cancellation);
        File.Move(partial, path, overwrite: true);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var body = await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation) as JsonObject ?? [];
        if (answer.IsSuccessStatusCode) return body;
        var problems = (body["errors"] as JsonArray ?? []).Select(e => $"{e!["pointer"]}: {e["detail"]} ({e["code"]})").ToList();
        if (problems.Count == 0) problems.Add(body["detail"]?.ToString() ?? body["title"]?.ToString() ?? answer.ReasonPhrase ?? "no answer");
        throw new ApiException(answer.StatusCode, body["code"]?.ToString() ?? "", string.Join(Environment.NewLine, problems));
    }
}
