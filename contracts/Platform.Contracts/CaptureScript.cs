using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>What a step does.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CaptureAction>))]
public enum CaptureAction { Goto, Click, Type, Press, Hover, ScrollTo, ScrollBy, Focus, WaitFor, Wait, Highlight }

/// <summary>One step of a script. Which fields an action needs and may have: <see cref="CaptureScript"/>.</summary>
public sealed record CaptureStep
{
    [Description("goto (url), click, type (value or secret), press (keys), hover, scrollTo (selector, text or y), scrollBy (y), focus, waitFor, wait (duration), highlight.")]
    public required CaptureAction Action { get; init; }

    [Description("CSS selector of the target; the first visible match counts.")]
    [MinLength(1), MaxLength(1000)]
    public string? Selector { get; init; }

    [Description("What the target says, instead of a selector: its text, label, placeholder or title.")]
    [MinLength(1), MaxLength(300)]
    public string? Text { get; init; }

    [Description("goto: the address, absolute or relative to the page.")]
    [MinLength(1), MaxLength(8192)]
    public string? Url { get; init; }

    [Description("type: what is typed.")]
    [MinLength(1), MaxLength(2000)]
    public string? Value { get; init; }

    [Description("type: the name of a value in secrets.values, typed instead of value and shown as dots.")]
    [MinLength(1), MaxLength(64)]
    public string? Secret { get; init; }

    [Description("press: keys joined by +, such as Enter, Escape or Control+K.")]
    [RegularExpression("^[^+ ]+([+][^+ ]+){0,3}$"), MaxLength(60)]
    public string? Keys { get; init; }

    [Description("scrollTo: CSS pixels from the top of the page; scrollBy: CSS pixels down, or up if negative.")]
    [Range(-20000.0, 20000.0)]
    public double? Y { get; init; }

    [Description("Seconds that the action takes: the pointer's way, the typing, the scroll, the highlight. Left out: as long as a calm hand would.")]
    [Range(0.0, 30.0)]
    public double? Duration { get; init; }

    [Description("Seconds to stay on what it led to.")]
    [Range(0.0, 30.0)]
    public double After { get; init; } = 0.6;

    [Description("Not before this second of the film.")]
    [Range(0.0, 300.0)]
    public double? At { get; init; }

    [Description("Seconds of the page's time until the target must be there.")]
    [Range(0.0, 60.0)]
    public double Timeout { get; init; } = 10;

    [Description("Lets this step press what seems to delete, pay, order, send or sign out. Without it such a step fails the capture.")]
    public bool AllowDestructive { get; init; }
}

/// <summary>Whom a page takes the visitor for.</summary>
public sealed record CaptureSecrets
{
    [Description("Sent with every request to the page's own origin.")]
    [MaxLength(20), KeyPattern("^[A-Za-z0-9-]{1,64}$"), ItemMaxLength(4096)]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    [Description("Set before the first visit.")]
    [MaxLength(100)]
    public IReadOnlyList<CaptureCookie> Cookies { get; init; } = [];

    [Description("What Playwright's storageState() writes: cookies, and localStorage by origin.")]
    public StorageState? StorageState { get; init; }

    [Description("Values that steps type by name.")]
    [MaxLength(20), KeyPattern("^[A-Za-z0-9_-]{1,64}$"), ItemMaxLength(2000)]
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}

/// <summary>A cookie, with the field names of Playwright and of the browsers' exports.</summary>
public sealed record CaptureCookie
{
    [MinLength(1), MaxLength(256)]
    public required string Name { get; init; }

    [MaxLength(4096)]
    public required string Value { get; init; }

    [Description("Left out: the page's own host.")]
    [MinLength(1), MaxLength(253)]
    public string? Domain { get; init; }

    [MaxLength(1024)]
    public string Path { get; init; } = "/";

    [Description("Seconds since 1970; left out or -1: until the browser ends.")]
    public double? Expires { get; init; }

    public bool HttpOnly { get; init; }

    public bool Secure { get; init; }

    [AllowedValues("Strict", "Lax", "None")]
    public string? SameSite { get; init; }
}

/// <summary>Cookies and <c>localStorage</c>, as Playwright keeps a login.</summary>
public sealed record StorageState
{
    [MaxLength(200)]
    public IReadOnlyList<CaptureCookie> Cookies { get; init; } = [];

