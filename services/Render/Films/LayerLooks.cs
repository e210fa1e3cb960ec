using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Platform.Browser;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Pictures;
using Platform.Render.Drawing;
using Platform.Render.Graphs;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Films;

/// <summary>A file that a template names, on this machine.</summary>
internal sealed record Asset(string Path, MediaInfo Info);

/// <summary>What a layer is made of: a film file that goes straight into the graph, or something that we draw.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Shot">The film file; null for what we draw.</param>
/// <param name="Film">Path of the film file.</param>
/// <param name="Open">Opens the drawing for frames from one on; opened for each piece, since pieces are drawn at the same time.</param>
/// <param name="Plan">The same for planning alone: it draws nothing.</param>
internal sealed record LayerLook(Layer Layer, FilmShot? Shot, string? Film, Func<int, LayerDrawing> Open, LayerDrawing Plan)
{
    /// <summary>Where a film file's picture lies.</summary>
    public Area Area { get; init; }

    /// <summary>Whether nothing shines through a film file's picture.</summary>
    public bool FilmIsOpaque { get; init; }
}

/// <summary>Gets the pictures of a film's layers ready.</summary>
internal sealed class LayerLooks(IFfmpeg ffmpeg, Texts texts, IHtmlLayer pages)
{
    private readonly PictureFiles _files = new(ffmpeg);

    /// <summary>Reads pictures and lays out texts.</summary>
    /// <exception cref="StageException">Something is not what its clip needs it to be.</exception>
    public async Task<IReadOnlyList<LayerLook>> PrepareAsync(Timeline timeline, IReadOnlyDictionary<string, Asset> assets, string folder, CancellationToken cancellationToken)
    {
        var masks = await MasksAsync(timeline, assets, folder, cancellationToken);
        var images = timeline.Layers.Where(layer => layer.Clip is ImageClip).ToList();
        var orders = images.Select(layer => Order(timeline, layer, (ImageClip)layer.Clip, AssetOf(assets, layer, ((ImageClip)layer.Clip).Src))).ToList();
        var textLayers = timeline.Layers.Where(layer => layer.Clip is TextClip).ToList();
        var fonts = timeline.Fonts.ToDictionary(font => font.Src.Text, font => assets[font.Src.Text].Path);
        // ffmpeg reads pictures while the browser writes texts.
        var (read, drawn) = (_files.ReadAsync([.. orders.Distinct()], folder, cancellationToken), texts.DrawAsync(timeline, textLayers, fonts, folder, cancellationToken));
        await Task.WhenAll(read, drawn);
        var pictures = orders.Distinct().Zip(await read).ToDictionary(pair => pair.First, pair => pair.Second);
        var written = textLayers.Zip(await drawn).ToDictionary(pair => pair.First, pair => pair.Second);

        var looks = new List<LayerLook>();
        foreach (var (layer, index) in timeline.Layers.Select((layer, index) => (layer, index)))
        {
            looks.Add(layer.Clip switch
            {
                ImageClip => Still(layer, pictures[orders[images.IndexOf(layer)]], Natural(timeline, layer, orders[images.IndexOf(layer)])),
                TextClip => Drawn(layer, written[layer]),
                VideoClip video => Film(timeline, layer, video, AssetOf(assets, layer, video.Src), masks[index], folder),
                HtmlClip html => Page(timeline, layer, html, masks[index]),
                ColorClip color => Painted(layer, (w, h) => Shapes.Filled(w, h, Paint.Parse(color.Color)!)),
                GradientClip gradient => Painted(layer, (w, h) => Shapes.Filled(w, h, Paint.Parse(gradient.Gradient)!)),
                ShapeClip shape => Painted(layer, (w, h) => Shapes.Draw(w, h, shape)),
                _ => throw new InvalidOperationException($"no look for {layer.Clip.GetType().Name}"),
            });

            LayerLook Painted(Layer drawn, Func<int, int, Picture> draw)
            {
                var area = Motion.AreaOf(drawn.Visual, Motion.CanvasOf(timeline, drawn.Groups));
                return Still(drawn, draw((int)area.X, (int)area.Y), area);
            }

            LayerLook Still(Layer drawn, Picture picture, Vector2 natural)
            {
                if (drawn.Visual is { Radius: > 0 } or { Crop: not null } or { Mask: not null })
                {
                    var own = new Picture(picture.Width, picture.Height);       // a picture may be used by several clips
                    picture.Pixels.CopyTo(own.Pixels, 0);
                    Finishing.Apply(own, drawn.Clip is ShapeClip { Shape: "rectangle" } ? drawn.Visual with { Radius = 0 } : drawn.Visual, natural, Sized(masks[index], drawn.Visual, own));
                    picture = own;
                }
                return Drawn(drawn, new LayerDrawing(timeline, drawn, natural, [new Sprite(picture, new Unit(0, 0, natural.X, natural.Y, 0, 0))]));
            }
        }
        return looks;
    }

