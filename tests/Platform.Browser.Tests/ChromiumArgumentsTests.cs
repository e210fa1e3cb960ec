namespace Platform.Browser.Tests;

public sealed class ChromiumArgumentsTests
{
    private static readonly BrowserSession Session = new() { ProxyServer = new Uri("http://127.0.0.1:4711/"), Scale = 1.5 };

    [Fact]
    public void Leaves_the_sandbox_on_and_the_proxy_as_the_only_way_out()
    {
        var arguments = ChromiumArguments.For(Session, "/tmp/p");

        Assert.DoesNotContain(arguments, argument => argument.Contains("sandbox", StringComparison.Ordinal) || argument.Contains("disable-web-security", StringComparison.Ordinal));
        Assert.Contains("--proxy-server=http://127.0.0.1:4711", arguments);
        Assert.Contains("--proxy-bypass-list=<-loopback>", arguments);
        Assert.Contains("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", arguments);
        Assert.Contains("--force-device-scale-factor=1.5", arguments);
        Assert.Contains("--user-data-dir=/tmp/p", arguments);
        Assert.Equal("about:blank", arguments[^1]);
    }

    [Fact]
    public void Names_every_switch_once() =>
        Assert.Empty(ChromiumArguments.For(Session, "/tmp/p").GroupBy(argument => argument.Split('=')[0]).Where(group => group.Count() > 1).Select(group => group.Key));
}
