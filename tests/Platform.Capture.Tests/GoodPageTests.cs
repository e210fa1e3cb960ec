using Microsoft.Extensions.DependencyInjection;
using Platform.Browser;
using Platform.Capture.Takes;
using Platform.Egress;

namespace Platform.Capture.Tests;

/// <summary>Twenty pages that something could be held against, and nothing should.</summary>
[Trait("Category", "Integration")]
public sealed class GoodPageTests
{
    private const string Long = "<p>" + "A page with enough to say that nobody takes it for a wall. ";

    /// <summary>Pages by what could be held against them; each with what must be found on it.</summary>
    private static readonly Dictionary<string, (string Html, string Heading)> Pages = new()
    {
        ["an article about robot checks"] = ("<title>Verify you are human: how captchas work</title><h1>How captchas work</h1>" + Repeat(Long, 40), "How captchas work"),
        ["a login page that was asked for"] = ("<title>Sign in</title><h1>Sign in</h1><form><input placeholder=Mail><input type=password><button>Sign in</button></form>", "Sign in"),
        ["a contact form with a captcha box"] = ("<h1>Contact us</h1>" + Repeat(Long, 30) + "<form><textarea></textarea><div class=cf-turnstile style='width:300px;height:65px;background:#eee'></div></form>", "Contact us"),
        ["an almost empty page"] = ("<h1>Soon</h1>", "Soon"),
        ["a dark page with one word"] = ("<body style='background:#000;color:#222'><h1>Night</h1>", "Night"),
        ["a page that appears late"] = ("<body><script>setTimeout(() => document.body.innerHTML = '<h1>Here now</h1>', 3000)</script>", "Here now"),
        ["a page drawn by script"] = ("<div id=app></div><script>requestAnimationFrame(() => app.innerHTML = '<h1>Drawn</h1>')</script>", "Drawn"),
        ["one redirect by script"] = ("<script>if (!location.search) location.replace('?there')</script><h1>There</h1>", "There"),
        ["an address that changes on the way"] = ("<h1>Views</h1><script>for (let i = 0; i < 8; i++) history.pushState(0, '', '?view=' + i)</script>", "Views"),
        ["dialogs and pop-ups"] = ("<h1>Hello</h1><script>alert('Hi'); window.open('about:blank'); confirm('Sure?')</script>", "Hello"),
        ["scripts that throw"] = ("<h1>Broken inside</h1><script>throw new Error('x')</script><script>undefinedFunction()</script>", "Broken inside"),
        ["missing pictures and styles"] = ("<link rel=stylesheet href=/none.css><h1>Bare</h1><img src=/none.png><script src=/none.js></script>", "Bare"),
        ["a page as high as a tower"] = ("<h1>Tower</h1><div style='height:30000px;background:linear-gradient(#fff,#00f)'></div>", "Tower"),
        ["an inner scroller"] = ("<body style='margin:0'><div style='height:100vh;overflow:auto'><h1>Inside</h1><div style='height:3000px'></div><h2>Bottom</h2></div>", "Bottom"),
        ["pictures that are lazy"] = ("<h1>Gallery</h1>" + Repeat("<img loading=lazy width=600 height=400 src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='600' height='400'><rect width='600' height='400' fill='red'/></svg>\">", 6), "Gallery"),
        ["a cookie wall in front"] = ("<h1>Behind the wall</h1><div id=wall style='position:fixed;inset:0;background:#fff'>We use cookies and similar. <button>Accept all</button></div>", "Behind the wall"),
        ["endless animation"] = ("<style>@keyframes a{to{transform:rotate(1turn)}}h1{animation:a 1s infinite}</style><h1>Round and round</h1>", "Round and round"),
        ["only a canvas"] = ("<canvas id=c width=800 height=400></canvas><script>const g = c.getContext('2d'); (function f() { g.fillStyle = 'hsl(' + performance.now() / 10 + ' 80% 50%)'; g.fillRect(0, 0, 600, 300); requestAnimationFrame(f) })()</script>", ""),
        ["words in every direction"] = ("<h1 dir=rtl>مرحبا بالعالم</h1><h2>日本語の見出し</h2><p>🎬 access denied is only a word here, so is security check.", "日本語の見出し"),
        ["a title that forges a log line"] = ("<title>" + Repeat("A\u001b[31m\r\nERROR root login", 2000) + "</title><h1>Quiet</h1>", "Quiet"),
    };

    public static TheoryData<string> Names => [.. Pages.Keys];

    [Fact]
    public void Are_twenty() => Assert.Equal(20, Pages.Count);

    [Theory, MemberData(nameof(Names))]
    public async Task Are_not_held_against_their_makers(string name)
    {
        await using var host = await CaptureHost.StartAsync();
        var folder = Directory.CreateDirectory(host.WorkFolder).FullName;
        await using var studio = new Studio(host.Services.GetRequiredService<IBrowserLauncher>(), host.Services.GetRequiredService<GuardedConnector>(), new OnePage(Pages[name].Html), Visitor.Nobody, TimeSpan.FromMinutes(3));
        var request = new PageRequest { Url = new Uri("http://good.site.invalid/" + (name.StartsWith("a login", StringComparison.Ordinal) ? "login" : "")), ViewportWidth = 960, ViewportHeight = 540 };
        var report = await new PageScout(studio, request, 1, new Witness(folder)).VisitAsync(_ => { }, TestContext.Current.CancellationToken);

        if (Pages[name].Heading is { Length: > 0 } heading)
        {
            Assert.Contains(report.Map.Elements, element => element.Kind == PageElementKind.Heading && element.Text == heading);
        }

        Assert.InRange(report.Map.Title.Length, 0, 300);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
