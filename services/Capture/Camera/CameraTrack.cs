using System.Collections.Immutable;
using System.Globalization;
using Platform.Capture.Takes;
using Platform.Contracts;

namespace Platform.Capture.Camera;

/// <summary>Where the camera of one format is at every frame, in CSS pixels of the viewport.</summary>
internal sealed class CameraTrack
{
    private readonly ShotPlan plan;
    private readonly ImmutableArray<CameraMove> moves;

    /// <exception cref="KeyNotFoundException">The plan has no cameras for this format.</exception>
    public CameraTrack(ShotPlan plan, FrameFormat format)
    {
        this.plan = plan;
        Format = format;
        moves = [.. plan.Shots.Select(shot => shot.Cameras[Name(format)])];
    }

    public FrameFormat Format { get; }

    /// <summary>Whether it sees anything but one and the same picture.</summary>
    public bool Moves => moves.Any(move => move.From != moves[0].From || move.To != moves[0].From);

    /// <summary>Everything that it ever sees.</summary>
    public Box Extent => moves.SelectMany(move => new[] { move.From, move.To }).Aggregate((one, other) => one.Union(other));

    /// <summary>Of all that it sees, the narrowest and the widest.</summary>
    public (double Narrowest, double Widest) Widths =>
        (moves.Min(move => Math.Min(move.From.Width, move.To.Width)), moves.Max(move => Math.Max(move.From.Width, move.To.Width)));

    /// <summary>A format as plans and file names call it: its ratio, or its size.</summary>
    public static string Name(FrameFormat format) =>
        FrameFormat.NameOf(format) ?? string.Create(CultureInfo.InvariantCulture, $"{format.Width}x{format.Height}");

    /// <summary>Width over height of a format by its name; null for what is none.</summary>
    public static double? AspectOf(string name) =>
        name.Split(':', 'x') is [var width, var height]
        && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var w) && w > 0
        && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var h) && h > 0
            ? (double)w / h
            : null;

    public Box At(int frame)
    {
        var index = 0;
        while (index + 1 < plan.Shots.Length && plan.Shots[index + 1].Start <= frame)
            index++;

        var shot = plan.Shots[index];
        if (frame < shot.Arrival && index > 0)
            return Between(moves[index - 1].To, moves[index].From, shot.TravelEasing.At((double)(frame - shot.Start) / shot.Travel));
        return Between(moves[index].From, moves[index].To, moves[index].Easing.At((double)(frame - shot.Arrival) / Math.Max(1, shot.End - 1 - shot.Arrival)));
    }

    private static Box Between(Box from, Box to, double share) => new(
        from.X + (to.X - from.X) * share,
        from.Y + (to.Y - from.Y) * share,
        from.Width + (to.Width - from.Width) * share,
        from.Height + (to.Height - from.Height) * share);
}
