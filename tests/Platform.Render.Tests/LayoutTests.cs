using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Browser;

namespace Platform.Render.Tests;

/// <summary>Text and pictures lie where CSS puts them: each layout as a template and as a page, compared.</summary>
[Trait("Category", "Integration")]
[Collection(RenderHarness.Name)]
public sealed class LayoutTests(RenderHarness harness)
{
    private const int Width = 960, Height = 540;
    private const double Enough = 0.98;

    /// <summary>Name, background, clips (each a track of its own), and the page's body that says the same.</summary>
    public static TheoryData<string, string, string, string> Layouts => new()
    {
        {
            "heading", "#14213d",
            """{"type":"text","text":"Near the limit","anchor":"top-left","x":60,"y":48,"style":{"fontFamily":"Inter","fontSize":72,"fontWeight":800,"letterSpacing":-1.5}}""",
            """<div style="left:60px;top:48px;font:800 72px/1.2 Inter;letter-spacing:-1.5px;white-space:pre">Near the limit</div>"""
        },
        {
            "paragraph, centred", "#0b3d2e",
            """{"type":"text","text":"Every figure is a ratio to a limit that is measured in the same run on the same machine, because nothing else means anything.","width":640,"style":{"fontFamily":"Inter","fontSize":30,"fontWeight":400,"lineHeight":1.6,"textAlign":"center"}}""",
            """<div style="left:160px;top:0;bottom:0;margin:auto 0;height:max-content;width:640px;font:400 30px/1.6 Inter;text-align:center">Every figure is a ratio to a limit that is measured in the same run on the same machine, because nothing else means anything.</div>"""
        },
        {
            "Arabic, wrapped", "#3c1642",
            """{"type":"text","text":"كل ما يُقاس هنا نسبةٌ إلى حدٍّ قيس على الجهاز نفسه في الوقت نفسه","anchor":"top-right","x":-60,"y":60,"width":520,"style":{"fontFamily":"Noto Sans Arabic","fontSize":44,"fontWeight":700,"lineHeight":1.6,"textAlign":"start"}}""",
            """<div dir="rtl" style="right:60px;top:60px;width:520px;font:700 44px/1.6 'Noto Sans Arabic';text-align:start">كل ما يُقاس هنا نسبةٌ إلى حدٍّ قيس على الجهاز نفسه في الوقت نفسه</div>"""
        },
        {
            "Hebrew with Latin and numbers", "#1b263b",
            """{"type":"text","text":"שלום world, מחיר 1,250 ₪","anchor":"top-left","x":80,"y":120,"style":{"fontFamily":"Noto Sans Hebrew, Noto Sans","fontSize":56,"fontWeight":400}}""",
            """<div dir="rtl" style="left:80px;top:120px;font:400 56px/1.2 'Noto Sans Hebrew','Noto Sans';white-space:pre">שלום world, מחיר 1,250 ₪</div>"""
        },
        {
            "Japanese", "#5f0f40",
            """{"type":"text","text":"速さは比で測る。\n同じ機械で、同じ時に。","anchor":"top-left","x":70,"y":100,"style":{"fontFamily":"Noto Sans CJK JP","fontSize":60,"fontWeight":700,"lineHeight":1.5,"lang":"ja"}}""",
            """<div lang="ja" style="left:70px;top:100px;font:700 60px/1.5 'Noto Sans CJK JP';white-space:pre">速さは比で測る。<br>同じ機械で、同じ時に。</div>"""
        },
        {
            "emoji", "#22333b",
            """{"type":"text","text":"Ready 🚀 set 👩🏽‍🚀 go 🇯🇵","anchor":"top-left","x":60,"y":200,"style":{"fontFamily":"Noto Sans","fontSize":64,"fontWeight":700}}""",
            """<div style="left:60px;top:200px;font:700 64px/1.2 'Noto Sans';white-space:pre">Ready 🚀 set 👩🏽‍🚀 go 🇯🇵</div>"""
        },
        {
            "Devanagari and Thai", "#283618",
            """{"type":"text","text":"क्षितिज के पार\nเส้นขอบฟ้า","anchor":"bottom-left","x":60,"y":-60,"style":{"fontFamily":"Noto Sans Devanagari, Noto Sans Thai","fontSize":60,"fontWeight":400,"lineHeight":1.5}}""",
            """<div style="left:60px;bottom:60px;font:400 60px/1.5 'Noto Sans Devanagari','Noto Sans Thai';white-space:pre">क्षितिज के पार<br>เส้นขอบฟ้า</div>"""
        },
        {
            "outline and shadow", "#e9c46a",
            """{"type":"text","text":"Outlined","anchor":"top-left","x":80,"y":160,"style":{"fontFamily":"Inter","fontSize":120,"fontWeight":900,"textStroke":"6px #264653","textShadow":"0 8px 12px rgba(0,0,0,0.5)"}}""",
            """<div style="left:80px;top:160px;font:900 120px/1.2 Inter;white-space:pre;-webkit-text-stroke:12px #264653;paint-order:stroke fill;filter:drop-shadow(0 8px 12px rgba(0,0,0,.5))">Outlined</div>"""
        },
        {
            "button", "#f1faee",
            """{"type":"text","text":"Order today","anchor":"bottom-right","x":-60,"y":-60,"style":{"fontFamily":"Inter","fontSize":40,"fontWeight":600,"background":"#e63946","padding":"24px 48px","borderRadius":44}}""",
            """<div style="right:60px;bottom:60px;font:600 40px/1.2 Inter;white-space:pre;background:#e63946;padding:24px 48px;border-radius:44px">Order today</div>"""
        },
        {
            "picture, shapes and text", "#10151c",
            """
            {"type":"image","src":"library:photo","anchor":"top-left","x":60,"y":60,"width":360,"height":300,"radius":24},
            {"type":"shape","fill":"linear-gradient(90deg, #ff595e 0%, #1982c4 100%)","anchor":"bottom-left","x":60,"y":-60,"width":840,"height":12,"radius":6},
            {"type":"text","text":"Sentences of several lines beside a picture that covers its area","anchor":"top-left","x":470,"y":70,"width":430,"style":{"fontFamily":"EB Garamond","fontSize":54,"fontWeight":400,"fontStyle":"italic","lineHeight":1.2}}
            """,
            """
            <img src="photo.png" style="left:60px;top:60px;width:360px;height:300px;border-radius:24px;object-fit:cover">
            <div style="left:60px;bottom:60px;width:840px;height:12px;border-radius:6px;background:linear-gradient(90deg,#ff595e 0%,#1982c4 100%)"></div>
            <div style="left:470px;top:70px;width:430px;font:italic 400 54px/1.2 'EB Garamond'">Sentences of several lines beside a picture that covers its area</div>
            """
        },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Lies_where_css_puts_it(string name, string background, string clips, string page)
    {
        var photo = await harness.MakeAsync("photo.png", "-f lavfi -i gradients=s=720x480:c0=0x204060:c1=0xe08040:c2=0x30a070:n=3:seed=5:d=1:r=1 -frames:v 1");
        var template = $$"""{"size":{"width":{{Width}},"height":{{Height}}},"fps":24,"duration":0.25,"background":"{{background}}","tracks":[{{Tracks(clips)}}]}""";
        var expected = harness.PathOf("expected.png");
        await File.WriteAllBytesAsync(expected, await ScreenshotAsync(background, page, photo), TestContext.Current.CancellationToken);
        (string, string)[] files = clips.Contains("library:photo", StringComparison.Ordinal) ? [("photo", photo)] : [];

        var still = await harness.RenderedAsync(template, format: "png", files: files);
        var film = await harness.RenderedAsync(template, files: files);

        var (css, ours) = (await PlanesAsync(expected, "format=gbrp", 3), await PlanesAsync(still, "format=gbrp", 3));
        for (var channel = 0; channel < 3; channel++) Near(Ssim(css[channel], ours[channel]), $"{name}, {"GBR"[channel]} of the still");
        var (light, filmed) = (await PlanesAsync(expected, "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,extractplanes=y", 1), await PlanesAsync(film, "extractplanes=y", 1));
        Near(Ssim(light[0], filmed[0]), $"{name}, luma of the film");
    }

    private static void Near(double similarity, string what) =>
        Assert.True(similarity >= Enough, string.Create(CultureInfo.InvariantCulture, $"{what}: SSIM {similarity:0.0000}, not {Enough}."));

    private static string Tracks(string clips) => string.Join(',', JsonDocument.Parse($"[{clips}]").RootElement.EnumerateArray().Select(clip => $$"""{"clips":[{{clip.GetRawText()}}]}"""));

    // The browser that takes the screenshot shares nothing with the one that drew the text but its kind.
    private static async Task<byte[]> ScreenshotAsync(string background, string body, string photo)
    {
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddHtmlLayers().BuildServiceProvider();
        var page = new HtmlPage
        {
            Html = $"<style>html{{background:{background}}}body{{color:#fff;position:relative}}body>*{{position:absolute;margin:0}}</style>{body}",
            Width = Width, Height = Height, FramesPerSecond = 24, Frames = 1, Skip = 3,
            Files = new Dictionary<string, string> { ["photo.png"] = photo },
        };
        await foreach (var picture in services.GetRequiredService<IHtmlLayer>().DrawAsync(page, TestContext.Current.CancellationToken)) return picture!;
        throw new InvalidOperationException("No picture.");
    }

    private async Task<byte[][]> PlanesAsync(string file, string filters, int planes)
    {
        var bytes = await harness.RunAsync(["-i", file, "-vf", filters, "-frames:v", "1", "-f", "rawvideo", "pipe:1"]);
        Assert.Equal(Width * Height * planes, bytes.Length);
        return [.. bytes.Chunk(Width * Height)];
    }

    // The mean over windows of 8×8 pixels, every four pixels (Wang et al. 2004).
    private static double Ssim(byte[] one, byte[] other)
    {
        const double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255, n = 64;
        var (sum, windows) = (0.0, 0);
        for (var top = 0; top + 8 <= Height; top += 4)
            for (var left = 0; left + 8 <= Width; left += 4)
            {
                double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
                for (var y = top; y < top + 8; y++)
                    for (var x = left; x < left + 8; x++)
                    {
                        double p = one[(y * Width) + x], q = other[(y * Width) + x];
                        (a, b, aa, bb, ab) = (a + p, b + q, aa + (p * p), bb + (q * q), ab + (p * q));
                    }

                var (ma, mb) = (a / n, b / n);
                var (va, vb, cov) = ((aa / n) - (ma * ma), (bb / n) - (mb * mb), (ab / n) - (ma * mb));
                sum += ((2 * ma * mb) + c1) * ((2 * cov) + c2) / (((ma * ma) + (mb * mb) + c1) * (va + vb + c2));
                windows++;
            }

        return sum / windows;
    }
}
