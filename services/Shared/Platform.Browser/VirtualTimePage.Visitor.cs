using System.Text.Json;

namespace Platform.Browser;

public sealed partial class VirtualTimePage
{
    /// <summary>Tells the browser whom pages are to take the visitor for.</summary>
    private async Task IntroduceAsync(CancellationToken cancellationToken)
    {
        if (!view.Cookies.IsEmpty)
        {
            await SendAsync("Network.setCookies", new() { ["cookies"] = view.Cookies.Select(Cookie).ToArray() }, cancellationToken);
        }

        if (view.Headers.IsEmpty)
        {
            return;
        }

        var origin = view.HeaderOrigin?.GetLeftPart(UriPartial.Authority) ?? throw new ArgumentException("Headers need the origin that they are for.");
        cdp.Event("Fetch.requestPaused").OnEvent += (_, paused) => _ = ContinueAsync(paused!.Value);
        await SendAsync(
            "Fetch.enable",
            new() { ["patterns"] = new[] { new Dictionary<string, object> { ["urlPattern"] = origin + "/*", ["requestStage"] = "Request" } } },
            cancellationToken);
    }

    // What is sent along does not go on to where a redirect leads: that is another request, asked about anew.
    private async Task ContinueAsync(JsonElement paused)
    {
        var headers = paused.GetProperty("request").GetProperty("headers").EnumerateObject()
            .Where(header => !view.Headers.Keys.Contains(header.Name, StringComparer.OrdinalIgnoreCase))
            .Select(header => (header.Name, Value: header.Value.GetString()!))
            .Concat(view.Headers.Select(header => (Name: header.Key, header.Value)))
            .Select(header => new Dictionary<string, object> { ["name"] = header.Name, ["value"] = header.Value });
        try
        {
            await cdp.SendAsync("Fetch.continueRequest", new() { ["requestId"] = paused.GetProperty("requestId").GetString()!, ["headers"] = headers.ToArray() });
        }
        catch (Microsoft.Playwright.PlaywrightException)
        {
            // The request, or the page, is gone: nobody waits for it.
        }
    }

    private static Dictionary<string, object> Cookie(BrowserCookie cookie)
    {
        var fields = new Dictionary<string, object>
        {
            ["name"] = cookie.Name, ["value"] = cookie.Value, ["domain"] = cookie.Domain, ["path"] = cookie.Path, ["httpOnly"] = cookie.HttpOnly, ["secure"] = cookie.Secure,
        };
        if (cookie.Expires is { } expires)
        {
            fields["expires"] = expires;
        }

        if (cookie.SameSite is { } sameSite)
        {
            fields["sameSite"] = sameSite;
        }

        return fields;
    }
}
