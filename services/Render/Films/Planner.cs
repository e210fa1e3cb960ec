using System.Collections.Immutable;
using Platform.Ffmpeg;
using Platform.Render.Drawing;
using Platform.Render.Graphs;
using Platform.Templates;

namespace Platform.Render.Films;

/// <summary>Decides which pieces a film is laid together from, and what each is fed with.</summary>
internal sealed class Planner(Timeline timeline, IReadOnlyList<LayerLook> looks, Surface surface)
{
    /// <summary>Pixels that overlay's vectors take at a time at most, colours' halves included.</summary>
    private const int Grid = 64;

    private readonly List<object> _inputs = [];

    /// <summary>What ffmpeg reads, in order: <see cref="FfmpegInput"/> or <see cref="FrameFeed"/>.</summary>
    public IReadOnlyList<object> Inputs => _inputs;

    /// <param name="background">What is behind everything.</param>
    public RenderPlan Plan(LayerDrawing background)
    {
        _inputs.Add(new FrameFeed(background, Whole, [0], surface, surface == Surface.Yuv, timeline.Fps));
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var leaves = looks.Select((_, index) => looks.FirstOrDefault(look => look.Layer.Crossing?.From == index)?.Layer.Start).ToList();
        foreach (var (look, index) in looks.Select((look, index) => (look, index)))
        {
            var layer = look.Layer;
            var from = layer.Start;
            if (layer.Crossing is { } crossing)
            {
                from = layer.Start + crossing.Frames;
                if (Cut(layer.Start, from) is var (begin, end) && begin < end && Cross(looks[crossing.From], look, crossing, begin, end) is { } crossed) pieces.Add(crossed);
            }
            if (Cut(from, Math.Min(layer.End, leaves[index] ?? layer.End)) is var (first, last) && first < last && Single(look, first, last) is { } piece) pieces.Add(piece);
        }
        return new RenderPlan { Width = timeline.Width, Height = timeline.Height, Fps = timeline.Fps, Frames = timeline.Frames, Surface = surface, Background = 0, Pieces = pieces.ToImmutable() };
    }

    /// <summary>Reads a film file from a whole second on, so that time stamps stay what they are, and a little before what is shown first.</summary>
    public static (FfmpegInput Input, FilmShot Shot) FilmInput(string path, FilmShot shot, int fps, int from, int frames, bool loop)
    {
        var first = shot.From + (double)(from - shot.Start) / fps * shot.Speed;
        var seek = loop ? 0 : Math.Max(0, (int)Math.Floor(first) - 1);
        var input = new FfmpegInput(path)
        {
            Start = seek > 0 ? TimeSpan.FromSeconds(seek) : null,
            Duration = loop ? null : TimeSpan.FromSeconds(Math.Ceiling(frames * shot.Speed / fps) + (first - seek) + 2),
            Options = loop ? ["-an", "-stream_loop", "-1"] : ["-an"],
        };
        return (input, shot with { Seek = seek });
    }

    private Area Whole => new(0, 0, timeline.Width, timeline.Height);

    private (int First, int Last) Cut(int from, int to) => (Math.Max(0, from), Math.Min(timeline.Frames, to));

    private Piece? Single(LayerLook look, int from, int to)
    {
        var clip = look.Layer.Visual;
        if (look.Shot is not null) return new Piece(from, to, look.Area, look.FilmIsOpaque && clip.Blend == "normal", Film(look, from, to), clip.Blend);
        var (changes, area) = Changes(look.Plan, from, to);
        if (area is not { } seen) return null;
        var opaque = look.Plan.IsOpaque;
        return new Piece(from, to, opaque ? Whole : seen, opaque, Feed(look, from, opaque ? Whole : seen, changes, opaque), clip.Blend);
    }

    // Both sides fill the whole picture, transparent where they are not: what ffmpeg's transitions are made for.
    private Piece Cross(LayerLook before, LayerLook after, Crossing crossing, int start, int end)
    {
        var opaque = IsFull(before) && IsFull(after);
        return new Piece(start, end, Whole, opaque, new Crossed(Side(before), Side(after), crossing.Name, crossing.Easing, start - after.Layer.Start, crossing.Frames));

        Source Side(LayerLook look)
        {
            if (look.Shot is not null && look.Area == Whole) return Film(look, start, end);
            return Feed(look, start, Whole, [.. Enumerable.Range(start, end - start)], opaque);
        }
    }

    private static bool IsFull(LayerLook look) => look.Shot is not null ? look.FilmIsOpaque && look.Area == new Area(0, 0, look.Area.Width, look.Area.Height) : look.Plan.IsOpaque;

    private Filmed Film(LayerLook look, int from, int to)
    {
        var (input, shot) = FilmInput(look.Film!, look.Shot!, timeline.Fps, from, to - from, look.Layer.Clip is VideoClip { Loop: true });
        _inputs.Add(input);
        return new Filmed(_inputs.Count - 1, shot);
    }

    private Drawn Feed(LayerLook look, int from, Area area, ImmutableArray<int> changes, bool opaque)
    {
        _inputs.Add(new FrameFeed(look.Open(from), area, changes, surface, opaque, timeline.Fps));
        return new Drawn(_inputs.Count - 1, changes);
    }

    /// <summary>Frames that look other than the one before, and all that is ever touched.</summary>
    private (ImmutableArray<int> Changes, Area? Area) Changes(LayerDrawing drawing, int from, int to)
    {
        var changes = ImmutableArray.CreateBuilder<int>();
        Stroke[]? before = null;
        (int Left, int Top, int Right, int Bottom)? all = null;
        for (var frame = from; frame < to; frame++)
        {
            if (before is not null && !drawing.MayChangeAt(frame) && !drawing.MayChangeAt(frame - 1)) continue;
            var strokes = drawing.StrokesAt(frame);
            if (before is not null && drawing is not MovingDrawing && strokes.AsSpan().SequenceEqual(before) && !Finishing.IsMoving(drawing.Layer.Visual)) continue;
            changes.Add(frame);
            before = strokes;
            if (drawing.Touched(strokes) is { } t) all = all is { } a ? (Math.Min(a.Left, t.Left), Math.Min(a.Top, t.Top), Math.Max(a.Right, t.Right), Math.Max(a.Bottom, t.Bottom)) : t;
        }
        if (all is not { } box) return ([], null);
        // overlay reckons a little otherwise in an area's last row and column, and in what is left over of its vectors: an area whose edges lie on a grid, with nothing
        // in its last row and column, gives the same pixels however large it is. Then a part of a film is equal to the same part of the whole.
        var (left, top) = (box.Left / Grid * Grid, box.Top / 2 * 2);
        var (right, bottom) = (Math.Min(timeline.Width, (box.Right + 2 + Grid - 1) / Grid * Grid), Math.Min(timeline.Height, box.Bottom + 2));
        var holds = Enumerable.Range(1, Math.Max(0, changes.Count - 1)).Count(i => changes[i] != changes[i - 1] + 1);
        return (holds <= RenderGraph.MostHolds ? changes.ToImmutable() : [.. Enumerable.Range(from, to - from)], new Area(left, top, (right - left + 1) / 2 * 2, (bottom - top + 1) / 2 * 2));
    }
}
