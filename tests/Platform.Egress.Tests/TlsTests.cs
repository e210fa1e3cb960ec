using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Platform.Egress.Tests;

public sealed class TlsTests : IAsyncDisposable
{
    private const string Address = "93.184.216.34";
    private readonly FakeInternet _internet = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public async Task Trusts_no_certificate_that_the_system_does_not()
    {
        ServeTls(Certificate("a.example"));
        using var client = _internet.Client();

        var e = await Assert.ThrowsAsync<EgressException>(() => client.DownloadAsync("https://a.example/", _path, 1000, null, default));

        Assert.Equal((EgressCodes.TlsFailed, false), (e.Code, e.Transient));
    }

    [Theory]
    [InlineData("a.example", 30, SslProtocols.Tls12 | SslProtocols.Tls13, null)]
    [InlineData("b.example", 30, SslProtocols.Tls12 | SslProtocols.Tls13, EgressCodes.TlsFailed)]
    [InlineData("a.example", -1, SslProtocols.Tls12 | SslProtocols.Tls13, EgressCodes.TlsFailed)]
#pragma warning disable CA5397, SYSLIB0039 // an old protocol is what this row is about
    [InlineData("a.example", 30, SslProtocols.Tls11, EgressCodes.TlsFailed)]
#pragma warning restore CA5397, SYSLIB0039
    public async Task Accepts_only_a_valid_certificate_for_the_name_by_a_current_protocol(string name, int days, SslProtocols protocols, string? code)
    {
        var certificate = Certificate(name, days);
        ServeTls(certificate, protocols);
        using var client = new EgressClient(_internet.Connector(), TimeProvider.System, (_, given, _, errors) =>
            given is X509Certificate2 seen && OwnRoot(certificate).Build(seen) && errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateChainErrors);

        var e = await Record.ExceptionAsync(() => client.DownloadAsync("https://a.example/", _path, 1000, null, default));

        Assert.Equal(code, (e as EgressException)?.Code);
    }

    [Fact]
    public async Task Refuses_to_be_led_from_https_to_http()
    {
        var certificate = Certificate("a.example");
        ServeTls(certificate, answer: "302 Found\r\nLocation: http://a.example/");
        using var client = new EgressClient(_internet.Connector(), TimeProvider.System, (_, given, _, _) => given?.GetCertHashString() == certificate.GetCertHashString());

        var e = await Assert.ThrowsAsync<EgressException>(() => client.DownloadAsync("https://a.example/", _path, 1000, null, default));

        Assert.Equal(EgressCodes.RedirectBlocked, e.Code);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_path);
        await _internet.DisposeAsync();
    }

    private void ServeTls(X509Certificate2 certificate, SslProtocols protocols = SslProtocols.None, string answer = "200 OK")
    {
        _internet.Name("a.example", Address);
        _internet.At(Address, 443, new LoopbackServer(
            exchange => exchange.AnswerAsync(answer, body: "x"),
            async stream =>
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = protocols });
                return tls;
            }));
    }

    private static X509Certificate2 Certificate(string name, int days = 30)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-60), now.AddDays(days));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private static X509Chain OwnRoot(X509Certificate2 root) => new()
    {
        ChainPolicy =
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificate(root.RawData) },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };
}
