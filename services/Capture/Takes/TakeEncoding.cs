using System.Globalization;
using Platform.Ffmpeg;

namespace Platform.Capture.Takes;

/// <summary>How a take's frames are kept: fast, and near enough to lossless that composition starts from the page itself.</summary>
internal static class TakeEncoding
{
    /// <summary>JPEG pictures, one after another, become H.264 in Matroska: <c>ultrafast</c>, CRF 12, 4:2:0, BT.709 limited range, closed groups of one second.</summary>
    public static FfmpegCommand Command(int fps, string path, Func<Stream, CancellationToken, Task> frames)
    {
        var rate = fps.ToString(CultureInfo.InvariantCulture);
        return new FfmpegCommand
        {
            Inputs = [new FfmpegInput("pipe:0") { Format = "image2pipe", Options = ["-framerate", rate, "-c:v", "mjpeg"] }],
            Input = frames,
            // JPEG is full range with the weights of BT.601; both are said, because defaults depend on the size of the picture. Filter `scale` would leave every grey a step dark and tinted unless told to
            // round accurately, and then takes eight times as long.
            Graph = new FilterGraph(Filters.Chain("0:v", "take", Filters.FullRange601To709())),
            Outputs =
            [
                new FfmpegOutput(path)
                {
                    Format = "matroska",
                    Maps = ["[take]"],
                    Options =
                    [
                        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-g", rate, "-keyint_min", rate, "-sc_threshold", "0", "-flags", "+cgop",
                        "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv", "-fps_mode", "cfr", "-r", rate,
                    ],
                },
            ],
        };
    }

    /// <summary>The take with its timeline inside, as an attachment: one file that composition needs nothing beside.</summary>
    public static FfmpegCommand WithTimeline(string frames, string timeline, string path) => new()
    {
        Inputs = [new FfmpegInput(frames)],
        Outputs =
        [
            new FfmpegOutput(path)
            {
                Format = "matroska",
                Maps = ["0:v"],
                Options = ["-c", "copy", "-attach", timeline, "-metadata:s:t:0", "mimetype=application/json", "-metadata:s:t:0", "filename=timeline.json"],
            },
        ],
    };
}
