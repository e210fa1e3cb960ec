using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using System.Security.Cryptography.X509Certificates;

namespace Platform.Transcode.Provenance;

/// <summary>Signs films with content credentials.</summary>
/// <param name="chain">The certificate that signs, then those that it comes from, the root left out.</param>
/// <param name="key">The first one's key, on the curve P-256.</param>
internal sealed class Credentials(X509Certificate2Collection chain, ECDsa key) : IDisposable
{
    private const int KeyBits = 256;

    /// <summary>COSE's header for a chain of certificates (RFC 9360).</summary>
    private static readonly CoseHeaderLabel Chain = new(33);

    /// <summary>Reads certificate and key; null where there are none.</summary>
    /// <exception cref="CryptographicException">They do not belong together, or are of another kind.</exception>
    /// <exception cref="ArgumentException">One of them is missing, or no PEM.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Credentials? Load(TranscodeOptions options)
    {
        if (options is { CertificatePath: null, KeyPath: null })
        {
            return null;
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(File.ReadAllText(options.CertificatePath ?? throw new ArgumentException("the certificate is missing")));
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(options.KeyPath ?? throw new ArgumentException("the key is missing")));
        if (chain.Count == 0 || key.KeySize != KeyBits || chain[0].GetECDsaPublicKey() is not { } signer || !signer.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
        {
            throw new CryptographicException("the key must be the first certificate's, on the curve P-256");
        }

        return new Credentials(chain, key);
    }

    /// <summary>When what it signs begins and ceases to be valid.</summary>
    public (DateTimeOffset From, DateTimeOffset Until) Validity => (chain[0].NotBefore, chain[0].NotAfter);

    public void Dispose()
    {
        key.Dispose();
        foreach (var certificate in chain)
        {
            certificate.Dispose();
        }
    }

    /// <summary>Copies an MP4 and puts a signed manifest into the copy.</summary>
    /// <exception cref="FormatException">It is no MP4.</exception>
    public async Task SignAsync(string film, string signed, Statement statement, CancellationToken cancellationToken)
    {
        await using var from = File.OpenRead(film);
        await using var to = new FileStream(signed, FileMode.Create, FileAccess.ReadWrite);

        // First with a hash of nothing, to know how much room is needed: offsets, and so the hash, depend on it.
        var room = BmffFile.ManifestBox(Manifest.Write(statement, new byte[SHA256.HashSizeInBytes], Sign));
        var place = await BmffFile.InsertAsync(from, to, room, cancellationToken);
        var box = BmffFile.ManifestBox(Manifest.Write(statement, await BmffFile.HashAsync(to, cancellationToken), Sign));
        if (box.Length != room.Length)
        {
            throw new InvalidOperationException("a manifest's length depends on its hash");
        }

        to.Position = place;
        await to.WriteAsync(box, cancellationToken);
    }

    private byte[] Sign(byte[] claim)
    {
        var headers = new CoseHeaderMap();
        headers.Add(Chain, CoseHeaderValue.FromEncodedValue(EncodedChain()));
        return CoseSign1Message.SignDetached(claim, new CoseSigner(key, HashAlgorithmName.SHA256, headers));
    }

    // One certificate is a byte string, several are a list of them.
    private byte[] EncodedChain()
    {
        var writer = new System.Formats.Cbor.CborWriter();
        if (chain.Count > 1)
        {
            writer.WriteStartArray(chain.Count);
        }

        foreach (var certificate in chain)
        {
            writer.WriteByteString(certificate.RawData);
        }

        if (chain.Count > 1)
        {
            writer.WriteEndArray();
        }

        return writer.Encode();
    }
}
