using System.Collections.Immutable;
using Microsoft.Playwright;
using Platform.Browser;
using Platform.Contracts;

namespace Platform.Capture.Takes.Script;

/// <summary>Does one step.</summary>
internal sealed class StepActor(VirtualTimePage page, Reel reel, Hand hand, ScriptSettings settings, int number, CaptureStep step)
{
    /// <summary>Seconds that a highlight stays, unless the step says how long.</summary>
    private const double HighlightSeconds = 1.6;

    /// <summary>A target this near to the viewport's edge (share of its height) is scrolled to its middle first.</summary>
    private const double Edge = 0.06;

    private readonly Travel travel = new(page, settings, number, step.Action);
    private int? found;

    public async Task ActAsync(CancellationToken cancellationToken)
    {
        while (step.At is { } at && reel.Frames < at * reel.Fps)
        {
            await hand.ShootAsync(cancellationToken);
        }

        var start = reel.Frames;
        var texts = await TextsAsync(cancellationToken);
        var done = await (step.Action switch
        {
            CaptureAction.Goto => GotoAsync(cancellationToken),
            CaptureAction.Click => ClickAsync(cancellationToken),
            CaptureAction.Type => TypeAsync(cancellationToken),
            CaptureAction.Press => PressAsync(cancellationToken),
            CaptureAction.Hover => HoverAsync(cancellationToken),
            CaptureAction.ScrollTo => ScrollToAsync(cancellationToken),
            CaptureAction.ScrollBy => ScrollAsync((await page.AskAsync<Probe>(PageScripts.Probe(null, null), cancellationToken)).Top + step.Y!.Value, cancellationToken),
            CaptureAction.Focus => FocusAsync(cancellationToken),
            CaptureAction.WaitFor => WaitForAsync(cancellationToken),
            CaptureAction.Wait => WaitAsync(step.Duration!.Value, cancellationToken),
            CaptureAction.Highlight => HighlightAsync(cancellationToken),
            _ => throw Failure("capture.script_failed", "Is not an action."),
        });
        await travel.ArriveAsync(cancellationToken);
        await hand.WaitAsync(step.After, cancellationToken);
        reel.Note(new TimelineAction
        {
            Kind = char.ToLowerInvariant(step.Action.ToString()[0]) + step.Action.ToString()[1..],
            Start = start,
            Found = found ?? start,
            Frame = Math.Min(done.Frame, reel.Frames - 1),
            End = reel.Frames,
            Box = done.Box,
            Text = done.Text,
            Keys = done.Keys.IsDefault ? [] : done.Keys,
            Words = Words((await TextsAsync(cancellationToken)).Except(texts)),
        });
    }

    private Task<ImmutableArray<string>> TextsAsync(CancellationToken cancellationToken) => page.AskAsync<ImmutableArray<string>>(PageScripts.Texts, cancellationToken);

    private static int Words(IEnumerable<string> texts) => texts.Sum(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);

    private readonly record struct Done(int Frame, Box? Box = null, string Text = "", ImmutableArray<int> Keys = default);

    private async Task<Done> GotoAsync(CancellationToken cancellationToken)
    {
        var address = new Uri(new Uri(page.Page.Url), step.Url!);
        if (!ScriptGuard.IsAllowed(address.AbsoluteUri, settings.Origins) || address.Scheme is not ("http" or "https"))
        {
            throw Failure("capture.origin_not_allowed", $"{ScriptGuard.OriginOf(address)} is not among the capture's origins.");
        }

        var frame = reel.Frames;
        await travel.GoAsync(address, cancellationToken);
        return new Done(frame, Text: address.GetLeftPart(UriPartial.Path));
    }

    private async Task<Done> ClickAsync(CancellationToken cancellationToken)
    {
        var target = await ReachAsync(cancellationToken);
        RequireHarmless(target.Names, target.Leads);
        travel.Expect(target.Leads);
        var frame = await hand.ClickAsync(cancellationToken);
        return new Done(frame, target.Box, target.Text);
    }

