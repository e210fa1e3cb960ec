using System.Numerics;
using Platform.Pictures;
using Platform.Templates;

namespace Platform.Render.Drawing;

/// <summary>A picture that moves with a layer.</summary>
/// <param name="Picture">Its pixels.</param>
/// <param name="Unit">Its box within the clip, and its turn.</param>
internal sealed record Sprite(Picture Picture, Unit Unit);

/// <summary>What a layer looks like in each frame. One caller at a time, frames in rising order.</summary>
internal class LayerDrawing(Timeline timeline, Layer layer, Vector2 natural, IReadOnlyList<Sprite> sprites, (int Enter, int Exit)? units = null) : IAsyncDisposable
{
    private readonly Motion _motion = new(timeline, layer, natural, units);
    private readonly List<Sprite> _sprites = [.. sprites];

    public Layer Layer => layer;

    /// <summary>The clip's own size in pixels.</summary>
    public Vector2 Natural => natural;

    /// <summary>What the sprites take up together, in the clip's pixels.</summary>
    public Vector2 Inked => _sprites.Count == 0 ? Vector2.Zero : new(
        _sprites.Max(sprite => sprite.Unit.X + sprite.Unit.Width) - _sprites.Min(sprite => sprite.Unit.X), _sprites.Max(sprite => sprite.Unit.Y + sprite.Unit.Height) - _sprites.Min(sprite => sprite.Unit.Y));

    protected Timeline Timeline => timeline;

    /// <summary>The picture of a layer that has only one; a moving source fills it anew for each frame.</summary>
    public Picture Still => _sprites[0].Picture;

    private KenBurns? KenBurns => (layer.Clip as ImageClip)?.KenBurns;

    /// <summary>Whether a frame may look other than the one before it.</summary>
    public virtual bool MayChangeAt(int frame) => KenBurns is not null || _motion.MovesAt(frame);

