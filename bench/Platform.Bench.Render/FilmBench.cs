using System.Globalization;
using System.Text.Json;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Bench.Render;

/// <summary>
/// One film of ten seconds by everybody: a picture that is slowly zoomed, two texts that come and go, a logo and music; 1280×720, 30 frames a second, H.264 at CRF 18 with
/// the same preset. The limit is the encode of our own frames lying ready, sound included. In turn, round by round; medians, and ratios of medians; beside that of
/// time the ratio of what the processors spend, which tells on a machine that others use too.
/// </summary>
internal sealed class FilmBench(Studio studio)
{
    private const string Template = """
        { "size": { "width": 1280, "height": 720 }, "fps": 30, "duration": 10, "tracks": [
          { "clips": [ { "type": "image", "src": "https://bench.invalid/photo.jpg", "kenBurns": { "from": { "zoom": 1 }, "to": { "zoom": 1.2 }, "easing": "linear" } } ] },
          { "clips": [ { "type": "text", "text": "Near the encoder's limit", "anchor": "top-left", "x": 80, "y": 240, "start": 0.5, "length": 9.1,
            "style": { "fontFamily": "Inter", "fontSize": 84, "fontWeight": 800 }, "enter": { "preset": "rise", "duration": 0.6, "easing": "linear" }, "exit": { "preset": "fade", "duration": 0.6 } } ] },
          { "clips": [ { "type": "text", "text": "Ten seconds, two texts, a logo and music", "anchor": "top-left", "x": 80, "y": 360, "start": 1.2, "length": 8.4,
            "style": { "fontFamily": "Inter", "fontSize": 36, "fontWeight": 400 }, "enter": { "preset": "slide-right", "duration": 0.6, "easing": "linear" }, "exit": { "preset": "fade", "duration": 0.6 } } ] },
          { "clips": [ { "type": "image", "src": "https://bench.invalid/logo.png", "anchor": "top-right", "x": -40, "y": 40, "width": 160, "height": 60 } ] },
          { "clips": [ { "type": "audio", "src": "https://bench.invalid/music.wav", "length": "end" } ] } ] }
        """;

    /// <param name="rounds">Rounds, beside one that warms.</param>
    /// <param name="alone">Without the other renderers.</param>
    /// <param name="only">One of the two presets; null for both.</param>
    public async Task RunAsync(int rounds, bool alone, string? only)
    {
        List<Contestant> others = alone ? [] : [new Remotion(studio), new Editly(studio)];
        foreach (var other in others.ToList())
        {
            if (await other.InstallAsync() is not { } problem) continue;
            Console.WriteLine($"{other.Name} takes no part: {problem}");
            others.Remove(other);
        }

        using var template = JsonDocument.Parse(Template);
        var ready = await ReadyAsync(template.RootElement);
        Console.WriteLine($"{"",-10}{"ours",8}{"limit",8}{"ratio",7}{"processors",12}   {string.Concat(others.Select(other => $"{other.Name,10}{"ratio",7}"))}");
        foreach (var (preset, limit, remotion) in new[] { ("medium", 1.25, 2.1), ("veryfast", 1.7, 4.0) }.Where(row => only is null || row.Item1 == only))
        {
            var encode = new FinalEncode { Settings = new EncodeSettings { Preset = preset, Crf = 18 }, WritesResult = true };
            var (bare, ours, theirs) = (new List<Cost>(), new List<Cost>(), others.ToDictionary(other => other, _ => new List<double>()));
            for (var n = 0; n <= rounds; n++)
            {
                // The first round warms caches, compiler and browsers.
                if (n == 1)
                {
                    bare.Clear();
                    ours.Clear();
                    foreach (var seconds in theirs.Values) seconds.Clear();
                }

                bare.Add(await studio.CostAsync(() => studio.Ffmpeg.RunAsync(Encode(ready, preset), studio.Folder, null, CancellationToken.None)));
                ours.Add(await studio.CostAsync(() => studio.MakeAsync(template.RootElement, encode)));
                foreach (var (other, seconds) in theirs) seconds.Add(await other.RenderAsync(preset));
            }

            var (own, least) = (Studio.Median(ours.Select(cost => cost.Wall)), Studio.Median(bare.Select(cost => cost.Wall)));
            var processors = Studio.Median(ours.Select(cost => cost.Processor)) / Studio.Median(bare.Select(cost => cost.Processor));
            var row = string.Create(CultureInfo.InvariantCulture, $"{preset,-10}{own,7:0.00}s{least,7:0.00}s{own / least,6:0.00}×{processors,11:0.00}×   ");
            row += string.Concat(theirs.Values.Select(seconds => string.Create(CultureInfo.InvariantCulture, $"{Studio.Median(seconds),9:0.00}s{Studio.Median(seconds) / own,6:0.0}×")));
            Console.WriteLine(row + string.Create(CultureInfo.InvariantCulture, $"   (bars: ≤ {limit:0.00} × the limit, Remotion ≥ {remotion:0.0} × as long)"));
        }
    }

    // Our frames without loss, unpacked: the encoder then gets exactly what it gets from us.
    private async Task<string> ReadyAsync(JsonElement template)
    {
        var lossless = await studio.MakeAsync(template, new FinalEncode { Settings = new EncodeSettings { Preset = "ultrafast", Crf = 0 }, WritesResult = true });
        var path = studio.File("ready.yuv");
        await studio.Ffmpeg.RunAsync(
            new FfmpegCommand { Inputs = [new FfmpegInput(lossless)], Outputs = [new FfmpegOutput(path) { Format = "rawvideo", Maps = ["0:v"], Options = ["-pix_fmt", "yuv420p"] }] },
            studio.Folder, null, CancellationToken.None);
        return path;
    }

    private FfmpegCommand Encode(string ready, string preset) => new()
    {
        Inputs =
        [
            new FfmpegInput(ready) { Format = "rawvideo", Options = ["-pix_fmt", "yuv420p", "-s", "1280x720", "-r", "30"] },
            new FfmpegInput(studio.File("music.wav")) { Duration = TimeSpan.FromSeconds(10) },
        ],
        Outputs =
        [
            new FfmpegOutput(studio.File("limit.mp4"))
            {
                Maps = ["0:v", "1:a"],
                Options =
                [
                    "-c:v", "libx264", "-preset", preset, "-crf", "18", "-pix_fmt", "yuv420p", "-g", "60", "-flags", "+cgop", "-c:a", "aac", "-b:a", "192000", "-movflags", "+faststart",
                    "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv",
                ],
            },
        ],
    };
}
