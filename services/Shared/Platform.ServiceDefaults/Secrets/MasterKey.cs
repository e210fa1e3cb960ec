using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>One key that every process which shares the folder knows, and that secrets and keyed hashes are derived from.</summary>
internal sealed class MasterKey
{
    private const int Bytes = 32;
    private readonly IDataProtector _protector;
    private readonly Lazy<byte[]> _key;

    public MasterKey(IDataProtectionProvider protection, IOptions<SecretsOptions> options)
    {
        _protector = protection.CreateProtector("webhooks.master");
        _key = new(() => ReadOrMake(options.Value.Folder), LazyThreadSafetyMode.PublicationOnly);      // what failed once is tried again
    }

    /// <summary>HMAC-SHA-256 of <paramref name="text"/>.</summary>
    /// <exception cref="CryptographicException">The key was written with a key that the ring no longer holds.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public byte[] Hash(string text) => HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(text));

    // Whoever comes first wins: the file appears whole or not at all, and is never replaced.
    private byte[] ReadOrMake(string folder)
    {
        var file = Path.Combine(Secrets.Create(folder).FullName, "webhooks.key");
        if (!File.Exists(file))
        {
            var draft = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(draft, _protector.Protect(RandomNumberGenerator.GetBytes(Bytes)));
            try
            {
                File.Move(draft, file, overwrite: false);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(draft);
            }
        }
        return _protector.Unprotect(File.ReadAllBytes(file));
    }
}