    /// <summary>Gets what is needed for a frame.</summary>
    public virtual ValueTask PrepareAsync(int frame, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Whether the layer hides all of the picture in every frame, and is a camera's view of one picture.</summary>
    public virtual PictureArea? CameraAt(int frame)
    {
        if (!IsPlain || KenBurns is not { } move || _sprites is not [var sprite]) return null;
        var (x, y, w, h) = ViewAt(move, frame, sprite.Picture.Width, sprite.Picture.Height);
        return new PictureArea(x, y, w, h);
    }

    /// <summary>Whether it fills the picture as it is: nothing turned, moved, faded or cut.</summary>
    public bool IsPlain => layer.Visual is { Enter: null, Exit: null, Opacity: 1, Rotation: 0, Scale: 1, Crop: null, Radius: 0, Blend: "normal", Mask: null, Keyframes.Count: 0 } && layer.Groups.Count == 0
        && natural == new Vector2(timeline.Width, timeline.Height) && layer.Visual.X == Extent.Zero && layer.Visual.Y == Extent.Zero;

    /// <summary>Whether nothing of what is below shines through in any frame.</summary>
    public virtual bool IsOpaque => IsPlain && _sprites is [var only] && only.Picture.IsOpaque;

    /// <summary>Where every sprite is in a frame: two frames with the same are the same.</summary>
    public Stroke[] StrokesAt(int frame)
    {
        var strokes = new Stroke[_sprites.Count];
        for (var i = 0; i < strokes.Length; i++)
        {
            var (picture, unit) = _sprites[i];
            var pose = _motion.At(frame, unit);
            var toUnit = Matrix3x2.CreateScale(unit.Width / picture.Width, unit.Height / picture.Height);
            var (left, top, right, bottom) = (0f, 0f, (float)picture.Width, (float)picture.Height);
            if (KenBurns is { } move)
            {
                var (x, y, w, h) = ViewAt(move, frame, picture.Width, picture.Height);
                toUnit = Matrix3x2.CreateTranslation(-x, -y) * Matrix3x2.CreateScale(unit.Width / w, unit.Height / h);
                (left, top, right, bottom) = (x, y, x + w, y + h);
            }
            var seen = pose.Seen == Seen.All && KenBurns is null
                ? ((float, float, float, float)?)null
                : (left + (right - left) * pose.Seen.Left, top + (bottom - top) * pose.Seen.Top, left + (right - left) * pose.Seen.Right, top + (bottom - top) * pose.Seen.Bottom);
            strokes[i] = new Stroke(toUnit * pose.ToFrame, pose.Opacity, seen);
        }
        return strokes;
    }

    /// <summary>The part of the film's picture that a frame's strokes touch, or null for none.</summary>
    public (int Left, int Top, int Right, int Bottom)? Touched(Stroke[] strokes)
    {
        (int Left, int Top, int Right, int Bottom)? all = null;
        for (var i = 0; i < strokes.Length; i++)
        {
            if (strokes[i].Opacity <= 0) continue;
            var picture = _sprites[i].Picture;
            var (left, top, right, bottom) = strokes[i].Seen is { } seen && KenBurns is not null
                ? Painter.Bounds(Matrix3x2.CreateTranslation(seen.Left, seen.Top) * strokes[i].ToFrame, seen.Right - seen.Left, seen.Bottom - seen.Top, timeline.Width, timeline.Height)
                : Painter.Bounds(strokes[i].ToFrame, picture.Width, picture.Height, timeline.Width, timeline.Height);
            if (left >= right || top >= bottom) continue;
            all = all is { } a ? (Math.Min(a.Left, left), Math.Min(a.Top, top), Math.Max(a.Right, right), Math.Max(a.Bottom, bottom)) : (left, top, right, bottom);
        }
        return all;
    }

    /// <summary>What a frame's strokes would take up in the film's picture if that had no edges, or null for nothing.</summary>
    public (Vector2 Low, Vector2 High)? Reach(Stroke[] strokes)
    {
        (Vector2 Low, Vector2 High)? all = null;
        for (var i = 0; i < strokes.Length; i++)
        {
            if (strokes[i].Opacity <= 0) continue;
            var (width, height) = (_sprites[i].Picture.Width, _sprites[i].Picture.Height);
            foreach (var corner in new[] { Vector2.Zero, new(width, 0), new(0, height), new(width, height) })
            {
                var at = Vector2.Transform(corner, strokes[i].ToFrame);
                all = all is var (low, high) ? (Vector2.Min(low, at), Vector2.Max(high, at)) : (at, at);
            }
        }
        return all;
    }

    /// <summary>Draws a frame's strokes onto a picture whose corner lies at a place of the film's.</summary>
    public void Draw(int frame, Stroke[] strokes, Picture target, int left, int top)
    {
        target.Clear();
        for (var i = 0; i < strokes.Length; i++)
        {
            var stroke = strokes[i];
            var picture = Finishing.IsMoving(layer.Visual) ? Finishing.Finish(_sprites[i].Picture, layer.Visual, timeline, natural, _motion, frame) : _sprites[i].Picture;
            Painter.Draw(picture, target, stroke.ToFrame, stroke.Opacity, stroke.Seen, left, top);
        }
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private (float X, float Y, float Width, float Height) ViewAt(KenBurns move, int frame, float width, float height)
    {
        var e = move.Easing.At((double)(frame - layer.Start) / Math.Max(1, layer.Length - 1));
        // Zoom grows by a factor, not by a step: that looks even.
        var zoom = move.From.Zoom * Math.Pow(move.To.Zoom / move.From.Zoom, e);
        var (w, h) = (width / zoom, height / zoom);
        var x = Math.Clamp((move.From.X + (move.To.X - move.From.X) * e) * width - w / 2, 0, width - w);
        var y = Math.Clamp((move.From.Y + (move.To.Y - move.From.Y) * e) * height - h / 2, 0, height - h);
        return ((float)x, (float)y, (float)w, (float)h);
    }
}

/// <summary>Where and how a sprite is drawn in a frame.</summary>
internal readonly record struct Stroke(Matrix3x2 ToFrame, float Opacity, (float Left, float Top, float Right, float Bottom)? Seen);
