using System.Collections.Immutable;
using Platform.Ffmpeg;
using Platform.Templates;

namespace Platform.Render.Graphs;

/// <summary>What pictures are made of on their way to the encoder.</summary>
internal enum Surface
{
    /// <summary>4:2:0, as films are encoded.</summary>
    Yuv,

    /// <summary>RGB with an alpha channel, for stills and for films that have one.</summary>
    Rgb,
}

/// <summary>Part of the picture, in pixels; all even.</summary>
internal readonly record struct Area(int X, int Y, int Width, int Height);

/// <summary>What is laid over what in which frames: everything decided, nothing of ffmpeg's syntax yet.</summary>
internal sealed record RenderPlan
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int Fps { get; init; }

    public required int Frames { get; init; }

    public Surface Surface { get; init; }

    /// <summary>Input that is one frame of the background.</summary>
    public required int Background { get; init; }

    /// <summary>The lowest first.</summary>
    public required ImmutableArray<Piece> Pieces { get; init; }
}

/// <summary>Something that is seen in an area for some frames.</summary>
/// <param name="From">First frame.</param>
/// <param name="To">The frame after the last.</param>
/// <param name="Area">Where.</param>
/// <param name="Opaque">Nothing below shines through.</param>
/// <param name="Source">Where its pictures come from.</param>
/// <param name="Blend">How its colours meet those below.</param>
internal sealed record Piece(int From, int To, Area Area, bool Opaque, Source Source, string Blend = "normal")
{
    public int Frames => To - From;
}

internal abstract record Source;

/// <summary>Raw frames that we draw; only those that differ from the one before are there.</summary>
/// <param name="Input">Number of ffmpeg's input.</param>
/// <param name="Changes">Frames of the film that the drawn ones are.</param>
internal sealed record Drawn(int Input, ImmutableArray<int> Changes) : Source;

/// <summary>A film file, as it is or scaled to fit.</summary>
internal sealed record Filmed(int Input, FilmShot Shot) : Source;

/// <summary>One source giving way to another; both have exactly the piece's frames and area.</summary>
/// <param name="Before">What goes.</param>
/// <param name="After">What comes.</param>
/// <param name="Name">One of ffmpeg's transitions.</param>
/// <param name="Easing">Its pace.</param>
/// <param name="Passed">Frames of it that lie before the piece.</param>
/// <param name="Length">Frames of all of it.</param>
internal sealed record Crossed(Source Before, Source After, string Name, Easing Easing, int Passed, int Length) : Source;

/// <summary>What of a film file is shown, and how.</summary>
internal sealed record FilmShot
{
    /// <summary>Whole seconds that reading begins at, so that time stamps stay exact.</summary>
    public required int Seek { get; init; }

    /// <summary>Second of the file that is shown at <see cref="Start"/>.</summary>
    public required double From { get; init; }

    public double Speed { get; init; } = 1;

    /// <summary>Frame of our film that its showing begins at; may lie before the first.</summary>
    public required int Start { get; init; }

    /// <summary>The file's picture.</summary>
    public required VideoStream Picture { get; init; }

    public string Fit { get; init; } = "cover";

    public ChromaKey? ChromaKey { get; init; }
}
