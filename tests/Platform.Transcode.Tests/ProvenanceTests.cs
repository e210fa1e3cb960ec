using System.ComponentModel;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Stages;
using Platform.Transcode.Provenance;

namespace Platform.Transcode.Tests;

/// <summary>A service with a certificate of an authority of its own.</summary>
public sealed class SigningHarness : TranscodeHarness
{
    public string Root => File.ReadAllText(PathOf("root.pem"));

    protected override Dictionary<string, string?> Settings()
    {
        using var authority = Certificates.Authority();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Certificates.Signer(authority, key);
        File.WriteAllText(PathOf("root.pem"), authority.ExportCertificatePem());
        File.WriteAllText(PathOf("signer.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("key.pem"), key.ExportPkcs8PrivateKeyPem());
        return new() { ["Transcode:CertificatePath"] = PathOf("signer.pem"), ["Transcode:KeyPath"] = PathOf("key.pem") };
    }
}

/// <summary>Content credentials as others read them: c2pa-rs, the reference implementation, from npm.</summary>
[Trait("Category", "Integration")]
public sealed class ProvenanceTests(SigningHarness transcode) : IClassFixture<SigningHarness>
{
    private const string Reader = """
        import fs from 'node:fs';
        const c2pa = await import(process.cwd() + '/node_modules/@contentauth/c2pa-wasm/pkg/c2pa.js');
        await c2pa.default({ module_or_path: fs.readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm') });
        const settings = JSON.stringify({ trust: { user_anchors: fs.readFileSync('root.pem', 'utf8') } });
        console.log((await c2pa.WasmReader.fromBytes('video/mp4', new Uint8Array(fs.readFileSync(process.argv[2])), settings)).json());
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tells_other_readers_how_a_film_came_to_be(bool copied)
    {
        await InstallReaderAsync();
        var film = await transcode.FilmAsync("film.mp4", 2);
        var (_, made) = await transcode.MadeAsync(film, p => p with { Provenance = "screenCapture", Fps = copied ? null : 10 }, "@page");

        var report = await ReadAsync(made);
        Assert.Equal("Trusted", report.GetProperty("validation_state").GetString());
        var manifest = report.GetProperty("manifests").GetProperty(report.GetProperty("active_manifest").GetString()!);
        Assert.Equal("Platform", manifest.GetProperty("claim_generator_info")[0].GetProperty("name").GetString());
        var actions = manifest.GetProperty("assertions").EnumerateArray().Single(assertion => assertion.GetProperty("label").GetString() == "c2pa.actions.v2").GetProperty("data").GetProperty("actions");
        Assert.Equal(
            copied ? ["c2pa.created"] : ["c2pa.created", "c2pa.transcoded"],
            actions.EnumerateArray().Select(action => action.GetProperty("action").GetString()!));
        Assert.Equal("http://cv.iptc.org/newscodes/digitalsourcetype/screenCapture", actions[0].GetProperty("digitalSourceType").GetString());

        // still a film, whose samples are found where its tables say
        Assert.Equal(await transcode.PacketsAsync(film, "a"), await transcode.PacketsAsync(made, "a"));
        Assert.Contains(copied ? "nb_read_frames=50" : "nb_read_frames=20", await transcode.EntriesAsync(made, "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_a_film_that_was_changed_afterwards()
    {
        await InstallReaderAsync();
        var (_, made) = await transcode.MadeAsync(await transcode.FilmAsync("film.mp4", 1), p => p with { Provenance = "composite" }, "@page");
        var bytes = await File.ReadAllBytesAsync(made);
        bytes[^500] ^= 1;
        await File.WriteAllBytesAsync(made, bytes);

        var report = await ReadAsync(made);
        Assert.Equal("Invalid", report.GetProperty("validation_state").GetString());
        Assert.Equal("assertion.bmffHash.mismatch", report.GetProperty("validation_status")[0].GetProperty("code").GetString());
    }

    [Fact]
    public void Knows_a_wrong_key_at_the_start()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(transcode.PathOf("other.pem"), other.ExportPkcs8PrivateKeyPem());
        ValidateOptionsResult Validate(string? certificate, string? key) =>
            new TranscodeOptionsValidator().Validate(null, new TranscodeOptions { CertificatePath = certificate, KeyPath = key });

        Assert.True(Validate(null, null).Succeeded);
        Assert.True(Validate(transcode.PathOf("signer.pem"), transcode.PathOf("key.pem")).Succeeded);
        Assert.True(Validate(transcode.PathOf("signer.pem"), transcode.PathOf("other.pem")).Failed);
        Assert.True(Validate(transcode.PathOf("signer.pem"), null).Failed);
        Assert.True(Validate(transcode.PathOf("nothing.pem"), transcode.PathOf("key.pem")).Failed);
    }

    [Theory]
    [InlineData(-2, true)]
    [InlineData(0, false)]
    [InlineData(25, true)]
    public void Signs_only_while_its_certificate_is_valid(int days, bool refuses)
    {
        var options = new TranscodeOptions { CertificatePath = transcode.PathOf("signer.pem"), KeyPath = transcode.PathOf("key.pem") };
        using var signature = new Signature(Options.Create(options), new Clock(TimeProvider.System.GetUtcNow().AddDays(days)));

        var e = Record.Exception(signature.Require);
        Assert.Equal(refuses ? "transcode.certificate_expired" : null, (e as StageException)?.Failure.Code);
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private async Task<JsonElement> ReadAsync(string path) => JsonElement.Parse(Encoding.UTF8.GetString(await transcode.ToolAsync("node", ["read.mjs", path])));

    private async Task InstallReaderAsync()
    {
        try
        {
            await transcode.ToolAsync("npm", ["install", "@contentauth/c2pa-wasm@0.13.3", "--prefix", ".", "--no-audit", "--no-fund", "--silent"]);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            Assert.Skip("npm is not here, or does not reach the reader of content credentials");
        }

        await File.WriteAllTextAsync(transcode.PathOf("read.mjs"), Reader);
    }
}

/// <summary>Certificates as C2PA wants them.</summary>
internal static class Certificates
{
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";

    public static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test Authority, O=Test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(30));
    }

    public static X509Certificate2 Signer(X509Certificate2 authority, ECDsa key)
    {
        var request = new CertificateRequest("CN=Test Signer, O=Test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(EmailProtection)], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        return request.Create(authority, Now.AddDays(-1), Now.AddDays(20), [1, 2, 3, 4, 5, 6, 7, 8]);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
