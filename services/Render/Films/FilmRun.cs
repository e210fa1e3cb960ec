using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Render.Drawing;
using Platform.Render.Graphs;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Films;

/// <summary>A film to make.</summary>
internal sealed record FilmOrder
{
    public required Timeline Timeline { get; init; }

    /// <summary>Its files, by the value that names them.</summary>
    public required IReadOnlyDictionary<string, Asset> Assets { get; init; }

    public required FilmEncoding Encoding { get; init; }

    /// <summary>Everything is written here.</summary>
    public required string Folder { get; init; }

    /// <summary>Told how far it is, 0 to 1, and what is being done.</summary>
    public Action<double, string?> Report { get; init; } = (_, _) => { };

    /// <summary>Told what the film's owner should know: a code and a sentence.</summary>
    public Action<string, string> Warn { get; init; } = (_, _) => { };
}

/// <summary>Makes films of timelines: one run of ffmpeg, fed with what we draw.</summary>
internal interface IFilms
{
    /// <summary>Makes a film, or its sound, or a still of its first frame, and gives the file's path.</summary>
    /// <exception cref="MediaException">A file cannot be read, or the film not be made.</exception>
    /// <exception cref="StageException">A clip cannot be what it is to be.</exception>
    Task<string> MakeAsync(FilmOrder order, CancellationToken cancellationToken);

    /// <summary>Checks what can be told before anything is drawn, of a film as a whole: that the installed ffmpeg has its transitions.</summary>
    /// <exception cref="StageException">It has not: track and clip are named.</exception>
    Task CheckAsync(Timeline timeline, CancellationToken cancellationToken);
}

internal sealed class Films(IFfmpeg ffmpeg, IInstalledTransitions transitions, LayerLooks looks) : IFilms
{
    public async Task<string> MakeAsync(FilmOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(order, cancellationToken);
        }
        catch (MediaException e) when (order.Encoding.Encoder != FilmEncoding.Software && order.Encoding.Format == "mp4")
        {
            order.Warn("render.encoder_fallback", $"{order.Encoding.Encoder} failed ({e.Code}): the film was encoded in software.");
            return await RunAsync(order with { Encoding = order.Encoding with { Encoder = FilmEncoding.Software } }, cancellationToken);
        }
    }

    private async Task<string> RunAsync(FilmOrder order, CancellationToken cancellationToken)
    {
        var (timeline, encoding) = (order.Timeline, order.Encoding);
        var path = Path.Combine(order.Folder, $"film{encoding.Extension}");
        var sounds = encoding.HasSound ? timeline.Sounds : [];
        if (!encoding.HasPicture && sounds.Count == 0) throw new StageException("render.no_sound", FailureKind.Permanent, "The template has no sound to make a file of.");

        var (chains, inputs, picture) = (new List<FilterChain>(), new List<object>(), (string?)null);
        if (encoding.HasPicture)
        {
            order.Report(0.02, "drawing");
            await CheckAsync(timeline, cancellationToken);      // a part may come to a worker with another ffmpeg than the whole did
            var planner = new Planner(timeline, await looks.PrepareAsync(timeline, order.Assets, order.Folder, cancellationToken), encoding.Surface);
            chains.AddRange(RenderGraph.For(planner.Plan(Background(timeline))).Chains);
            inputs.AddRange(planner.Inputs);
            var (last, label) = encoding.Last(timeline.Fps);
            chains.AddRange(last);
            picture = label;
        }
        if (sounds.Count > 0)
        {
            chains.AddRange(SoundGraph.For(timeline, inputs.Count));
            inputs.AddRange(sounds.Select(sound => SoundInput(sound, order)));
        }

        await FeedAsync(inputs, order, started => new FfmpegCommand
        {
            Inputs = started,
            Graph = new FilterGraph([.. chains]),
            Outputs = [encoding.Output(path, timeline, picture, sounds.Count > 0 ? "sound" : null)],
            Length = timeline.Length,
        }, cancellationToken);
        return path;
    }

    public async Task CheckAsync(Timeline timeline, CancellationToken cancellationToken)
    {
        if (timeline.Layers.All(layer => layer.Crossing is null)) return;
        var installed = await transitions.NamesAsync(cancellationToken);
        if (timeline.Layers.FirstOrDefault(layer => layer.Crossing is { } crossing && !installed.Contains(crossing.Name)) is { } unknown)
            throw new StageException("render.unknown_transition", FailureKind.Permanent, $"{unknown.Label}, transition: the installed ffmpeg has no \"{unknown.Crossing!.Name}\".");
    }

    private async Task FeedAsync(List<object> inputs, FilmOrder order, Func<ImmutableArray<FfmpegInput>, FfmpegCommand> command, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeds = new List<FrameFeed>();
        var started = inputs.Select((input, index) =>
        {
            if (input is not FrameFeed feed) return (FfmpegInput)input;
            feeds.Add(feed);
            return feed.Start(Path.Combine(order.Folder, string.Create(CultureInfo.InvariantCulture, $"feed-{Guid.NewGuid():N}")), ended.Token);
        }).ToImmutableArray();
        Exception? failure = null;
        try
        {
            await ffmpeg.RunAsync(command(started), order.Folder, now => order.Report(0.05 + 0.9 * (now.Share ?? 0), "rendering"), cancellationToken);
        }
        catch (MediaException e) { failure = e; }
        finally
        {
            await ended.CancelAsync();
            foreach (var feed in feeds)
                // What kept a feed from drawing is why ffmpeg had too little: it is the better reason.
                try { await feed.EndAsync(); }
                catch (OperationCanceledException) { }
                catch (Exception e) when (failure is null or MediaException) { failure = e; }
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    private static FfmpegInput SoundInput(Sound sound, FilmOrder order)
    {
        var asset = order.Assets[sound.Src.Text];
        if (asset.Info.Audio is null) throw new StageException("render.asset_without_sound", FailureKind.Permanent, $"{sound.Label}, src: the file has no sound.");
        return new FfmpegInput(asset.Path)
        {
            Start = sound.From > 0 && !sound.Loop ? TimeSpan.FromSeconds(sound.From) : null,
            Duration = sound.Loop ? null : TimeSpan.FromSeconds((double)sound.Length / order.Timeline.Fps * sound.Speed + 1),
            Options = sound.Loop ? ["-vn", "-stream_loop", "-1"] : ["-vn"],
        };
    }

    private static LayerDrawing Background(Timeline timeline)
    {
        var size = new Vector2(timeline.Width, timeline.Height);
        var layer = new Layer { Label = "background", Start = 0, Length = timeline.Frames, Clip = new ColorClip { Color = timeline.Background } };
        var picture = Shapes.Filled(timeline.Width, timeline.Height, Paint.Parse(timeline.Background)!);
        return new LayerDrawing(timeline, layer, size, [new Sprite(picture, new Unit(0, 0, size.X, size.Y, 0, 0))]);
    }
}
