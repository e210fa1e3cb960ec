using System.Collections.Immutable;
using Platform.Browser;
using Platform.Caption.Captions;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Caption.Looks;

/// <summary>Draws words that libass cannot, those with emoji, as pictures that lie over the film while their cue is shown.</summary>
internal sealed class Stickers(ITextRasteriser rasteriser)
{
    /// <summary>So many different ones are drawn in one film: each is an input of ffmpeg.</summary>
    private const int Most = 150;

    /// <summary>Draws the words of these cues that have emoji.</summary>
    /// <exception cref="StageException"><c>caption.emoji_failed</c>, <c>caption.limit_exceeded</c>.</exception>
    public async Task<ImmutableArray<Sticker>> DrawAsync(IEnumerable<PlacedCue> cues, Look look, string folder, CancellationToken cancellationToken)
    {
        var wanted = (from cue in cues from line in cue.Lines from word in line.Words where Scripts.HasEmoji(word.Text) select (Cue: cue, Line: line, Word: word)).ToList();
        if (wanted.Count == 0)
        {
            return [];
        }

        var kinds = wanted.Select(place => (place.Word.Text, place.Cue.Em)).Distinct().ToList();
        var drawn = kinds.Zip(await RasteriseAsync([.. kinds.Select(kind => Block(kind.Text, kind.Em, look))], folder, cancellationToken)).ToDictionary(pair => pair.First, pair => pair.Second);
        var stickers = wanted.Where(place => drawn[(place.Word.Text, place.Cue.Em)].Pieces.Length > 0).Select(place =>
        {
            var picture = drawn[(place.Word.Text, place.Cue.Em)];
            var piece = picture.Pieces[0];
            var comes = look.Animation is CaptionAnimation.Pop or CaptionAnimation.Typewriter ? place.Word.Word.Start : place.Cue.Cue.Start;
            return (piece.Path, X: (int)Math.Round(place.Word.X - (picture.Width / 2.0)) + piece.X, Y: (int)Math.Round(place.Line.Y - (picture.Height / 2.0)) + piece.Y, Time: (comes, place.Cue.Cue.End));
        }).GroupBy(place => (place.Path, place.X, place.Y)).Select(group => new Sticker(group.Key.Path, group.Key.X, group.Key.Y, [.. group.Select(place => place.Time)])).ToImmutableArray();
        return stickers.Length <= Most ? stickers
            : throw new StageException("caption.limit_exceeded", FailureKind.Permanent, $"The captions have emoji in {stickers.Length} different places; {Most} can be drawn. Use burn: \"soft\", or fewer.");
    }

    private async Task<ImmutableArray<RasterisedText>> RasteriseAsync(IReadOnlyList<TextBlock> blocks, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await rasteriser.RasteriseAsync(blocks, folder, cancellationToken);
        }
        catch (Exception e) when (e is TextException or BrowserException)
        {
            throw new StageException("caption.emoji_failed", FailureKind.Transient, $"Words with emoji could not be drawn: {e.Message}", e);
        }
    }

    private static TextBlock Block(string text, double em, Look look) => new(text, new TextStyle
    {
        Families = [look.Font, "Noto Sans", "Noto Color Emoji"],
        Size = em,
        Weight = look.Weight,
        Color = look.Color.ToString(),
        LineHeight = 1.2,
        Outline = look.Outline > 0 && text.Any(char.IsLetterOrDigit) ? new TextOutline(look.Outline * em, look.OutlineColor.ToString()) : null,
    });
}
