using Platform.Capture.Takes;
using Platform.Ffmpeg;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>Makes films of a take: a camera moves within its frames, and what belongs to the film is laid over them.</summary>
/// <param name="ffmpeg">Decodes the take and encodes the film.</param>
/// <param name="workspace">The only folder that is written.</param>
internal sealed class Composition(IFfmpeg ffmpeg, string workspace)
{
    /// <summary>Side of the picture that a page's hue is taken from: enough to see it, little to look at.</summary>
    private const int HueSide = 240;

    private readonly TextPictures texts = new(ffmpeg, workspace);

    /// <param name="take">The take's frames.</param>
    /// <param name="timeline">What they show.</param>
    /// <param name="plan">The shots, with a camera for the film's format.</param>
    /// <param name="film">What the film is to be.</param>
    /// <param name="path">Where the film is written, in the workspace.</param>
    /// <param name="progress">Share done, about twice a second.</param>
    /// <param name="cancellationToken">Ends it, with all its processes.</param>
    /// <exception cref="MediaException">A file could not be read or made; <c>capture.take_incomplete</c>: the take has fewer frames than the plan.</exception>
    public async Task ComposeAsync(
        string take, Timeline timeline, ShotPlan plan, FilmSettings film, string path, Action<double> progress, CancellationToken cancellationToken)
    {
        var track = new CameraTrack(plan, film.Format);
        var encoding = FilmEncoding.For(film.Encode);
        Box viewport = new(0, 0, timeline.ViewportWidth, timeline.ViewportHeight);
        var bare = !track.Moves && track.At(0) == viewport && film is { Window.IsNone: true, Logo: null } && timeline is { Actions.IsEmpty: true, Pointer.IsEmpty: true } && plan.Pauses.IsEmpty && plan.Shots.All(shot => shot.Kind != ShotKind.EndCard);
        if (bare)
        {
            PictureSize source = new(timeline.FrameWidth, timeline.FrameHeight);
            var command = source == film.Size && encoding == FilmEncoding.Intermediate && timeline.Frames == plan.Frames
                ? Copy(take, path)
                : Whole(take, source, film.Size, plan, encoding, path);
            await ffmpeg.RunAsync(command with { Length = Length(plan) }, workspace, now => progress((double)now.Frames / plan.Frames), cancellationToken);
            return;
        }

        var scene = await SceneAsync(take, timeline, plan, track, film, cancellationToken);
        var sound = film.Pointer.Sounds ? await PressSounds.WriteAsync(timeline, plan, workspace, cancellationToken) : null;
        await new CameraRun(ffmpeg, workspace, take, plan, track, scene, sound, encoding).RunAsync(path, progress, cancellationToken);
    }

    /// <summary>The film's most telling frame as a picture of its full size, of the kind that the path says.</summary>
    public Task ThumbnailAsync(string film, ShotPlan plan, string path, CancellationToken cancellationToken) =>
        new Thumbnail(ffmpeg, workspace).WriteAsync(film, plan, path, cancellationToken);

    internal static TimeSpan Length(ShotPlan plan) => TimeSpan.FromSeconds((double)plan.FilmFrames / plan.Fps);

    private async Task<Scene> SceneAsync(string take, Timeline timeline, ShotPlan plan, CameraTrack track, FilmSettings film, CancellationToken cancellationToken)
    {
        var source = Scene.SourceFor(timeline, track);
        var card = plan.Shots.FirstOrDefault(shot => shot.Kind == ShotKind.EndCard);
        var desk = Scene.DeskFor(timeline, track, source, film.Window);
        var backdrop = film.Background ?? (desk is null && card is null ? default : await HueAsync(take, plan, cancellationToken));
        desk?.Prepare(backdrop, film.Window.Bar > 0 ? await AddressAsync(timeline, desk, cancellationToken) : null);

        List<ILayer> layers = [];
        if (timeline.Actions.Any(action => action.Kind == "highlight"))
            layers.Add(new HighlightLayer(timeline, film.Size));
        if (film.Pointer.Show && !timeline.Pointer.IsEmpty)
            layers.Add(new PointerLayer(timeline, film.Size, film.Pointer));
        if (film.Pointer.Keys && KeyCaptions.Of(timeline) is { IsEmpty: false } keys)
            layers.Add(await KeyCaptions.LayerAsync(keys, texts, film.Size, plan.Fps, cancellationToken));
        if (film.Logo is { } logo)
        {
            var sprite = await LogoLayer.ReadAsync(ffmpeg, workspace, logo, logo.Place.Size * Math.Min(film.Size.Width, film.Size.Height), cancellationToken);
            layers.Add(new LogoLayer(sprite, film.Size, logo.Place, card?.Start ?? plan.Frames));
        }
        if (card is not null)
            layers.Add(await new EndCards(ffmpeg, workspace, texts).MakeAsync(film.EndCard ?? new CardText(timeline.Title, "", ""), backdrop, film, plan, card, cancellationToken));
        return new Scene(timeline, source, film.Size, desk, [.. layers]);
    }

    private async Task<Sprite?> AddressAsync(Timeline timeline, Desk desk, CancellationToken cancellationToken)
    {
        var box = desk.AddressBox;
        PictureSize size = new((int)box.Width & ~1, (int)box.Height & ~1);
        var text = PageAddress.Of(timeline);
        return text.Length == 0 ? null
            : Sprite.FromCoverage(await texts.CoverageAsync(size, size.Height / 2, [new(text, size.Height * 0.62)], cancellationToken), size, Colour.FromRgb(90, 96, 106));
    }

    private async Task<Backdrop> HueAsync(string take, ShotPlan plan, CancellationToken cancellationToken)
    {
        PictureSize size = new(HueSide, HueSide);
        var frame = new byte[size.Bytes];
        var rest = plan.Shots.FirstOrDefault(shot => shot.Kind == ShotKind.Hero) ?? plan.Shots[0];
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(take) { Start = TimeSpan.FromSeconds((double)Math.Max(0, rest.End - 2) / plan.Fps) }],
                Graph = new FilterGraph(Filters.Chain("0:v:0", "hue", Filters.Scale(HueSide, HueSide), Filters.PixelFormat("yuv420p"))),
                Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo", Maps = ["[hue]"], Options = ["-frames:v", "1"] }],
                Output = async (stream, token) => await stream.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, token),
            },
            workspace, null, cancellationToken);
        return Backdrop.Of(frame, size);
    }

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