    private static LayerLook Drawn(Layer layer, LayerDrawing drawing) => new(layer, null, null, _ => drawing, drawing);

    private static Asset AssetOf(IReadOnlyDictionary<string, Asset> assets, Layer layer, Media media)
    {
        var asset = assets[media.Text];
        return asset.Info.Video is not null ? asset : throw new StageException("render.asset_not_a_picture", FailureKind.Permanent, $"{layer.Label}, src: the file has no picture.");
    }

    private LayerLook Film(Timeline timeline, Layer layer, VideoClip clip, Asset asset, Asset? mask, string folder)
    {
        var video = asset.Info.Video!;
        var natural = Motion.AreaOf(clip, Motion.CanvasOf(timeline, layer.Groups));
        if (clip.Width is not null && clip.Height is null) natural.Y = natural.X * video.Height / video.Width;
        if (clip.Height is not null && clip.Width is null) natural.X = natural.Y * video.Width / video.Height;
        var (width, height) = (Even(natural.X), Even(natural.Y));
        var duration = asset.Info.Duration?.TotalSeconds ?? 0;
        if (clip.From > 0 && clip.From >= duration) throw new StageException("render.from_after_end", FailureKind.Permanent, $"{layer.Label}, from: the film is {duration:0.##} s long.");
        var shot = new FilmShot
        {
            Seek = 0, From = clip.From, Speed = clip.Speed, Start = layer.Start, Picture = video, Fit = clip.Fit, ChromaKey = clip.ChromaKey,
        };
        var plan = new LayerDrawing(timeline, layer, new Vector2(width, height), [new Sprite(new Picture(1, 1), new Unit(0, 0, width, height, 0, 0))]);
        var stands = clip is { Enter: null, Exit: null, Opacity: 1, Rotation: 0, Scale: 1, Crop: null, Radius: 0, Mask: null, Keyframes.Count: 0 } && layer.Groups.Count == 0;
        var corner = plan.StrokesAt(layer.Start)[0].ToFrame.Translation;
        if (stands && corner.X >= 0 && corner.Y >= 0 && corner.X + width <= timeline.Width && corner.Y + height <= timeline.Height)
            return new LayerLook(layer, shot, asset.Path, _ => plan, plan)
            {
                Area = new Area((int)corner.X / 2 * 2, (int)corner.Y / 2 * 2, width, height),
                FilmIsOpaque = clip.ChromaKey is null && clip.Fit != "contain" && !video.HasAlpha,
            };

        var moving = new MovingDrawing(timeline, layer, new Picture(width, height), layer.Start, Empty(), null);
        return new LayerLook(layer, null, null, from =>
        {
            var picture = new Picture(width, height);
            var first = Math.Max(from, layer.Start);
            return new MovingDrawing(timeline, layer, picture, first, FramesOf(asset.Path, shot, timeline.Fps, first, layer.End - first, width, height, clip.Loop, folder), Sized(mask, clip, picture));
        }, moving);
    }

    private LayerLook Page(Timeline timeline, Layer layer, HtmlClip clip, Asset? mask)
    {
        var natural = Motion.AreaOf(clip, Motion.CanvasOf(timeline, layer.Groups));
        var (width, height) = (Even(natural.X), Even(natural.Y));
        return new LayerLook(layer, null, null, from =>
        {
            var picture = new Picture(width, height);
            var first = Math.Max(from, layer.Start);
            var page = new HtmlPage { Html = clip.Html, Width = width, Height = height, FramesPerSecond = timeline.Fps, Frames = layer.End - first, Skip = first - layer.Start };
            return new MovingDrawing(timeline, layer, picture, first, Decoded(pages, page), Sized(mask, clip, picture));
        }, new MovingDrawing(timeline, layer, new Picture(width, height), layer.Start, Empty(), null));
    }

