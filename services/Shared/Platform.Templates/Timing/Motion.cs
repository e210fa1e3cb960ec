using System.Numerics;

namespace Platform.Templates;

/// <summary>Where a piece of a clip is in a frame, and how much of it is seen.</summary>
/// <param name="ToFrame">From the piece's own pixels to those of the frame.</param>
/// <param name="Opacity">0 to 1.</param>
/// <param name="Seen">The part of it that is seen, in shares of its size.</param>
public readonly record struct Pose(Matrix3x2 ToFrame, float Opacity, Seen Seen);

/// <summary>A part of a picture, in shares of its width and height.</summary>
public readonly record struct Seen(float Left, float Top, float Right, float Bottom)
{
    public static readonly Seen All = new(0, 0, 1, 1);
}

/// <summary>A part of a clip that moves on its own: its box within the clip, and its number among those of its kind.</summary>
public readonly record struct Unit(float X, float Y, float Width, float Height, int Enters, int Exits);

/// <summary>How a layer moves: a pure function from frames to poses.</summary>
public sealed class Motion
{
    /// <summary>How far a clip rises or drops when it comes, as a share of the frame's height.</summary>
    private const float Rise = 0.05f;

    private readonly Layer _layer;
    private readonly Timeline _timeline;
    private readonly Vector2 _natural;
    private readonly (int Enter, int Exit) _units;

    /// <param name="timeline">The film.</param>
    /// <param name="layer">The layer in it.</param>
    /// <param name="natural">Size in pixels of what is drawn, which the clip's width and height stretch.</param>
    /// <param name="units">How many units enter and leave on their own; 1 for a clip that moves as a whole.</param>
    public Motion(Timeline timeline, Layer layer, Vector2 natural, (int Enter, int Exit)? units = null) => (_timeline, _layer, _natural, _units) = (timeline, layer, natural, units ?? (1, 1));

    private VisualClip Clip => _layer.Visual;

    /// <summary>The size of a clip's area in whole pixels; its canvas's where the clip does not say.</summary>
    public static Vector2 AreaOf(VisualClip clip, Vector2 canvas) => Whole(new((float)(clip.Width?.Of(canvas.X) ?? canvas.X), (float)(clip.Height?.Of(canvas.Y) ?? canvas.Y)));

    /// <summary>The size of what a clip lies in, and what its percents are of: the film's picture, or the area of its innermost group.</summary>
    /// <param name="timeline">The film.</param>
    /// <param name="groups">The groups around it, the innermost first.</param>
    public static Vector2 CanvasOf(Timeline timeline, IEnumerable<Group> groups) =>
        groups.Reverse().Aggregate(new Vector2(timeline.Width, timeline.Height), (canvas, group) => AreaOf(group.Clip, canvas));

    /// <summary>A size in whole pixels, so that what stands still is drawn pixel by pixel.</summary>
    public static Vector2 Whole(Vector2 size) => Vector2.Max(Vector2.One, new(MathF.Round(size.X), MathF.Round(size.Y)));

    /// <summary>Whether anything changes from a frame of the film to the one after it.</summary>
    public bool MovesAt(int frame) =>
        Moves(Clip, _layer.Length, frame - _layer.Start, _units) || _layer.Groups.Any(group => Moves(group.Clip, group.Length, frame - group.Start, (1, 1)));

    /// <summary>Whether a clip is the same in all frames from one to another, counted from its start.</summary>
    internal static bool StandsStill(VisualClip clip, int length, int from, int to)
    {
        // How many units a text has is not known here: what is staggered counts as moving for a while longer than any text would.
        var units = (clip.Enter?.By is null or TextUnit.Block ? 1 : 400, clip.Exit?.By is null or TextUnit.Block ? 1 : 400);
        return clip.Keyframes.Count == 0 && !Moves(clip, length, from, units) && (clip.Exit is null || !Moves(clip, length, to, units));
    }

    private static bool Moves(VisualClip clip, int length, int at, (int Enter, int Exit) units)
    {
        const int fps = 60;     // the most there is: an interval that is too long costs only time
        return clip.Keyframes.Count > 0
            || (clip.Enter is { } enter && at < Span(enter, units.Enter, fps) + 1)
            || (clip.Exit is { } exit && at >= length - Span(exit, units.Exit, fps) - 2)
            || at >= length - 1;
    }

    private static double Span(Animation animation, int units, int fps) => (animation.Duration + (units - 1) * animation.Stagger) * fps + 1;

