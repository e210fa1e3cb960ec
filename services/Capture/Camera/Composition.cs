using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>How a film is made out of a take.</summary>
/// <param name="Width">Pixels, even.</param>
/// <param name="Height">Pixels, even.</param>
/// <param name="Encode">Null for an intermediate clip.</param>
internal sealed record CompositionSettings(int Width, int Height, FinalEncode? Encode);

/// <summary>Makes the film: the camera moves within the take's frames.</summary>
/// <param name="ffmpeg">Decodes the take and encodes the film.</param>
/// <param name="workspace">The only folder that is written.</param>
internal sealed class Composition(IFfmpeg ffmpeg, string workspace)
{
    /// <param name="take">The take's frames.</param>
    /// <param name="timeline">What they show.</param>
    /// <param name="plan">Where the camera is at every frame.</param>
    /// <param name="settings">What the film is to be.</param>
    /// <param name="path">Where the film is written, in the workspace.</param>
    /// <param name="progress">Share done, about twice a second.</param>
    /// <param name="cancellationToken">Ends it, with all its processes.</param>
    /// <exception cref="MediaException">A file could not be read or made; <c>capture.take_incomplete</c>: the take has fewer frames than the plan.</exception>
    public async Task ComposeAsync(
        string take, Timeline timeline, ShotPlan plan, CompositionSettings settings, string path, Action<double> progress, CancellationToken cancellationToken)
    {
        var film = FilmEncoding.For(settings.Encode);
        PictureSize source = new(timeline.FrameWidth, timeline.FrameHeight), target = new(settings.Width, settings.Height);
        if (Moves(plan))
        {
            await new CameraRun(ffmpeg, workspace, take, timeline, plan, target, film).RunAsync(path, progress, cancellationToken);
            return;
        }

        var command = source == target && film == FilmEncoding.Intermediate && timeline.Frames == plan.Frames ? Copy(take, path) : Whole(take, source, target, plan, film, path);
        await ffmpeg.RunAsync(command with { Length = Length(plan) }, workspace, now => progress((double)now.Frames / plan.Frames), cancellationToken);
    }

    /// <summary>The film's most telling frame as a picture of its full size, of the kind that the path says.</summary>
    public Task ThumbnailAsync(string film, ShotPlan plan, string path, CancellationToken cancellationToken) =>
        new Thumbnail(ffmpeg, workspace).WriteAsync(film, plan, path, cancellationToken);

    internal static TimeSpan Length(ShotPlan plan) => TimeSpan.FromSeconds((double)plan.Frames / plan.Fps);

    private static bool Moves(ShotPlan plan) => plan.Shots.Any(shot => shot.Camera.From != plan.Viewport || shot.Camera.To != plan.Viewport);

    // The take is an intermediate film already.
    private static FfmpegCommand Copy(string take, string path) => new()
    {
        Inputs = [new FfmpegInput(take)],
        Outputs = [new FfmpegOutput(path) { Format = "matroska", Maps = ["0:v:0"], Options = ["-c", "copy"] }],
    };

    // The camera sees everything all the time: nothing to draw.
    private static FfmpegCommand Whole(string take, PictureSize source, PictureSize target, ShotPlan plan, FilmEncoding film, string path) => new()
    {
        Inputs = [new FfmpegInput(take)],
        Graph = new FilterGraph(Filters.Chain("0:v:0", "film", source == target ? [Filters.PixelFormat("yuv420p")] : [Filters.Scale(target.Width, target.Height), Filters.PixelFormat("yuv420p")])),
        Outputs = [film.Output(path, "[film]", plan.Fps, plan.Frames)],
    };
}
