using System.Collections.Immutable;
using Platform.Browser;
using Platform.Contracts;

namespace Platform.Capture.Takes;

/// <summary>Whom the page takes us for. Lives in memory only: it is never part of what is hashed, logged or kept.</summary>
internal sealed record Visitor
{
    public static readonly Visitor Nobody = new();

    /// <summary>Sent with every request to the page's own origin.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; private init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<BrowserCookie> Cookies { get; private init; } = [];

    /// <summary>Document start scripts that fill <c>localStorage</c>.</summary>
    public ImmutableArray<string> Storage { get; private init; } = [];

    /// <summary>Values that steps type by name.</summary>
    public IReadOnlyDictionary<string, string> Values { get; private init; } = new Dictionary<string, string>();

    public static Visitor Of(CaptureSecrets? secrets, Uri page) => secrets is null ? Nobody : new()
    {
        Headers = secrets.Headers.ToImmutableSortedDictionary(),
        Cookies = [.. secrets.Cookies.Concat(secrets.StorageState?.Cookies ?? []).Select(cookie => new BrowserCookie(cookie.Name, cookie.Value, cookie.Domain ?? page.Host, cookie.Path)
        {
            Expires = cookie.Expires is > 0 ? cookie.Expires : null,
            HttpOnly = cookie.HttpOnly,
            Secure = cookie.Secure,
            SameSite = cookie.SameSite,
        })],
        Storage = [.. (secrets.StorageState?.Origins ?? []).Select(origin => PageScripts.Storage(origin.Origin, origin.LocalStorage.Select(item => KeyValuePair.Create(item.Name, item.Value))))],
        Values = secrets.Values,
    };

    /// <summary>Never the secrets.</summary>
    public override string ToString() => nameof(Visitor);
}
