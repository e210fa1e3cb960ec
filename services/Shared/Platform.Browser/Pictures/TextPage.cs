using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Playwright;

namespace Platform.Browser;

/// <summary>The page that text is laid out in. It holds our script and nothing else.</summary>
internal sealed class TextPage
{
    /// <summary>The most units of one block; each costs a copy of its text.</summary>
    public const int MaxUnits = 1000;

    /// <summary>Pixels: more than the largest frame with room for what is moved into it.</summary>
    public const int MaxSide = 8192;

    private static readonly string Script = VirtualTimePage.Resource("text.js");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    private readonly ChromiumBrowser browser;
    private readonly ICDPSession cdp;
    private readonly int context;

    private TextPage(ChromiumBrowser browser, ICDPSession cdp, int context) => (this.browser, this.cdp, this.context) = (browser, cdp, context);

    public static async Task<TextPage> OpenAsync(ChromiumBrowser browser, CancellationToken cancellationToken)
    {
        var opened = browser.Browser.Contexts[0].RunAndWaitForPageAsync(() => browser.Root.SendAsync("Target.createTarget", new()
        {
            ["url"] = "about:blank",
            ["width"] = 1,
            ["height"] = 1,
            ["enableBeginFrameControl"] = true, // the browser's switches let no other page draw
        }));
        var page = await browser.AnswerAsync(opened, cancellationToken);
        var cdp = await browser.AnswerAsync(browser.Browser.Contexts[0].NewCDPSessionAsync(page), cancellationToken);
        var tree = await browser.AnswerAsync(cdp.SendAsync("Page.getFrameTree"), cancellationToken);
        var frame = tree!.Value.GetProperty("frameTree").GetProperty("frame").GetProperty("id").GetString()!;
        var world = await browser.AnswerAsync(cdp.SendAsync("Page.createIsolatedWorld", new() { ["frameId"] = frame, ["worldName"] = "text" }), cancellationToken);
        var text = new TextPage(browser, cdp, world!.Value.GetProperty("executionContextId").GetInt32());
        await text.SendAsync("Emulation.setDefaultBackgroundColorOverride", new() { ["color"] = new Dictionary<string, object> { ["r"] = 0, ["g"] = 0, ["b"] = 0, ["a"] = 0 } }, cancellationToken);
        await text.EvaluateAsync($"globalThis.text = {Script}; void 0", cancellationToken);
        return text;
    }

    /// <summary>Those of <paramref name="colors"/> that are none.</summary>
    public async Task<string[]> NoColorsAsync(IReadOnlyCollection<string> colors, CancellationToken cancellationToken) =>
        await CallAsync<string[]>($"colors({JsonSerializer.Serialize(colors)})", cancellationToken);

    /// <summary>Takes in a font file; false when it is none.</summary>
    public async Task<bool> AddFontAsync(TextFont font, CancellationToken cancellationToken)
    {
        var data = Convert.ToBase64String(await File.ReadAllBytesAsync(font.Path, cancellationToken));
        return await CallAsync<bool>($"font({JsonSerializer.Serialize(new { font.Family, Data = data, font.Weight, font.Italic }, Json)})", cancellationToken);
    }

    public async Task<SheetPlan> LayOutAsync(IReadOnlyList<TextBlock> blocks, CancellationToken cancellationToken) =>
        await CallAsync<SheetPlan>(
            $"layOut({JsonSerializer.Serialize(blocks.Select(block => new { block.Text, block.Unit, block.Style }), Json)}, {{ units: {MaxUnits}, side: {MaxSide} }})", cancellationToken);

    /// <summary>Pictures a sheet: PNG with alpha.</summary>
    public async Task<byte[]> PictureAsync(int index, SheetSize size, CancellationToken cancellationToken)
    {
        await EvaluateAsync($"text.turnTo({index})", cancellationToken);
        for (var tries = 0; tries < 5; tries++)
        {
            // A frame without damage has no picture, nor has one whose surface is still of another size: a change of scale too small to mean anything makes everything new.
            await SendAsync(
                "Emulation.setDeviceMetricsOverride",
                new() { ["width"] = size.Width, ["height"] = size.Height, ["deviceScaleFactor"] = tries % 2 == 0 ? 1 : 1 + 1e-9, ["mobile"] = false },
                cancellationToken);
            var drawn = await SendAsync(
                "HeadlessExperimental.beginFrame",
                new() { ["screenshot"] = new Dictionary<string, object> { ["format"] = "png", ["optimizeForSpeed"] = true } },
                cancellationToken);
            if (drawn.TryGetProperty("screenshotData", out var data))
            {
                return data.GetBytesFromBase64();
            }
        }

        throw new BrowserException(BrowserFault.Protocol, "The browser drew no picture.");
    }

    public async Task ClearAsync(CancellationToken cancellationToken) => await EvaluateAsync("text.clear()", cancellationToken);

    private async Task<T> CallAsync<T>(string call, CancellationToken cancellationToken) =>
        (await EvaluateAsync("text." + call, cancellationToken)).Deserialize<T>(Json)!;

    private async Task<JsonElement> EvaluateAsync(string expression, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            "Runtime.evaluate",
            new() { ["expression"] = expression, ["contextId"] = context, ["returnByValue"] = true, ["awaitPromise"] = true },
            cancellationToken);
        return answer.TryGetProperty("exceptionDetails", out var details)
            ? throw new BrowserException(BrowserFault.Protocol, "The text script threw: " + details.GetRawText())
            : answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    private async Task<JsonElement> SendAsync(string method, Dictionary<string, object> arguments, CancellationToken cancellationToken) =>
        await browser.AnswerAsync(cdp.SendAsync(method, arguments), cancellationToken) ?? default;
}

/// <summary>What the page answers: where on which sheet each unit of each block lies.</summary>
internal sealed record SheetPlan(PlannedBlock[] Blocks, SheetSize[] Sheets);

internal sealed record SheetSize(int Width, int Height);

internal sealed record PlannedBlock(bool TooLarge, int Width, int Height, int Lines, PlannedPiece[]? Pieces);

internal sealed record PlannedPiece(int Sheet, int X, int Y, int Width, int Height, int Left, int Top, int? Line, int? Word, int? Letter, string Text, bool Background);