    private static async IAsyncEnumerable<byte[]?> Decoded(IHtmlLayer pages, HtmlPage page, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var png in pages.DrawAsync(page, cancellationToken))
            yield return png is null ? null : PngPicture.Decode(png).ToRgba();
    }

    private static async IAsyncEnumerable<byte[]?> Empty()
    {
        await Task.CompletedTask;
        yield break;
    }

    /// <summary>A film file's pictures at our times, as straight RGBA.</summary>
    private async IAsyncEnumerable<byte[]?> FramesOf(
        string path, FilmShot shot, int fps, int first, int count, int width, int height, bool loop, string folder, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var frames = Channel.CreateBounded<byte[]>(2);
        var (input, moved) = Planner.FilmInput(path, shot, fps, first, count, loop);
        var run = Task.Run(async () =>
        {
            try
            {
                await ffmpeg.RunAsync(new FfmpegCommand
                {
                    Inputs = [input],
                    Graph = new FilterGraph([.. FilmChain.Fitted("0:v:0", "out", FilmChain.Timed(moved, fps, first), moved, width, height, Surface.Rgb, [Filters.HoldLast(), Filters.FirstFrames(count)])]),
                    Outputs = [new FfmpegOutput("pipe:1") { Maps = ["[out]"], Format = "rawvideo", Options = ["-pix_fmt", "rgba", "-fps_mode", "passthrough"] }],
                    Output = async (stream, token) =>
                    {
                        while (true)
                        {
                            var frame = new byte[width * height * 4];
                            if (await stream.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, token) < frame.Length) return;
                            await frames.Writer.WriteAsync(frame, token);
                        }
                    },
                }, folder, null, ended.Token);
                frames.Writer.Complete();
            }
            catch (Exception e) { frames.Writer.Complete(e); }      // whoever reads the frames throws it
        }, CancellationToken.None);
        try
        {
            await foreach (var frame in frames.Reader.ReadAllAsync(cancellationToken)) yield return frame;
        }
        finally
        {
            await ended.CancelAsync();
            await run;
        }
    }

    private async Task<Asset?[]> MasksAsync(Timeline timeline, IReadOnlyDictionary<string, Asset> assets, string folder, CancellationToken cancellationToken)
    {
        var found = timeline.Layers.Select(layer => layer.Visual.Mask?.Src is { } src ? AssetOf(assets, layer, src) : null).ToArray();
        foreach (var asset in found.OfType<Asset>().Distinct().Where(asset => !_masks.ContainsKey(asset)))
        {
            var video = asset.Info.Video!;
            _masks[asset] = (await _files.ReadAsync([new PictureOrder(asset.Path, asset.Info, Even(video.Width), Even(video.Height), "fill")], folder, cancellationToken))[0];
        }
        return found;
    }

    private readonly Dictionary<Asset, Picture> _masks = [];

    // A mask's brightness over the clip's whole picture.
    private byte[]? Sized(Asset? mask, VisualClip clip, Picture picture)
    {
        if (clip.Mask?.Shape is { } shape) return Finishing.Shape(shape, picture.Width, picture.Height);
        if (mask is null) return null;
        var source = _masks[mask];
        var sized = new Picture(picture.Width, picture.Height);
        Painter.Draw(source, sized, Matrix3x2.CreateScale((float)picture.Width / source.Width, (float)picture.Height / source.Height));
        var bright = new byte[picture.Width * picture.Height];
        for (var i = 0; i < bright.Length; i++) bright[i] = (byte)((sized.Pixels[i * 4] * 54 + sized.Pixels[i * 4 + 1] * 183 + sized.Pixels[i * 4 + 2] * 19) >> 8);
        return bright;
    }

    // As many pixels as are ever shown, and not more than there are.
    private static PictureOrder Order(Timeline timeline, Layer layer, ImageClip clip, Asset asset)
    {
        var video = asset.Info.Video!;
        var natural = ImageArea(timeline, layer, clip, video);
        double factor = Math.Max(clip.Scale, clip.Keyframes.GetValueOrDefault("scale")?.Max(point => point.Value.Value) ?? 0);
        if (clip.KenBurns is { } move) factor = Math.Min(1.5, Math.Max(move.From.Zoom, move.To.Zoom));       // what the sampler shrinks well
        factor = Math.Clamp(factor, 0.05, Math.Max(1, Math.Min(4, Math.Max(video.Width / natural.X, video.Height / natural.Y))));
        var (width, height) = clip.KenBurns is null ? ((int)Math.Round(natural.X * factor), (int)Math.Round(natural.Y * factor)) : (Even(natural.X * factor), Even(natural.Y * factor));
        return new PictureOrder(asset.Path, asset.Info, Math.Max(2, width), Math.Max(2, height), clip.Fit, clip.ChromaKey);
    }

    private static Vector2 Natural(Timeline timeline, Layer layer, PictureOrder order) => ImageArea(timeline, layer, (ImageClip)layer.Clip, order.Info.Video!);

    private static Vector2 ImageArea(Timeline timeline, Layer layer, ImageClip clip, VideoStream video)
    {
        var area = Motion.AreaOf(clip, Motion.CanvasOf(timeline, layer.Groups));
        if (clip.Width is not null && clip.Height is null) area.Y = area.X * video.Height / video.Width;
        if (clip.Height is not null && clip.Width is null) area.X = area.Y * video.Width / video.Height;
        return Motion.Whole(Vector2.Max(area, new Vector2(2, 2)));
    }

    private static int Even(double length) => Math.Max(2, (int)Math.Round(length / 2) * 2);
}
