using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests;

/// <summary>A stream as a player gets it: by HTTP from the API, from playlist to playlist to ranges of bytes.</summary>
[Trait("Category", "EndToEnd")]
public sealed class StreamTests
{
    private const string Captions = "WEBVTT\nLanguage: en\n\n00:00.500 --> 00:01.500\nHello\n";

    [Fact]
    public async Task Plays_by_names_that_lead_from_one_file_to_the_next()
    {
        var home = Command.NewHome();
        var port = Command.FreePort();
        using var command = Command.Start(home, "serve", "--listen", $"127.0.0.1:{port}");
        var key = (await command.WaitForLineAsync("Key ")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        var film = Path.Combine(home, "film.mp4");
        await Film.ToolAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=480x300:r=25:d=8", "-f", "lavfi", "-i", "sine=440:d=8", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", film);

        using var accepted = await http.PostAsJsonAsync("v1/transcode", new JsonObject
        {
            ["video"] = await UploadAsync(http, await File.ReadAllBytesAsync(film)), ["captions"] = await UploadAsync(http, Encoding.UTF8.GetBytes(Captions)), ["format"] = "hls",
            ["encode"] = new JsonObject { ["preset"] = "ultrafast" },
        });
        var id = (await accepted.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        await http.GetStringAsync($"v1/jobs/{id}/events");      // ends with the job
        var job = (await http.GetFromJsonAsync<JsonObject>($"v1/jobs/{id}"))!;

        Assert.Equal("completed", job["state"]!.GetValue<string>());
        var main = Assert.Single(job["results"]!.AsArray(), result => result!["kind"]!.GetValue<string>() == "main")!;
        Assert.Equal(("transcode/master.m3u8", "application/vnd.apple.mpegurl"), (main["name"]!.GetValue<string>(), main["contentType"]!.GetValue<string>()));
        var streams = await Film.ToolAsync(
            "ffprobe", "-v", "error", "-headers", $"X-Api-Key: {key}\r\n", "-count_frames", "-show_entries", "stream=codec_name,height,nb_read_frames", "-of", "csv=p=0",
            $"http://127.0.0.1:{port}{main["url"]}");
        foreach (var stream in new[] { "h264,300,200", "h264,234,200", "aac" }) Assert.Contains(stream, streams, StringComparison.Ordinal);
        var texts = await http.GetStringAsync($"v1/jobs/{id}/artifacts/transcode/captions.m3u8");
        Assert.Contains("\ncaptions.vtt\n", texts, StringComparison.Ordinal);
        Assert.Equal(Captions, await http.GetStringAsync($"v1/jobs/{id}/artifacts/transcode/captions.vtt"));
    }

    private static async Task<string> UploadAsync(HttpClient http, byte[] content)
    {
        using var answer = await http.PostAsync("v1/uploads", new ByteArrayContent(content));
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["reference"]!.GetValue<string>();
    }
}
