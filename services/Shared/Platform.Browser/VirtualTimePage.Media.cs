using System.Globalization;

namespace Platform.Browser;

public sealed partial class VirtualTimePage
{
    /// <summary>What a page calls when it begins to play something.</summary>
    private const string Binding = "platformMedia";

    /// <summary>Time that passes while a video finds its frame: short, for it is taken off the next frame's.</summary>
    private const double Slice = 0.01;

    /// <summary>Real time that one frame waits for its videos; then it shows what there is.</summary>
    private static readonly TimeSpan MediaPatience = TimeSpan.FromSeconds(2);

    private static readonly string MediaClock = Resource("media.js");

    private bool plays;
    private double prepaid;

    private async Task WatchMediaAsync(CancellationToken cancellationToken)
    {
        cdp.Event("Runtime.bindingCalled").OnEvent += (_, called) => plays |= called!.Value.GetProperty("name").GetString() == Binding;
        await SendAsync("Runtime.enable", [], cancellationToken);
        await SendAsync("Runtime.addBinding", new() { ["name"] = Binding }, cancellationToken);
        await GuardAsync(Page.AddInitScriptAsync(MediaClock), cancellationToken);
    }

    /// <summary>Brings every playing video to where it is in this frame. Decoding runs in real time, but that a video is there is told in the page's.</summary>
    private async Task ShowMediaAsync(CancellationToken cancellationToken)
    {
        if (!plays)
        {
            return;
        }

        var began = TimeProvider.System.GetTimestamp();
        for (var left = await AdvanceMediaAsync(FrameMilliseconds / 1000, cancellationToken);
            left > 0 && TimeProvider.System.GetElapsedTime(began) < MediaPatience && prepaid < FrameMilliseconds / 2;
            left = await AdvanceMediaAsync(0, cancellationToken))
        {
            await Task.Delay(1, cancellationToken);
            prepaid += Slice;
            await SendAsync("Emulation.setVirtualTimePolicy", new() { ["policy"] = "advance", ["budget"] = Slice }, cancellationToken);
            await SpendAsync(cancellationToken);
        }
    }

    // In the page's own world, where its script is.
    private async Task<int> AdvanceMediaAsync(double seconds, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            "Runtime.evaluate",
            new() { ["expression"] = string.Create(CultureInfo.InvariantCulture, $"globalThis[Symbol.for('platform.media')]?.({seconds:R}) ?? 0"), ["returnByValue"] = true },
            cancellationToken);
        return answer.GetProperty("result").TryGetProperty("value", out var left) && left.TryGetInt32(out var count) ? count : 0;
    }

    private double Prepaid()
    {
        var spent = prepaid;
        prepaid = 0;
        return spent;
    }
}
