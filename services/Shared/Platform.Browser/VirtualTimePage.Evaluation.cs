using System.Text.Json;

namespace Platform.Browser;

public sealed partial class VirtualTimePage
{
    private int? world;

    /// <summary>Evaluates an expression in a world of our own: it sees the document, and nothing that the page's scripts did to its globals.</summary>
    /// <returns>What it gave, by value; awaited when it is a promise (which must not wait for time to pass).</returns>
    /// <exception cref="BrowserException">It threw (<see cref="BrowserFault.Protocol"/>), or as <see cref="NextFrameAsync"/>.</exception>
    public async Task<JsonElement> EvaluateAsync(string expression, CancellationToken cancellationToken)
    {
        var answer = await EvaluateInWorldAsync(expression, cancellationToken);
        return answer.TryGetProperty("exceptionDetails", out var details)
            ? throw new BrowserException(BrowserFault.Protocol, "A script threw: " + details.GetRawText())
            : answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    private async Task<JsonElement> EvaluateInWorldAsync(string expression, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryEvaluateAsync(expression, cancellationToken);
            }
            catch (BrowserException e) when (e.Fault == BrowserFault.PageLeft && tries < 5)
            {
                world = null; // the page went elsewhere, and the world with it; where it went comes only while time passes
                await NextFrameAsync(FramePicture.None, TimePolicy.WaitForNetwork, cancellationToken);
            }
        }
    }

    private async Task<JsonElement> TryEvaluateAsync(string expression, CancellationToken cancellationToken)
    {
        if (world is null)
        {
            var tree = await SendAsync("Page.getFrameTree", [], cancellationToken);
            var frame = tree.GetProperty("frameTree").GetProperty("frame").GetProperty("id").GetString()!;
            var made = await SendAsync("Page.createIsolatedWorld", new() { ["frameId"] = frame, ["worldName"] = "platform" }, cancellationToken);
            world = made.GetProperty("executionContextId").GetInt32();
        }

        return await SendAsync(
            "Runtime.evaluate",
            new() { ["expression"] = expression, ["contextId"] = world.Value, ["returnByValue"] = true, ["awaitPromise"] = true },
            cancellationToken);
    }
}
