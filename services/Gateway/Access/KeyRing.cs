using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Access;

/// <summary>Who a key belongs to, and what it allows.</summary>
/// <param name="Tenant">Owner of all that the key can see.</param>
/// <param name="Scopes">Of <see cref="Access.Scopes.All"/>.</param>
public sealed record KeyHolder(string Tenant, IReadOnlyList<string> Scopes);

/// <summary>Knows the keys.</summary>
public interface IKeyRing
{
    /// <summary>The holder of a key, or null when it opens nothing: malformed, unknown or expired.</summary>
    /// <param name="presented">What the caller sent.</param>
    KeyHolder? Find(string presented);
}

/// <summary>The keys of the configuration.</summary>
internal sealed class ConfiguredKeyRing : IKeyRing
{
    private readonly List<(byte[] Hash, KeyHolder Holder, DateTimeOffset? ExpiresAt)> _keys;
    private readonly TimeProvider _time;

    public ConfiguredKeyRing(IOptions<AccessOptions> options, TimeProvider time)
    {
        _time = time;
        _keys = [.. options.Value.Keys.Select(key => (
            Convert.FromHexString(key.Sha256 ?? ApiKey.Hash(File.ReadAllText(key.File!).Trim())),
            new KeyHolder(key.Tenant, key.Scopes.Count > 0 ? [.. key.Scopes] : [Scopes.Admin]),
            key.ExpiresAt))];
    }

    public KeyHolder? Find(string presented)
    {
        if (!ApiKey.IsWellFormed(presented)) return null;
        var hash = Convert.FromHexString(ApiKey.Hash(presented));
        KeyHolder? found = null;
        foreach (var key in _keys)      // all of them, each in constant time: nothing is learnt from how long it takes
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash) && !(key.ExpiresAt <= _time.GetUtcNow()))
                found = key.Holder;
        return found;
    }
}
