using System.Collections.Immutable;
using System.Numerics;
using Platform.Browser;
using Platform.Contracts;
using Platform.Pictures;
using Platform.Stages;
using Platform.Templates;
using TextUnit = Platform.Templates.TextUnit;

namespace Platform.Render.Drawing;

/// <summary>Turns text clips into sprites: laid out once, a picture per unit that moves by itself.</summary>
internal sealed class Texts(ITextRasteriser rasteriser)
{
    /// <summary>Draws the texts of a film.</summary>
    /// <param name="timeline">The film.</param>
    /// <param name="layers">Its text layers.</param>
    /// <param name="fonts">Paths of the template's font files, by the value that names them.</param>
    /// <param name="folder">Where pictures may lie.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StageException">A font or colour is not there: track, clip and property are named.</exception>
    public async Task<IReadOnlyList<LayerDrawing>> DrawAsync(
        Timeline timeline, IReadOnlyList<Layer> layers, IReadOnlyDictionary<string, string> fonts, string folder, CancellationToken cancellationToken)
    {
        if (layers.Count == 0) return [];
        var files = timeline.Fonts.Select(font => new TextFont(font.Family, fonts[font.Src.Text]) { Weight = font.Weight, Italic = font.Italic }).ToImmutableArray();
        var blocks = layers.Select(layer => BlockOf(timeline, (TextClip)layer.Clip, files)).ToList();
        ImmutableArray<RasterisedText> drawn;
        try { drawn = await rasteriser.RasteriseAsync(blocks, folder, cancellationToken); }
        catch (TextException e)
        {
            var problem = e.Problems[0];
            throw new StageException(
                problem.Fault switch { TextFault.UnknownFont => "render.unknown_font", TextFault.UnreadableFont => "render.font_unreadable", TextFault.UnknownColor => "render.unknown_color", _ => "render.text_too_large" },
                FailureKind.Permanent, string.Join(" ", e.Problems.Select(p => $"{layers[p.Block].Label}, {Property(p.Fault)}: {p.Detail}")), e);
        }
        return [.. layers.Zip(drawn, (layer, text) => Drawing(timeline, layer, text))];
    }

    private static string Property(TextFault fault) => fault switch { TextFault.UnknownFont or TextFault.UnreadableFont => "style/fontFamily", TextFault.UnknownColor => "style", _ => "text" };

    private static LayerDrawing Drawing(Timeline timeline, Layer layer, RasterisedText text)
    {
        var clip = (TextClip)layer.Clip;
        int Turn(TextPiece piece, TextUnit by) => by switch { TextUnit.Line => piece.Line, TextUnit.Word => piece.Word, TextUnit.Letter => piece.Letter, _ => 0 } ?? 0;
        var (enter, exit) = (clip.Enter?.By ?? TextUnit.Block, clip.Exit?.By ?? TextUnit.Block);
        var sprites = text.Pieces.Select(piece => new Sprite(
            Load(piece.Path), new Unit(piece.X, piece.Y, piece.Width, piece.Height, Turn(piece, enter), Turn(piece, exit)))).ToList();
        return new LayerDrawing(timeline, layer, new Vector2(text.Width, text.Height), sprites,
            (1 + sprites.Select(s => s.Unit.Enters).DefaultIfEmpty(0).Max(), 1 + sprites.Select(s => s.Unit.Exits).DefaultIfEmpty(0).Max()));
    }

    private static Picture Load(string path)
    {
        var png = PngPicture.Decode(File.ReadAllBytes(path));
        return Picture.FromStraight(png.Width, png.Height, png.ToRgba());
    }

    private static TextBlock BlockOf(Timeline timeline, TextClip clip, ImmutableArray<TextFont> fonts)
    {
        var unit = (TextUnit)Math.Max((int)(clip.Enter?.By ?? 0), (int)(clip.Exit?.By ?? 0));
        var families = TextStyles.Families(clip);
        return new TextBlock(clip.Text, TextStyles.Of(clip, timeline.Width, timeline.Height))
        {
            Unit = (Platform.Browser.TextUnit)(int)unit,
            Fonts = [.. fonts.Where(font => families.Contains(font.Family, StringComparer.OrdinalIgnoreCase))],
        };
    }
}
