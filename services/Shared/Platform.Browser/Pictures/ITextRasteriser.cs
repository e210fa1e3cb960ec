using System.Collections.Immutable;

namespace Platform.Browser;

/// <summary>
/// Lays text out as CSS does (shaping, wrapping, both directions, fallback fonts, colour emoji) and draws it on transparent ground. Text is
/// data: it never becomes markup, and nothing is asked of the network.
/// </summary>
public interface ITextRasteriser
{
    /// <summary>Draws blocks; many at once cost little more than one.</summary>
    /// <param name="blocks">What to draw.</param>
    /// <param name="folder">Where the pictures go; it exists. Names are the rasteriser's, the same for the same place in <paramref name="blocks"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>One for each block, in their order.</returns>
    /// <exception cref="TextException">Some blocks cannot be drawn: all of them are named.</exception>
    /// <exception cref="BrowserException">The browser failed.</exception>
    Task<ImmutableArray<RasterisedText>> RasteriseAsync(IReadOnlyList<TextBlock> blocks, string folder, CancellationToken cancellationToken);
}

/// <summary>A block as it was laid out.</summary>
public sealed record RasterisedText
{
    /// <summary>Of the block's box with its padding, rounded up: what CSS would let it take up. Shadows and overhanging letters may leave it.</summary>
    public required int Width { get; init; }

    /// <summary>Of the block's box with its padding, rounded up.</summary>
    public required int Height { get; init; }

    /// <summary>After wrapping.</summary>
    public required int Lines { get; init; }

    /// <summary>In reading order, the background (if it is apart) first. Drawn over one another at their places they are the block. What shows nothing has no piece.</summary>
    public required ImmutableArray<TextPiece> Pieces { get; init; }
}

/// <summary>A picture, and where it belongs.</summary>
/// <param name="Path">A PNG with straight alpha, cut to what is drawn.</param>
/// <param name="X">Pixels from the block's left edge; negative where something leaves the box.</param>
/// <param name="Y">Pixels from the block's upper edge.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Line">Counted from 0; null for a whole block and for its background.</param>
/// <param name="Word">Counted from 0 over the block; null in larger units.</param>
/// <param name="Letter">Counted from 0 over the block, without spaces; null in larger units.</param>
public sealed record TextPiece(string Path, int X, int Y, int Width, int Height, int? Line, int? Word, int? Letter)
{
    /// <summary>The box behind a block that is cut into units.</summary>
    public bool IsBackground { get; init; }

    /// <summary>What it shows, as written; empty for a background.</summary>
    public string Text { get; init; } = "";
}

public enum TextFault
{
    /// <summary>None of a block's families exists, here or among its files.</summary>
    UnknownFont,

    /// <summary>A font file is none, or the browser does not trust it.</summary>
    UnreadableFont,

    /// <summary>A colour that CSS does not know.</summary>
    UnknownColor,

    /// <summary>More text, more units or more pixels than are drawn in one go.</summary>
    TooLarge,
}

/// <param name="Block">Its index.</param>
/// <param name="Fault">What kind of thing is wrong.</param>
/// <param name="Detail">What is wrong, naming the value: for whoever wrote the block.</param>
public sealed record TextProblem(int Block, TextFault Fault, string Detail);

/// <summary>Blocks that cannot be drawn.</summary>
public sealed class TextException(ImmutableArray<TextProblem> problems)
    : Exception(string.Join(" ", problems.Select(problem => $"Block {problem.Block}: {problem.Detail}")))
{
    public ImmutableArray<TextProblem> Problems { get; } = problems;
}
