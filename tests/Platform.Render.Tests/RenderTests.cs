namespace Platform.Render.Tests;

[Trait("Category", "Integration")]
public sealed class RenderTests(RenderHarness harness) : IClassFixture<RenderHarness>
{
    [Fact]
    public async Task Lays_colours_shapes_and_pictures_where_they_belong()
    {
        var picture = await harness.MakeAsync("blue.png", "-f lavfi -i color=c=0x0000ff:s=40x20 -frames:v 1");
        var film = await harness.RenderedAsync("""
            {"size":{"width":160,"height":90},"fps":25,"duration":1,"background":"#ff0000","tracks":[
              {"clips":[{"type":"shape","width":40,"height":40,"anchor":"top-left","x":10,"y":10,"fill":"#00ff00"}]},
              {"clips":[{"type":"image","src":"library:blue","width":40,"anchor":"bottom-right","start":0.4,"length":0.4}]}]}
            """, files: ("blue", picture));

        var (early, late) = (await harness.FrameAsync(film, 5, 160, 90), await harness.FrameAsync(film, 12, 160, 90));
        early.Near(80, 45, 255, 0, 0);
        early.Near(30, 30, 0, 255, 0);
        early.Near(140, 80, 255, 0, 0);
        late.Near(140, 80, 0, 0, 255);
        Assert.Equal(25, (await harness.Probe.ProbeAsync(film, CancellationToken.None)).Video!.Frames);
    }
}
