namespace Platform.Egress.Tests;

public sealed class UrlPolicyTests
{
    [Theory]
    [InlineData("https://example.com")]
    [InlineData("http://example.com/")]
    [InlineData("HTTPS://EXAMPLE.COM/A?b=c@d#e")]
    [InlineData("https://example.com?mail=a@b")]
    [InlineData("https://example.com:8443/x")]
    [InlineData("http://example.com:8080/x")]
    [InlineData("https://example.com.")]
    [InlineData("https://sub_domain.example.com/")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://172.15.255.255/")]
    [InlineData("https://172.32.0.0/")]
    [InlineData("https://100.63.255.254/")]
    [InlineData("https://100.128.0.1/")]
    [InlineData("https://[2606:4700::1111]/")]
    [InlineData("https://localhost.example.com/")]
    [InlineData("https://internal.example.com/")]
    [InlineData("https://notlocal/..", UrlPolicy.NotAllowed)]
    public void Accepts_public_web_addresses(string url, string? code = null) => Assert.Equal(code, Codes(url));

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("//127.0.0.1/")]
    [InlineData("gopher://example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("sftp://example.com/")]
    [InlineData("rtmp://example.com/")]
    [InlineData("rtsp://example.com/")]
    [InlineData("srt://example.com/")]
    [InlineData("udp://example.com:80")]
    [InlineData("tcp://example.com:80")]
    [InlineData("unix:/var/run/docker.sock")]
    [InlineData("ipfs://cid")]
    [InlineData("data:text/html,x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("view-source:http://example.com")]
    [InlineData("chrome://settings")]
    [InlineData("blob:http://example.com/1")]
    [InlineData("concat:a|b")]
    public void Refuses_every_scheme_but_http_and_https(string url) => Assert.Equal(UrlPolicy.SchemeNotAllowed, Codes(url));

    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.1")]
    [InlineData("http://2130706433")]
    [InlineData("http://0x7f000001")]
    [InlineData("http://0X7F.1")]
    [InlineData("http://017700000001")]
    [InlineData("http://0177.0.0.1")]
    [InlineData("http://①②⑦.⓪.⓪.①/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://１２７.0.0.1/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://0/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost./")]
    [InlineData("http://LOCALHOST/")]
    [InlineData("http://foo.localhost/")]
    [InlineData("http://printer.local/")]
    [InlineData("http://db.internal/")]
    [InlineData("http://router.home.arpa/")]
    [InlineData("http://intranet/")]
    [InlineData("http://abc.site.invalid/")]
    public void Refuses_hosts_that_are_not_public_in_every_notation(string url) => Assert.Equal(UrlPolicy.NotAllowed, Codes(url));

    [Theory]
    [InlineData("http://example.com@127.0.0.1/", "url_userinfo_not_allowed,url_not_allowed")]
    [InlineData("http://127.0.0.1#@example.com/", "url_userinfo_not_allowed,url_not_allowed")]
    [InlineData("http://u:p@example.com/", "url_userinfo_not_allowed")]
    [InlineData("http://@example.com/", "url_userinfo_not_allowed")]
    [InlineData("http://u:p@10.0.0.1:22/", "url_userinfo_not_allowed,url_port_not_allowed,url_not_allowed")]
    [InlineData("http://example.com:22/", "url_port_not_allowed")]
    [InlineData("http://example.com:25/", "url_port_not_allowed")]
    [InlineData("http://example.com:5672/", "url_port_not_allowed")]
    [InlineData("http://example.com:6379/", "url_port_not_allowed")]
    [InlineData("http://example.com:0/", "url_port_not_allowed")]
    [InlineData("http://example.com:65536/", "url_port_not_allowed")]
    [InlineData("http://example.com:99999999999/", "url_port_not_allowed")]
    [InlineData("http://example.com:-1/", "url_port_not_allowed")]
    [InlineData("http://example.com:８０/", "url_port_not_allowed")]
    [InlineData("http://[::1", "url_port_not_allowed,url_invalid")]
    [InlineData("http://0.0.0.0:5432", "url_port_not_allowed,url_not_allowed")]
    public void Reports_all_problems_of_the_authority_at_once(string url, string codes) => Assert.Equal(codes, Codes(url));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("example.com/x")]
    [InlineData("/etc/passwd")]
    [InlineData("http:example.com")]
    [InlineData("http:/example.com")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData("http://:80/")]
    [InlineData("http://example.com/a b")]
    [InlineData(" http://example.com/")]
    [InlineData("http://example.com/\r\nHost: x")]
    [InlineData("http://exam\tple.com/")]
    [InlineData("http:\\\\example.com\\")]
    [InlineData("http://example.com\\@127.0.0.1/")]
    [InlineData("http://exa\u200bmple.com/")]
    [InlineData("http://\u202eexample.com/")]
    [InlineData("http://%31%32%37.0.0.1/")]
    [InlineData("http://1.2.3.4.5/")]
    [InlineData("http://example.0x/")]
    [InlineData("http://256.256.256.256/")]
    [InlineData("http://[nonsense]/")]
    [InlineData("http://a..example/")]
    [InlineData("http://\ud800.example/")]
    [InlineData("http://exa|mple.com/")]
    public void Refuses_what_parsers_read_differently(string? url) => Assert.Contains(Codes(url), new[] { UrlPolicy.Invalid, UrlPolicy.NotAllowed });

    [Fact]
    public void Measures_length()
    {
        var longest = "https://example.com/".PadRight(UrlPolicy.MaxLength, 'a');

        Assert.Null(Codes(longest));
        Assert.Equal(UrlPolicy.Invalid, Codes(longest + "a"));
    }

    [Theory]
    [InlineData("http://localhost:3000/")]
    [InlineData("http://127.0.0.1:5000/")]
    [InlineData("http://[::1]:5000/")]
    [InlineData("http://192.168.1.20:9000/")]
    [InlineData("http://nas.local/")]
    [InlineData("http://nas/")]
    [InlineData("https://example.com:4443/")]
    public void Opens_private_networks_on_any_port_when_asked(string url)
    {
        Assert.NotNull(Codes(url));
        Assert.Empty(UrlPolicy.Check(url, allowPrivate: true));
    }

    [Theory]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://x.site.invalid/")]
    [InlineData("http://u:p@127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://127.0.0.1:0/")]
    public void Never_opens_metadata_link_local_or_files(string url) => Assert.NotEmpty(UrlPolicy.Check(url, allowPrivate: true));

    [Fact]
    public void Never_repeats_the_url_in_a_problem()
    {
        var details = UrlPolicy.Check("http://user:hunter2@10.0.0.1:22/?token=hunter2").Select(problem => problem.Detail);

        Assert.DoesNotContain(details, detail => detail.Contains("hunter2", StringComparison.Ordinal));
    }

    private static string? Codes(string? url)
    {
        var problems = UrlPolicy.Check(url);
        return problems.IsEmpty ? null : string.Join(",", problems.Select(problem => problem.Code));
    }
}
