using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.EndToEnd.Tests;

[Trait("Category", "EndToEnd")]
public sealed class MakeTests
{
    private static readonly string Launch = Path.Combine(Command.Root, "examples", "launch.json");
    private static readonly string[] Small = ["--set", "/stages/page/duration=3", "--set", """/stages/page/format={"width":640,"height":360}""", "--set", "/encode={\"preset\":\"veryfast\"}"];

    [Fact]
    public async Task Films_the_example_and_answers_from_fingerprints_the_second_time()
    {
        var home = Command.NewHome();
        var path = Path.Combine(home, "film.mp4");

        var first = await Command.RunAsync(home, ["make", Launch, "-o", path, .. Small]);
        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal(path, first.LastLine);

        var film = new Film(path);
        var video = await film.StreamAsync("v");
        Assert.Equal(("h264", "yuv420p", 640, 360, "30/1"), (video.GetProperty("codec_name").GetString(), video.GetProperty("pix_fmt").GetString(),
            video.GetProperty("width").GetInt32(), video.GetProperty("height").GetInt32(), video.GetProperty("r_frame_rate").GetString()));
        Assert.Equal("bt709", video.GetProperty("color_space").GetString());
        Assert.Equal("90", video.GetProperty("nb_read_frames").GetString());
        Assert.Equal("aac", (await film.StreamAsync("a")).GetProperty("codec_name").GetString());
        Assert.InRange(await film.DurationAsync(), 3 - 1 / 30.0, 3 + 1 / 30.0);
        Assert.True(film.Boxes().IndexOf("moov") < film.Boxes().IndexOf("mdat"), "moov must come first");
        var frames = await film.FrameHashesAsync();
        Assert.True(frames.Zip(frames.Skip(1)).Count(pair => pair.First != pair.Second) > 60, "consecutive frames must differ");
        Assert.True(await film.SpreadAsync(1) > 60, "the page must be in the picture");
        Assert.True(File.Exists(Path.ChangeExtension(path, ".jpg")) || File.Exists(Path.ChangeExtension(path, ".png")), "a thumbnail must lie beside the film");
        Assert.Empty(Directory.Exists(Path.Combine(home, "work")) ? Directory.GetDirectories(Path.Combine(home, "work")) : []);

        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var second = await Command.RunAsync(home, ["make", Launch, "-o", path, "--json", .. Small]);
        Assert.True(second.ExitCode == 0, second.Errors);
        Assert.Equal(2, second.Errors.Split('\n').Count(line => line.Contains("\"stage.completed\"", StringComparison.Ordinal) && line.Contains("\"reused\":true", StringComparison.Ordinal)));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Lists_every_problem_of_a_document()
    {
        var home = Command.NewHome();
        var document = Path.Combine(home, "bad.json");
        await File.WriteAllTextAsync(document, """
            {"stages":{"page":{"type":"capture","url":"https://example.com","duration":1,"fps":"30","colour":"red"},
                       "final":{"type":"music","video":"@nobody","music":"there-is-no-such.mp3"}},"output":"final"}
            """, TestContext.Current.CancellationToken);

        var ended = await Command.RunAsync(home, "make", document);

        Assert.Equal(2, ended.ExitCode);
        foreach (var pointer in new[] { "/stages/page/duration", "/stages/page/fps", "/stages/page/colour", "/stages/final/video", "/stages/final/music" })
            Assert.Contains(pointer, ended.Errors, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Makes_no_film_of_an_error_page(int status)
    {
        var home = Command.NewHome();
        await using var site = await LocalSite.StartAsync(status);

        var ended = await Command.RunAsync(home, "make", "--url", site.Url, "--duration", "3", "--allow-private", "-o", Path.Combine(home, "film.mp4"));

        Assert.Equal(1, ended.ExitCode);
        Assert.Matches("capture\\.(http_error|blocked)", ended.Errors);
        Assert.False(File.Exists(Path.Combine(home, "film.mp4")));
    }

    [Fact]
    public async Task Films_nothing_of_this_machine_unless_allowed()
    {
        var home = Command.NewHome();
        await using var site = await LocalSite.StartAsync(200);

        var ended = await Command.RunAsync(home, "make", "--url", site.Url, "--duration", "3");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("/stages/page/url", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(0, site.Visits);
    }

    [Fact]
    public async Task Explains_itself()
    {
        var ended = await Command.RunAsync(Command.NewHome(), "make", "--help");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("--allow-private", ended.Output, StringComparison.Ordinal);
    }
}

/// <summary>A page on this machine that answers with one status.</summary>
internal sealed class LocalSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _visits;

    private LocalSite(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();
    public int Visits => _visits;

    public static async Task<LocalSite> StartAsync(int status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var site = new LocalSite(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref site._visits);
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync($"<h1>Status {status}</h1><p>Some text on this page.</p>");
        });
        await app.StartAsync();
        return site;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
