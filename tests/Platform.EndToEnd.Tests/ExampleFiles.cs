using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests;

/// <summary>The examples' files, put where jobs can name them.</summary>
internal static class ExampleFiles
{
    private static readonly string Folder = Path.Combine(Command.Root, "examples");

    /// <summary>Uploads page and music and gives their references.</summary>
    /// <param name="http">Its address is the API's root.</param>
    public static async Task<(string Site, string Music)> UploadAsync(HttpClient http)
    {
        var site = Path.Combine(Folder, "site");
        using var files = new MultipartFormDataContent();
        foreach (var path in Directory.EnumerateFiles(site, "*", SearchOption.AllDirectories)) files.Add(await ReadAsync(path), "files", Path.GetRelativePath(site, path));
        return (await ReferenceAsync(await http.PostAsync("v1/sites", files)), await UploadAsync(http, "music.ogg"));
    }

    /// <summary>Uploads a file of the examples and gives its reference.</summary>
    public static async Task<string> UploadAsync(HttpClient http, string name)
    {
        using var file = await ReadAsync(Path.Combine(Folder, name));
        return await ReferenceAsync(await http.PostAsync("v1/uploads", file));
    }

    private static async Task<ByteArrayContent> ReadAsync(string path) => new(await File.ReadAllBytesAsync(path)) { Headers = { ContentType = new("application/octet-stream") } };

    private static async Task<string> ReferenceAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonObject>())!["reference"]!.GetValue<string>();
}
