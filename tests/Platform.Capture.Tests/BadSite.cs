using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
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
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, secure => secure.UseHttps(SelfSigned()));
        });
        var app = builder.Build();
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
        app.MapGet("/again", (HttpContext context) =>
        {
            context.Response.Headers.Connection = "close"; // whoever comes again looks the name up again
            context.Response.Headers.CacheControl = "max-age=600";
            return Results.Content("<h1 style='font-size:80px'>Once more</h1><script>setInterval(() => fetch('/inner?' + Math.random()).catch(() => 0), 100)</script>", "text/html");
        });
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
        var site = new BadSite(app);
        app.MapGet("/changing", () => Results.Content($"<!doctype html><title>News</title><body style='margin:0;height:1500px'><h1 style='font-size:60px'>News</h1><p style='position:absolute;top:1200px;font-size:60px'>{site.Headline}", "text/html"));
        app.MapGet("/who", (HttpContext context) =>
        {
            site.Asked.Enqueue($"{context.Request.Headers["X-Visitor"]}|{context.Request.Headers.Cookie}");
            return Results.Content($"<h1 style='font-size:70px'>{(context.Request.Headers.ContainsKey("X-Visitor") ? "Welcome back" : "Who are you?")}</h1><p id=s></p><script>s.textContent = localStorage.getItem('token') ? 'Token known' : 'No token'</script><img src='/pixel'>", "text/html");
        });
        app.MapGet("/pixel", (HttpContext context) =>
        {
            site.Asked.Enqueue("pixel " + context.Request.Headers["X-Visitor"]);
            return Results.NotFound();
        });
        await app.StartAsync();
        return site;
    }

    public string Url(string path) => app.Urls.First(url => url.StartsWith("http:", StringComparison.Ordinal)) + path;

    /// <summary>The same page behind a certificate that nobody vouches for.</summary>
    public string SecureUrl(string path) => app.Urls.First(url => url.StartsWith("https:", StringComparison.Ordinal)) + path;

    /// <summary>An address at which nobody listens.</summary>
    public static string NobodysUrl()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}/";
    }

    /// <summary>What the server was asked, with the headers that say who asks.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What the changing page says below its first screen.</summary>
    public string Headline { get; set; } = "Nothing new";

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static void Page(WebApplication app, string path, int status, string html) =>
        app.MapGet(path, () => Results.Content(html, "text/html; charset=utf-8", statusCode: status));
}
