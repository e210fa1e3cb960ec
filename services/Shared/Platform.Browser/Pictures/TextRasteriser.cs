using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Browser;

internal sealed class TextRasteriser(TextBrowsers browsers, IInstalledFonts installed) : ITextRasteriser
{
    private const int MaxCharacters = 20_000;

    public async Task<ImmutableArray<RasterisedText>> RasteriseAsync(IReadOnlyList<TextBlock> blocks, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        if (blocks.Count == 0)
        {
            return [];
        }

        var known = await installed.FamiliesAsync(cancellationToken);
        Refuse([.. blocks.SelectMany((block, index) => Problems(block, index, known))]);

        var browser = await browsers.TakeAsync(cancellationToken);
        var files = blocks.SelectMany(block => block.Fonts).Distinct().ToArray();
        var clean = false;
        try
        {
            browser.Calls++;
            var drawn = await DrawAsync(browser.Page, blocks, files, folder, cancellationToken);
            await browser.Page.ClearAsync(cancellationToken);
            clean = files.Length == 0;
            return drawn;
        }
        finally
        {
            // A browser that has parsed somebody's file draws for nobody else.
            await browsers.ReturnAsync(browser, clean, startAnother: files.Length > 0);
        }
    }

    private static async Task<ImmutableArray<RasterisedText>> DrawAsync(
        TextPage page, IReadOnlyList<TextBlock> blocks, TextFont[] files, string folder, CancellationToken cancellationToken)
    {
        var wrong = (await page.NoColorsAsync([.. blocks.SelectMany(Colors).Distinct()], cancellationToken)).ToHashSet();
        Refuse([.. blocks.SelectMany((block, index) => Colors(block).Where(wrong.Contains).Distinct()
            .Select(color => new TextProblem(index, TextFault.UnknownColor, $"\"{color}\" is no colour.")))]);

        foreach (var file in files)
        {
            if (!await page.AddFontAsync(file, cancellationToken))
            {
                Refuse([.. blocks.Select((block, index) => (block, index)).Where(at => at.block.Fonts.Contains(file))
                    .Select(at => new TextProblem(at.index, TextFault.UnreadableFont, $"The file for the font \"{file.Family}\" is no font that a browser reads."))]);
            }
        }

        var plan = await page.LayOutAsync(blocks, cancellationToken);
        Refuse([.. plan.Blocks.Select((block, index) => (block, index)).Where(at => at.block.TooLarge)
            .Select(at => new TextProblem(at.index, TextFault.TooLarge, $"More than {TextPage.MaxUnits} animated parts, or a part longer than {TextPage.MaxSide} pixels."))]);

        var pieces = plan.Blocks.Select(block => new TextPiece?[block.Pieces!.Length]).ToArray();
        for (var sheet = 0; sheet < plan.Sheets.Length; sheet++)
        {
            var picture = PngPicture.Decode(await page.PictureAsync(sheet, plan.Sheets[sheet], cancellationToken));
            for (var block = 0; block < pieces.Length; block++)
            {
                for (var piece = 0; piece < pieces[block].Length; piece++)
                {
                    if (plan.Blocks[block].Pieces![piece] is var planned && planned.Sheet == sheet)
                    {
                        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"text-{block}-{piece}.png"));
                        pieces[block][piece] = await CutAsync(picture, planned, blocks[block].Unit, path, cancellationToken);
                    }
                }
            }
        }

        return
        [
            .. plan.Blocks.Select((block, index) => new RasterisedText
            {
                Width = block.Width, Height = block.Height, Lines = block.Lines, Pieces = [.. pieces[index].OfType<TextPiece>()],
            }),
        ];
    }

    private static async Task<TextPiece?> CutAsync(PngPicture sheet, PlannedPiece planned, TextUnit unit, string path, CancellationToken cancellationToken)
    {
        if (sheet.Inked(planned.X, planned.Y, planned.Width, planned.Height) is not var (x, y, width, height))
        {
            return null;
        }

        await File.WriteAllBytesAsync(path, sheet.Cut(x, y, width, height), cancellationToken);
        return new TextPiece(path, planned.Left + x - planned.X, planned.Top + y - planned.Y, width, height, planned.Line, planned.Word, planned.Letter)
        {
            IsBackground = planned.Background,
            Text = planned.Text,
        };
    }

    private static IEnumerable<TextProblem> Problems(TextBlock block, int index, ImmutableHashSet<string> known)
    {
        if (block.Text.Length > MaxCharacters)
        {
            yield return new TextProblem(index, TextFault.TooLarge, $"More than {MaxCharacters.ToString("N0", CultureInfo.InvariantCulture)} characters.");
        }

        var families = block.Style.Families;
        if (!families.Any(family => known.Contains(family) || block.Fonts.Any(font => font.Family.Equals(family, StringComparison.OrdinalIgnoreCase))))
        {
            yield return new TextProblem(index, TextFault.UnknownFont, $"No such font: {string.Join(", ", families.Select(family => $"\"{family}\""))}.");
        }
    }

    private static IEnumerable<string> Colors(TextBlock block)
    {
        var style = block.Style;
        TextGradient?[] gradients = [style.Gradient, style.Background?.Gradient];
        string?[] single = [style.Color, style.Outline?.Color, style.Background?.Color];
        return [.. single.OfType<string>(), .. style.Shadows.Select(shadow => shadow.Color), .. gradients.OfType<TextGradient>().SelectMany(g => g.Stops).Select(stop => stop.Color)];
    }

    private static void Refuse(ImmutableArray<TextProblem> problems)
    {
        if (!problems.IsEmpty)
        {
            throw new TextException(problems);
        }
    }
}
