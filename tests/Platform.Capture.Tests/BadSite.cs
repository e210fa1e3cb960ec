using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Capture.Tests;

/// <summary>A web server on loopback with one page for each way in which a page can be bad.</summary>
internal sealed class BadSite : IAsyncDisposable
{
    private readonly WebApplication app;

    private BadSite(WebApplication app) => this.app = app;

    public static async Task<BadSite> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        Page(app, "/forbidden", 403, "<h1>403 Forbidden</h1><p>You cannot see this.");
        Page(app, "/broken", 500, "<h1>Something went wrong</h1>");
        Page(app, "/challenge", 403, "<title>Just a moment...</title><h1>example.com</h1><p>Verify you are human by completing the action below.");
        Page(app, "/captcha", 200, "<title>Are you a robot?</title><p>Complete the security check to access the site.");
        Page(app, "/blank", 200, "<body style='background:#fff'>");
        Page(app, "/reload", 200, "<h1>Here we go</h1><script>setTimeout(() => location.replace('/reload?' + Math.random()), 10)</script>");
        Page(app, "/endless", 200, "<h1>Working</h1><script>while (true);</script>");
        Page(app, "/login", 200, "<h1>Sign in</h1><form><input name=u><input type=password></form>");
        Page(app, "/poll", 200, "<h1 style='font-size:80px'>Always busy</h1><script>fetch('/never')</script>");
        Page(app, "/good", 200, "<h1 style='font-size:80px'>A page</h1><p>With a login <input type=password> and words: cookies, captcha, access denied.");
        app.MapGet("/members", () => Results.Redirect("/login"));
        app.MapGet("/circle", () => Results.Redirect("/circle"));
        app.MapGet("/inner", () => Results.Redirect("http://169.254.169.254/latest/meta-data/"));
        app.MapGet("/auth", (HttpContext context) =>
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"a\"";
            return Results.Content("no", "text/html", statusCode: 401);
        });
        app.MapGet("/file", () => Results.File(new byte[4096], "application/octet-stream", "file.bin"));
        app.MapGet("/never", (HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await app.StartAsync();
        return new BadSite(app);
    }

    public string Url(string path) => app.Urls.First() + path;

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private static void Page(WebApplication app, string path, int status, string html) =>
        app.MapGet(path, () => Results.Content(html, "text/html; charset=utf-8", statusCode: status));
}
