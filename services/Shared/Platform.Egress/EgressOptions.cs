using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace Platform.Egress;

/// <summary>Where users' URLs may lead.</summary>
public sealed class EgressOptions
{
    public const string Section = "Egress";

    /// <summary>Opens loopback and private addresses on any port, for pages and webhooks on one's own machine. Never link-local or metadata addresses.</summary>
    public bool AllowPrivate { get; set; }

    /// <summary>
    /// Our own broker, database, store and API as <c>host:port</c>, never connected to even with <see cref="AllowPrivate"/>.
    /// A loopback or wildcard host stands for every address of this machine.
    /// </summary>
    public IList<string> ForbiddenEndpoints { get; init; } = [];

    /// <summary>Limits on time and size. The defaults are the promised ones; tests shorten them.</summary>
    [ValidateObjectMembers] public EgressLimits Limits { get; init; } = new();
}

/// <summary>Limits of one request to a user's URL.</summary>
public sealed class EgressLimits
{
    /// <summary>Longest wait for the name to be resolved.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")] public TimeSpan Resolve { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for a connection, over all addresses.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")] public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for the answer's headers, connecting included.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")] public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time over which <see cref="MinBytesPerSecond"/> is measured.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")] public TimeSpan SlowWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A download slower than this is given up, bytes per second.</summary>
    [Range(0, int.MaxValue)] public int MinBytesPerSecond { get; init; } = 50_000;

    /// <summary>Files at least this long are fetched by several ranges at once, bytes.</summary>
    [Range(1, long.MaxValue)] public long ParallelFrom { get; init; } = 32L << 20;

    /// <summary>How many ranges at once.</summary>
    [Range(1, 16)] public int Parallel { get; init; } = 4;
}

[OptionsValidator] internal sealed partial class EgressOptionsRules : IValidateOptions<EgressOptions>;

/// <summary>What attributes cannot say: every forbidden endpoint must parse, or it would forbid nothing.</summary>
internal sealed class ForbiddenEndpointRules : IValidateOptions<EgressOptions>
{
    public ValidateOptionsResult Validate(string? name, EgressOptions options)
    {
        var bad = options.ForbiddenEndpoints.Where(text => ForbiddenEndpoint.TryParse(text) is null).ToList();
        return bad.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{EgressOptions.Section}:{nameof(EgressOptions.ForbiddenEndpoints)} must be host:port: {string.Join(", ", bad)}");
    }
}

/// <summary>A host and port of our own that no user's URL may reach.</summary>
internal sealed record ForbiddenEndpoint(string Host, int Port)
{
    public static ForbiddenEndpoint? TryParse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= IPEndPoint.MaxPort
            ? new(text[..colon].Trim('[', ']'), port)
            : null;
    }
}