    [MaxLength(20)]
    public IReadOnlyList<StorageOrigin> Origins { get; init; } = [];
}

/// <summary>One origin's <c>localStorage</c>.</summary>
public sealed record StorageOrigin
{
    [MaxLength(300)]
    public required string Origin { get; init; }

    [MaxLength(200)]
    public IReadOnlyList<StorageItem> LocalStorage { get; init; } = [];
}

/// <summary>One entry of <c>localStorage</c>.</summary>
public sealed record StorageItem
{
    [MaxLength(1024)]
    public required string Name { get; init; }

    [MaxLength(65536)]
    public required string Value { get; init; }
}

/// <summary>The rules of scripts that a schema cannot say. Pure.</summary>
public static class CaptureScript
{
    private static readonly CaptureAction[] NeedTarget = [CaptureAction.Click, CaptureAction.Hover, CaptureAction.Focus, CaptureAction.WaitFor, CaptureAction.Highlight];
    private static readonly CaptureAction[] MayHaveTarget = [.. NeedTarget, CaptureAction.Type, CaptureAction.Press, CaptureAction.ScrollTo];

    /// <summary>What is wrong with a capture's script; pointers begin at the stage.</summary>
    public static IEnumerable<DocumentProblem> Problems(CaptureParameters capture)
    {
        if (capture.Mode == CaptureMode.Script && capture.Steps.Count == 0) yield return new("/steps", "missing_field", "Script mode needs steps.");
        if (capture.Mode != CaptureMode.Script && capture.Steps.Count > 0) yield return new("/steps", "not_allowed", "Only script mode has steps.");
        for (var i = 0; i < capture.Origins.Count; i++)
            if (!IsOrigin(capture.Origins[i])) yield return new($"/origins/{i}", "invalid_format", "Must be scheme and host, such as https://example.com.");
        for (var i = 0; i < capture.Steps.Count; i++)
            foreach (var problem in Problems(capture.Steps[i], capture.Secrets?.Plain)) yield return problem with { Pointer = $"/steps/{i}{problem.Pointer}" };
    }

    private static IEnumerable<DocumentProblem> Problems(CaptureStep step, CaptureSecrets? secrets)
    {
        var (action, target) = (step.Action, step.Selector is not null || step.Text is not null);
        if (step.Selector is not null && step.Text is not null) yield return new("/text", "not_allowed", "Give either selector or text.");
        if (target && !MayHaveTarget.Contains(action)) yield return new(step.Selector is null ? "/text" : "/selector", "not_allowed", $"{Name(action)} has no target.");
        if (!target && NeedTarget.Contains(action)) yield return new("/selector", "missing_field", $"{Name(action)} needs a selector or a text.");
        foreach (var (field, value, owner) in ((string, object?, CaptureAction)[])
            [("url", step.Url, CaptureAction.Goto), ("keys", step.Keys, CaptureAction.Press), ("value", step.Value, CaptureAction.Type), ("secret", step.Secret, CaptureAction.Type)])
        {
            if (value is not null && action != owner) yield return new($"/{field}", "not_allowed", $"Only {Name(owner)} has it.");
            if (value is null && action == owner && field is "url" or "keys") yield return new($"/{field}", "missing_field", "Is required.");
        }
        if (action == CaptureAction.Type && step.Value is null == step.Secret is null) yield return new("/value", "missing_field", "Give either value or secret.");
        if (step.Secret is { } name && secrets?.Values.ContainsKey(name) == false) yield return new("/secret", "unknown_reference", $"There is no value \"{name}\" in secrets.values.");
        if (action == CaptureAction.Wait && step.Duration is null) yield return new("/duration", "missing_field", "Is required.");
        if (action == CaptureAction.ScrollBy && step.Y is null || action == CaptureAction.ScrollTo && step.Y is null == !target)
            yield return new("/y", "missing_field", action == CaptureAction.ScrollBy ? "Is required." : "Give a selector, a text or y.");
        if (step.Y is not null && action is not (CaptureAction.ScrollBy or CaptureAction.ScrollTo)) yield return new("/y", "not_allowed", "Only scrollTo and scrollBy have it.");
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text.TrimEnd('/');

    private static string Name(CaptureAction action) => JsonNamingPolicy.CamelCase.ConvertName(action.ToString());
}