    /// <summary>The pose of a piece in a frame of the film.</summary>
    /// <param name="frame">Counted from the film's start.</param>
    /// <param name="unit">The piece; its box is in the pixels of the clip.</param>
    public Pose At(int frame, Unit unit)
    {
        var local = frame - _layer.Start;
        var t = (double)local / _timeline.Fps;
        var canvas = CanvasOf(_timeline, _layer.Groups);
        var (ownPose, opacity, box) = Place(Clip, canvas, _natural, t);

        var unitOpacity = 1f;
        var seen = Seen.All;
        var move = Matrix3x2.Identity;
        if (Clip.Enter is { } enter) Apply(enter, Progress(enter, local, unit.Enters), unit, box, ref move, ref unitOpacity, ref seen, 1);
        if (Clip.Exit is { } exit) Apply(exit, Progress(exit, _layer.Length - 1 - local, _units.Exit - 1 - unit.Exits), unit, box, ref move, ref unitOpacity, ref seen, -1);

        var matrix = move * Matrix3x2.CreateTranslation(unit.X, unit.Y) * ownPose;
        opacity *= unitOpacity;
        for (var i = 0; i < _layer.Groups.Count; i++)
        {
            var outer = _layer.Groups[i];
            var around = CanvasOf(_timeline, _layer.Groups.Skip(i + 1));
            var area = AreaOf(outer.Clip, around);
            var at = frame - outer.Start;
            var (pose, shared, place) = Place(outer.Clip, around, area, (double)at / _timeline.Fps);
            var (groupMove, groupOpacity, none) = (Matrix3x2.Identity, 1f, Seen.All);
            var whole = new Unit(0, 0, area.X, area.Y, 0, 0);
            if (outer.Clip.Enter is { } comes) Apply(comes, Progress(comes, at, 0), whole, place, ref groupMove, ref groupOpacity, ref none, 1);
            if (outer.Clip.Exit is { } goes) Apply(goes, Progress(goes, outer.Length - 1 - at, 0), whole, place, ref groupMove, ref groupOpacity, ref none, -1);
            matrix *= groupMove * pose;
            opacity *= shared * groupOpacity;
        }
        return new Pose(matrix, opacity, seen);
    }

    /// <summary>A value of the clip at a time.</summary>
    public double Value(string property, double otherwise, double whole, int frame) => Value(Clip, property, otherwise, whole, (double)(frame - _layer.Start) / _timeline.Fps);

    private static double Value(VisualClip clip, string property, double otherwise, double whole, double t)
    {
        if (!clip.Keyframes.TryGetValue(property, out var points) || points.Count == 0) return otherwise;
        if (t <= points[0].At) return points[0].Value.Of(whole);
        for (var i = 1; i < points.Count; i++)
            if (t < points[i].At)
            {
                var (a, b) = (points[i - 1].Value.Of(whole), points[i].Value.Of(whole));
                return a + (b - a) * points[i].Easing.At((t - points[i - 1].At) / (points[i].At - points[i - 1].At));
            }
        return points[^1].Value.Of(whole);
    }

    // From the clip's pixels to its canvas: stretched to its area, put at its anchor, scaled and turned around its middle.
    private static (Matrix3x2 Pose, float Opacity, (Vector2 Corner, Vector2 Area, Vector2 Canvas) Box) Place(VisualClip clip, Vector2 canvas, Vector2 natural, double t)
    {
        // A text's area is what it is laid out in, not what it is stretched to.
        var area = clip is TextClip ? natural : new Vector2((float)Value(clip, "width", natural.X, canvas.X, t), (float)Value(clip, "height", natural.Y, canvas.Y, t));
        var offset = new Vector2((float)Value(clip, "x", clip.X.Of(canvas.X), canvas.X, t), (float)Value(clip, "y", clip.Y.Of(canvas.Y), canvas.Y, t));
        var share = AnchorOf(clip.Anchor);
        var corner = share * (canvas - area) + offset;
        // What does not move lies on whole pixels: letters stay as sharp as they were drawn.
        if (!clip.Keyframes.ContainsKey("x") && !clip.Keyframes.ContainsKey("y")) corner = new(MathF.Round(corner.X), MathF.Round(corner.Y));
        var scale = (float)Value(clip, "scale", clip.Scale, 1, t);
        var turn = (float)(Value(clip, "rotation", clip.Rotation, 1, t) * Math.PI / 180);
        var opacity = (float)Math.Clamp(Value(clip, "opacity", clip.Opacity, 1, t), 0, 1);
        var pose = Matrix3x2.CreateScale(area / natural);
        if (scale != 1 || turn != 0) pose *= Matrix3x2.CreateTranslation(-area / 2) * Matrix3x2.CreateScale(scale) * Matrix3x2.CreateRotation(turn) * Matrix3x2.CreateTranslation(area / 2);
        return (pose * Matrix3x2.CreateTranslation(corner), opacity, (corner, area, canvas));
    }