    private async Task<Done> TypeAsync(CancellationToken cancellationToken)
    {
        var secret = step.Secret is not null;
        Box? box = null;
        if (step.Selector is not null || step.Text is not null)
        {
            var target = await ReachAsync(cancellationToken);
            RequireHarmless(target.Names, target.Leads);
            await hand.ClickAsync(cancellationToken);
            (box, secret) = (target.Box, secret || target.Secret);
        }

        var keys = Typing.Keys(step.Secret is { } name ? settings.Values.GetValueOrDefault(name) ?? throw Failure("capture.secret_missing", "There is no such value in secrets.values.") : step.Value!);
        var start = reel.Frames;
        var frames = ImmutableArray.CreateBuilder<int>();
        foreach (var (key, due) in keys.Zip(Typing.Frames(keys, step.Duration, reel.Fps)))
        {
            while (reel.Frames < start + due)
            {
                await hand.ShootAsync(cancellationToken);
            }

            frames.Add(reel.Frames);
            await hand.DoAsync(page => key is "\n" ? page.Keyboard.PressAsync("Enter") : key.Length == 1 && key[0] is >= ' ' and <= '~' ? page.Keyboard.PressAsync(key) : page.Keyboard.InsertTextAsync(key), cancellationToken);
        }

        return new Done(start, box, secret ? new string('•', keys.Length) : string.Concat(keys), frames.ToImmutable());
    }

    private async Task<Done> PressAsync(CancellationToken cancellationToken)
    {
        Box? box = null;
        if (step.Selector is not null || step.Text is not null)
        {
            box = (await FindAsync(focus: true, cancellationToken)).Box;
        }

        if (step.Keys!.Split('+')[^1] is "Enter" or "Space" or "NumpadEnter")
        {
            var pressed = await page.AskAsync<Control>(PageScripts.Active, cancellationToken);
            RequireHarmless(pressed.Names, pressed.Leads);
            travel.Expect(pressed.Leads);
        }

        var frame = reel.Frames;
        try
        {
            await hand.DoAsync(page => page.Keyboard.PressAsync(step.Keys!), cancellationToken);
        }
        catch (BrowserException e) when (e.InnerException is PlaywrightException { Message: var message } && message.Contains("Unknown key", StringComparison.Ordinal))
        {
            throw Failure("capture.key_unknown", $"{step.Keys} is not a key.");
        }

        return new Done(frame, box, step.Keys!, [frame]);
    }

    private async Task<Done> HoverAsync(CancellationToken cancellationToken)
    {
        var target = await ReachAsync(cancellationToken);
        return new Done(reel.Frames, target.Box, target.Text);
    }

    private async Task<Done> FocusAsync(CancellationToken cancellationToken)
    {
        var target = await FindAsync(focus: true, cancellationToken);
        return new Done(reel.Frames, target.Box, target.Text);
    }

    private async Task<Done> WaitForAsync(CancellationToken cancellationToken)
    {
        var target = await AwaitAsync(false, cancellationToken);
        return new Done(reel.Frames, target.Box, target.Text);
    }

    private async Task<Done> WaitAsync(double seconds, CancellationToken cancellationToken)
    {
        var frame = reel.Frames;
        await hand.WaitAsync(seconds, cancellationToken);
        return new Done(frame);
    }

    private async Task<Done> HighlightAsync(CancellationToken cancellationToken)
    {
        var target = await FindAsync(focus: false, cancellationToken);
        var frame = reel.Frames;
        await hand.WaitAsync(step.Duration ?? HighlightSeconds, cancellationToken);
        return new Done(frame, target.Box, target.Text);
    }

    private async Task<Done> ScrollToAsync(CancellationToken cancellationToken)
    {
        if (step.Y is { } y)
        {
            return await ScrollAsync(y, cancellationToken);
        }

        var target = await AwaitAsync(false, cancellationToken);
        await CentreAsync(target, step.Duration, cancellationToken);
        return new Done(reel.Frames, (await LocateAsync(false, false, cancellationToken) ?? target).Box, target.Text);
    }

    private async Task<Done> ScrollAsync(double y, CancellationToken cancellationToken)
    {
        await hand.ScrollAsync(Math.Max(0, y), step.Duration, settings.ViewportHeight, cancellationToken);
        return new Done(reel.Frames);
    }

