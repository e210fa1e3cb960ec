using System.Security.Cryptography;
using System.Text;
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

    private const int MasterKeyBytes = 32;

    private readonly IDataProtector _own;
    private readonly IDataProtector _master;
    private readonly Lazy<byte[]> _masterKey;

    public WebhookSecrets(IDataProtectionProvider protection, IOptions<SecretsOptions> options)
    {
        _own = protection.CreateProtector("webhooks");
        _master = protection.CreateProtector("webhooks.master");
        _masterKey = new(() => ReadOrMake(options.Value.Folder), LazyThreadSafetyMode.PublicationOnly);      // what failed once is tried again
    }

    /// <summary>The secret of <paramref name="tenant"/>, always the same.</summary>
    /// <exception cref="CryptographicException">The master key was written with a key that the ring no longer holds.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public string ForTenant(string tenant) =>
        Prefix + Convert.ToBase64String(HMACSHA256.HashData(_masterKey.Value, Encoding.UTF8.GetBytes($"webhook secret of {tenant}")));

    /// <summary>Encrypts a secret that a job brought along, for its row and its messages.</summary>
    public string Protect(string secret) => _own.Protect(secret);

    /// <summary>Gives back what <see cref="Protect"/> was given.</summary>
    /// <exception cref="CryptographicException">Not ours, changed, or written with a key that the ring no longer holds.</exception>
    public string Unprotect(string protectedSecret) => _own.Unprotect(protectedSecret);

    // Whoever comes first wins: the file appears whole or not at all, and is never replaced.
    private byte[] ReadOrMake(string folder)
    {
        var file = Path.Combine(Secrets.Create(folder).FullName, "webhooks.key");
        if (!File.Exists(file))
        {
            var draft = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(draft, _master.Protect(RandomNumberGenerator.GetBytes(MasterKeyBytes)));
            try
            {
                File.Move(draft, file, overwrite: false);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(draft);
            }
        }
        return _master.Unprotect(File.ReadAllBytes(file));
    }
}