    private static Vector2 AnchorOf(string anchor) => new(
        anchor.Contains("left", StringComparison.Ordinal) ? 0 : anchor.Contains("right", StringComparison.Ordinal) ? 1 : 0.5f,
        anchor.Contains("top", StringComparison.Ordinal) ? 0 : anchor.Contains("bottom", StringComparison.Ordinal) ? 1 : 0.5f);

    // 0 while a unit is not there, 1 when it is. The first frame of a move already shows a little of it.
    private double Progress(Animation animation, int frame, int unit)
    {
        var frames = Math.Max(1, animation.Duration * _timeline.Fps);
        var begin = unit * animation.Stagger * _timeline.Fps;
        if (animation.Preset == "typewriter") return frame >= begin ? 1 : 0;
        return Math.Clamp((frame - begin + 1) / (frames + 1), 0, 1);
    }

    private static void Apply(Animation animation, double progress, Unit unit, (Vector2 Corner, Vector2 Area, Vector2 Canvas) box, ref Matrix3x2 move, ref float opacity, ref Seen seen, int sign)
    {
        if (progress >= 1) return;
        var p = (float)(animation.Easing ?? Usual(animation.Preset)).At(progress);
        var fade = (float)Math.Clamp(progress * 1.6, 0, 1);
        var middle = new Vector2(unit.Width, unit.Height) / 2;
        switch (animation.Preset)
        {
            case "fade": opacity *= p; break;
            case "typewriter": opacity *= p; break;
            // A slide comes from outside; its name is the way it moves, and it leaves that way too.
            case "slide-left": Shift((sign > 0 ? box.Canvas.X - box.Corner.X : -(box.Corner.X + box.Area.X)) * (1 - p), 0, ref move); break;
            case "slide-right": Shift((sign > 0 ? -(box.Corner.X + box.Area.X) : box.Canvas.X - box.Corner.X) * (1 - p), 0, ref move); break;
            case "slide-up": Shift(0, (sign > 0 ? box.Canvas.Y - box.Corner.Y : -(box.Corner.Y + box.Area.Y)) * (1 - p), ref move); break;
            case "slide-down": Shift(0, (sign > 0 ? -(box.Corner.Y + box.Area.Y) : box.Canvas.Y - box.Corner.Y) * (1 - p), ref move); break;
            case "rise": opacity *= fade; Shift(0, sign * Rise * box.Canvas.Y * (1 - p), ref move); break;
            case "drop": opacity *= fade; Shift(0, -sign * Rise * box.Canvas.Y * (1 - p), ref move); break;
            case "scale": opacity *= fade; Around(middle, Matrix3x2.CreateScale(Math.Max(p, 0.001f)), ref move); break;
            case "pop": opacity *= fade; Around(middle, Matrix3x2.CreateScale(Math.Max(0.5f + 0.5f * p, 0.001f)), ref move); break;
            case "zoom": opacity *= fade; Around(middle, Matrix3x2.CreateScale(1.35f - 0.35f * p), ref move); break;
            case "spin": opacity *= fade; Around(middle, Matrix3x2.CreateScale(Math.Max(p, 0.001f)) * Matrix3x2.CreateRotation((1 - p) * -MathF.PI / 2 * sign), ref move); break;
            // A wipe uncovers in its direction, and covers again in the same.
            case "wipe-right": seen = sign > 0 ? seen with { Right = p } : seen with { Left = 1 - p }; break;
            case "wipe-left": seen = sign > 0 ? seen with { Left = 1 - p } : seen with { Right = p }; break;
            case "wipe-down": seen = sign > 0 ? seen with { Bottom = p } : seen with { Top = 1 - p }; break;
            case "wipe-up": seen = sign > 0 ? seen with { Top = 1 - p } : seen with { Bottom = p }; break;
        }
    }

    private static void Shift(float x, float y, ref Matrix3x2 move) => move *= Matrix3x2.CreateTranslation(x, y);

    private static void Around(Vector2 middle, Matrix3x2 change, ref Matrix3x2 move) => move = Matrix3x2.CreateTranslation(-middle) * change * Matrix3x2.CreateTranslation(middle) * move;

    private static Easing Usual(string preset) => preset switch
    {
        "fade" => Easing.InOutSine,
        "pop" => Easing.OutBack,
        "wipe-left" or "wipe-right" or "wipe-up" or "wipe-down" => Easing.InOutCubic,
        _ => Easing.OutCubic,
    };
}
