using System.Globalization;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Capture.Pages;

/// <summary>How a film is made out of a take.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Encode">Null for an intermediate clip.</param>
internal sealed record CompositionSettings(int Width, int Height, FinalEncode? Encode);

/// <summary>Makes the film: the take at the film's size, encoded as its place in the job asks.</summary>
internal sealed class Composition(IFfmpeg ffmpeg, string workspace)
{
    public Task ComposeAsync(string take, Timeline timeline, ShotPlan plan, CompositionSettings settings, string path, Action<double> progress, CancellationToken cancellationToken)
    {
        var length = TimeSpan.FromSeconds((double)plan.Frames / plan.Fps);
        string[] quality = settings.Encode is { } encode
            ? ["-preset", encode.Settings.Preset, "-crf", encode.Settings.Crf.ToString(CultureInfo.InvariantCulture)]
            : ["-preset", "ultrafast", "-crf", "12"];
        var mp4 = settings.Encode?.WritesResult ?? false;
        var command = new FfmpegCommand
        {
            Inputs = [new FfmpegInput(take)],
            Graph = new FilterGraph(Filters.Chain("0:v", "film", Filters.Scale(settings.Width, settings.Height), Filters.PixelFormat("yuv420p"))),
            Outputs =
            [
                new FfmpegOutput(path)
                {
                    Format = mp4 ? "mp4" : "matroska",
                    Maps = ["[film]"],
                    Options =
                    [
                        "-c:v", "libx264", .. quality, "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv",
                        .. mp4 ? (string[])["-movflags", "+faststart"] : [],
                    ],
                },
            ],
            Length = length,
        };
        return ffmpeg.RunAsync(command, workspace, now => progress(now.Time / length), cancellationToken);
    }

    public Task ThumbnailAsync(string film, ShotPlan plan, string path, CancellationToken cancellationToken)
    {
        var hero = plan.Shots.FirstOrDefault(shot => shot.Kind == ShotKind.Hero) ?? plan.Shots[0];
        return ffmpeg.RunAsync(Frames.At(film, TimeSpan.FromSeconds((hero.End - 1.0) / plan.Fps), path), workspace, null, cancellationToken);
    }
}
