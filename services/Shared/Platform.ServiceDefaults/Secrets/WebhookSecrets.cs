using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>
/// The secrets that webhooks are signed with, as the Standard Webhooks specification writes them: <c>whsec_</c> and base64. A job may bring its own; else its
/// tenant's counts, which is derived from a master key, so that no row is needed and every process knows it.
/// </summary>
public sealed class WebhookSecrets
{
    /// <summary>What every secret begins with.</summary>
    public const string Prefix = "whsec_";

    private readonly IDataProtector _own;
    private readonly MasterKey _master;

    public WebhookSecrets(IDataProtectionProvider protection, IOptions<SecretsOptions> options) =>
        (_own, _master) = (protection.CreateProtector("webhooks"), new MasterKey(protection, options));

    /// <summary>The secret of <paramref name="tenant"/>, always the same.</summary>
    /// <exception cref="CryptographicException">The master key was written with a key that the ring no longer holds.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public string ForTenant(string tenant) =>
        Prefix + Convert.ToBase64String(_master.Hash($"webhook secret of {tenant}"));

    /// <summary>Encrypts a secret that a job brought along, for its row and its messages.</summary>
    public string Protect(string secret) => _own.Protect(secret);

    /// <summary>Gives back what <see cref="Protect"/> was given.</summary>
    /// <exception cref="CryptographicException">Not ours, changed, or written with a key that the ring no longer holds.</exception>
    public string Unprotect(string protectedSecret) => _own.Unprotect(protectedSecret);
}