    /// <summary>Brings the target into view and the pointer onto it.</summary>
    private async Task<Target> ReachAsync(CancellationToken cancellationToken)
    {
        var target = await FindAsync(focus: false, cancellationToken);
        await hand.MoveAsync(new Spot(target.X, target.Y), Math.Min(target.Box.Width, target.Box.Height), step.Action == CaptureAction.Type ? null : step.Duration, cancellationToken);

        // It may have moved, or something over it, while the pointer was on its way.
        var there = await ArrivedAsync(cancellationToken) ?? target;
        if (Math.Abs(there.X - hand.Place.X) + Math.Abs(there.Y - hand.Place.Y) > 1)
        {
            await hand.MoveAsync(new Spot(there.X, there.Y), 20, null, cancellationToken);
            there = await ArrivedAsync(cancellationToken) ?? there;
        }

        return there.Hit ? there : throw Failure("capture.target_covered", "Something lies over the target.");
    }

    /// <summary>The target, in view.</summary>
    private async Task<Target> FindAsync(bool focus, CancellationToken cancellationToken)
    {
        var target = await AwaitAsync(focus, cancellationToken);
        double edge = Edge * settings.ViewportHeight, top = target.Box.Y, bottom = Math.Min(target.Box.Bottom, target.Box.Y + settings.ViewportHeight - 2 * edge);
        if (top >= edge && bottom <= settings.ViewportHeight - edge || target.Hit && top >= 0 && target.Box.Bottom <= settings.ViewportHeight)
        {
            return target;
        }

        await CentreAsync(target, null, cancellationToken);
        target = await AwaitAsync(false, cancellationToken);
        return target.Box.CenterY >= 0 && target.Box.CenterY <= settings.ViewportHeight && target.Hit
            ? target
            : await LocateAsync(reveal: true, focus: false, cancellationToken) ?? target;
    }

    private async Task CentreAsync(Target target, double? seconds, CancellationToken cancellationToken)
    {
        var now = (await page.AskAsync<Probe>(PageScripts.Probe(null, null), cancellationToken)).Top;
        // A target taller than the screen is shown from its top.
        var middle = Math.Min(target.Box.CenterY, target.Box.Y + settings.ViewportHeight / 2.0 - Edge * settings.ViewportHeight);
        await hand.ScrollAsync(Math.Max(0, Math.Round(now + middle - settings.ViewportHeight / 2.0)), seconds, settings.ViewportHeight, cancellationToken);
    }

    /// <summary>The target, once it is there.</summary>
    private async Task<Target> AwaitAsync(bool focus, CancellationToken cancellationToken)
    {
        var end = page.Elapsed + TimeSpan.FromSeconds(step.Timeout);
        while (true)
        {
            if (await LocateAsync(false, focus, cancellationToken) is { } target)
            {
                found ??= reel.Frames;
                return target.Invalid ? throw Failure("capture.selector_invalid", "The selector is none.") : target;
            }

            if (page.Elapsed >= end)
            {
                throw Failure("capture.target_missing", step.Selector is { } selector ? $"Nothing visible matches {selector}." : $"Nothing visible says \"{step.Text}\".");
            }

            await hand.ShootAsync(cancellationToken);
            await travel.ArriveAsync(cancellationToken);
        }
    }

    private Task<Target?> ArrivedAsync(CancellationToken cancellationToken) =>
        page.TryAskAsync<Target>(PageScripts.Locate(step.Selector, step.Text, at: (hand.Place.X, hand.Place.Y)), cancellationToken);

    private async Task<Target?> LocateAsync(bool reveal, bool focus, CancellationToken cancellationToken) =>
        await page.TryAskAsync<Target>(PageScripts.Locate(step.Selector, step.Text, reveal, focus, coming: step.Action != CaptureAction.WaitFor), cancellationToken);

    private void RequireHarmless(ImmutableArray<string> names, string? leads)
    {
        if (!step.AllowDestructive && ScriptGuard.IsDestructive(names))
        {
            throw Failure("capture.destructive_action", "It seems to delete, pay, order, send or sign out; say allowDestructive to let it.");
        }

        if (leads is not null && !ScriptGuard.IsAllowed(leads, settings.Origins))
        {
            throw Failure("capture.origin_not_allowed", "It leads to an origin that is not among the capture's.");
        }
    }

    private Stages.StageException Failure(string code, string detail) => ScriptFailure.Of(number, step.Action, code, detail);
}
