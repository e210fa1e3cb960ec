using Microsoft.Extensions.DependencyInjection;
using Platform.Browser;
using Platform.Capture.Takes;
using Platform.Egress;

namespace Platform.Capture.Tests;

/// <summary>What a page's map tells a director of parts that must not be cut.</summary>
[Trait("Category", "Integration")]
public sealed class PageMapTests
{
    private const string Site = """
        <!doctype html><style>body{margin:0} nav{position:fixed;top:0;left:0;right:0;height:100px;background:#234} nav.low{height:60px} section{height:900px;padding-top:200px}</style>
        <nav id=nav><a href=/>Name</a></nav><script>addEventListener('scroll', () => nav.classList.toggle('low', scrollY > 0))</script>
        <section><h1>Write to us</h1><form><input placeholder="Your name" style="width:300px;height:40px"><textarea style="width:400px;height:120px">Typed before</textarea><input type=checkbox></form></section>
        <section><h2>Prices</h2><table style="width:800px"><tr><td>One<td>1<tr><td>Two<td>2</table></section>
        """;

    [Fact]
    public async Task Knows_the_bar_on_top_as_it_is_at_first_and_as_it_stays_and_fields_and_tables()
    {
        await using var host = await CaptureHost.StartAsync();
        var folder = Directory.CreateDirectory(host.WorkFolder).FullName;
        await using var studio = new Studio(host.Services.GetRequiredService<IBrowserLauncher>(), host.Services.GetRequiredService<GuardedConnector>(), new OnePage(Site), Visitor.Nobody, TimeSpan.FromMinutes(3));
        var request = new PageRequest { Url = new Uri("http://map.site.invalid/"), ViewportWidth = 960, ViewportHeight = 540 };
        var map = (await new PageScout(studio, request, 1, new Witness(folder)).VisitAsync(_ => { }, TestContext.Current.CancellationToken)).Map;

        Assert.Equal([(false, 100.0), (true, 60.0)], map.Elements.Where(e => e.Kind == PageElementKind.Bar).Select(e => (e.Fixed, e.Box.Bottom)).Order());
        Assert.Equal([(308.0, "Your name"), (406.0, "")], map.Elements.Where(e => e.Kind == PageElementKind.Field).Select(e => (Math.Round(e.Box.Width), e.Text)).Order());
        Assert.Equal(800, Assert.Single(map.Elements, e => e.Kind == PageElementKind.Table).Box.Width);
    }
}
