using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Ffmpeg;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>A line of a text, to be broken where it is longer than its picture is wide.</summary>
/// <param name="Text">Plain.</param>
/// <param name="Size">Height of its type in pixels.</param>
/// <param name="Bold">Whether it is set in bold.</param>
/// <param name="Opacity">0 to 1.</param>
internal sealed record TextLine(string Text, double Size, bool Bold = false, double Opacity = 1);

/// <summary>Sets text in one colour, by libass: shaped in every script, and without a browser.</summary>
internal sealed class TextPictures(IFfmpeg ffmpeg, string workspace)
{
    /// <summary>Pictures a second: a whole number of the format's hundredths each.</summary>
    private const int Rate = 25;

    private int made;

    /// <summary>How much of each pixel the text covers, lines one below the other, in the middle of the picture.</summary>
    public async Task<byte[]> CoverageAsync(PictureSize size, int margin, ImmutableArray<TextLine> lines, CancellationToken cancellationToken) =>
        (await CoveragesAsync(size, margin, [lines], cancellationToken))[0];

    /// <summary>The same for several texts: one run, a frame for each.</summary>
    public async Task<ImmutableArray<byte[]>> CoveragesAsync(PictureSize size, int margin, ImmutableArray<ImmutableArray<TextLine>> texts, CancellationToken cancellationToken)
    {
        var path = Path.Combine(workspace, string.Create(CultureInfo.InvariantCulture, $"text-{++made}.ass"));
        await File.WriteAllTextAsync(path, Script(size, margin, texts), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        var pictures = ImmutableArray.CreateBuilder<byte[]>(texts.Length);
        var rgb = new byte[size.Width * size.Height * 3];
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(string.Create(CultureInfo.InvariantCulture, $"color=black:s={size.Width}x{size.Height}:r={Rate},format=rgb24")) { Format = "lavfi" }],
                Graph = new FilterGraph(Filters.Chain("0:v", "text", new Filter("ass", ("filename", path)), Filters.PixelFormat("rgb24"))),
                Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo", Maps = ["[text]"], Options = ["-frames:v", texts.Length.ToString(CultureInfo.InvariantCulture)] }],
                Output = async (stream, token) =>
                {
                    while (pictures.Count < texts.Length)
                    {
                        await stream.ReadExactlyAsync(rgb, token);
                        pictures.Add([.. Enumerable.Range(0, size.Width * size.Height).Select(i => rgb[3 * i])]);
                    }
                },
            },
            workspace, null, cancellationToken);
        return pictures.MoveToImmutable();
    }

    internal static string Script(PictureSize size, int margin, ImmutableArray<ImmutableArray<TextLine>> texts) => string.Create(CultureInfo.InvariantCulture, $"""
        [Script Info]
        ScriptType: v4.00+
        PlayResX: {size.Width}
        PlayResY: {size.Height}
        WrapStyle: 0
        [V4+ Styles]
        Format: Name, Fontname, Fontsize, PrimaryColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
        Style: Default,Noto Sans,20,&H00FFFFFF,0,1,0,0,5,{margin},{margin},0,1
        [Events]
        Format: Layer, Start, End, Style, MarginL, MarginR, MarginV, Text
        {string.Join('\n', texts.Select((lines, n) => $"Dialogue: 0,{Time(n)},{Time(n + 1)},Default,0,0,0,{string.Join(@"\N", lines.Select(Line))}"))}

        """);

    private static string Time(int frame) => TimeSpan.FromSeconds((double)frame / Rate).ToString(@"h\:mm\:ss\.ff", CultureInfo.InvariantCulture);

    private static string Line(TextLine line) => string.Create(
        CultureInfo.InvariantCulture, $@"{{\fs{line.Size:0.##}\b{(line.Bold ? 1 : 0)}\alpha&H{(int)Math.Round(255 * (1 - line.Opacity)):X2}&}}{Escape(line.Text)}");

    // A backslash or a brace would begin a command.
    private static string Escape(string text) =>
        string.Concat(text.Where(c => !char.IsControl(c))).Replace(@"\", "\\\u2060", StringComparison.Ordinal).Replace("{", @"\{", StringComparison.Ordinal);
}
