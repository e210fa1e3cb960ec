using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Platform.Contracts;
using Platform.Processes;
using Platform.Stages;

namespace Platform.Caption.Looks;

/// <summary>The machine's fonts, as fontconfig tells them to libass.</summary>
internal interface IFonts
{
    /// <summary>A font by its family and weight, 100 to 900.</summary>
    /// <exception cref="StageException"><c>caption.font_unknown</c>.</exception>
    Task<FontFile> FindAsync(string family, int weight, CancellationToken cancellationToken);

    /// <summary>Letters of a text that no font of the machine draws, each once.</summary>
    Task<IReadOnlyList<Rune>> MissingAsync(string text, FontFile font, CancellationToken cancellationToken);
}

internal sealed class Fonts(IProcessRunner runner) : IFonts
{
    private readonly ConcurrentDictionary<(string, int), FontFile> known = new();
    private HashSet<int>? covered;

    public async Task<FontFile> FindAsync(string family, int weight, CancellationToken cancellationToken) =>
        known.TryGetValue((family, weight), out var font) ? font : known[(family, weight)] = await LookAsync(family, weight, cancellationToken);

    private async Task<FontFile> LookAsync(string family, int weight, CancellationToken cancellationToken)
    {
        var said = "";
        var child = new ChildProcess("fc-match", "--format", "%{file}\n%{index}\n%{family}", $"{family.Replace("-", @"\-", StringComparison.Ordinal)}:{Weight(weight)}")
        {
            Output = async (stream, token) => said = await new StreamReader(stream).ReadToEndAsync(token),
        };
        try
        {
            await runner.RunAsync(child, cancellationToken);
        }
        catch (ChildException e)
        {
            throw new StageException("caption.tool_missing", FailureKind.Permanent, $"fc-match (package fontconfig) did not run: {e.Message}", e);
        }

        // Asked for what it does not have, fontconfig answers with something else.
        return said.Split('\n') is [var path, var index, var families] && families.Split(',').Contains(family, StringComparer.OrdinalIgnoreCase)
            ? new FontFile(await File.ReadAllBytesAsync(path, cancellationToken), int.Parse(index, CultureInfo.InvariantCulture) & 0xFFFF)
            : throw new StageException("caption.font_unknown", FailureKind.Permanent, $"The font \"{family}\" is not installed where captions are drawn.");
    }

    public async Task<IReadOnlyList<Rune>> MissingAsync(string text, FontFile font, CancellationToken cancellationToken)
    {
        var foreign = text.EnumerateRunes().Where(rune => !font.Has(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator)).Distinct().ToList();
        if (foreign.Count == 0)
        {
            return [];
        }

        covered ??= await CoverageAsync(cancellationToken);
        return [.. foreign.Where(rune => !covered.Contains(rune.Value))];
    }

    private async Task<HashSet<int>> CoverageAsync(CancellationToken cancellationToken)
    {
        var letters = new HashSet<int>();
        await runner.RunAsync(
            new ChildProcess("fc-list", "--format", "%{charset}\n")
            {
                Output = async (stream, token) =>
                {
                    using var lines = new StreamReader(stream);
                    while (await lines.ReadLineAsync(token) is { } line)
                    {
                        foreach (var range in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                        {
                            var ends = range.Split('-');
                            var (first, last) = (int.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), int.Parse(ends[^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                            letters.UnionWith(Enumerable.Range(first, last - first + 1));
                        }
                    }
                },
            },
            cancellationToken);
        return letters;
    }

    private static string Weight(int weight) => weight switch { >= 800 => "extrabold", >= 700 => "bold", >= 600 => "semibold", _ => "regular" };
}
