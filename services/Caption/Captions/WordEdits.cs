using System.Collections.Immutable;
using Platform.Contracts;

namespace Platform.Caption.Captions;

/// <summary>What a document asks to be changed about words: other words, none in some times. Pure.</summary>
internal static class WordEdits
{
    /// <summary>Leaves out words whose middle lies in one of the ranges.</summary>
    public static IEnumerable<Word> Exclude(IEnumerable<Word> words, IReadOnlyList<TimeRange>? ranges) => ranges is null ? words : words.Where(word =>
    {
        var middle = (word.Start + (word.Length / 2)).TotalSeconds;
        return !ranges.Any(range => middle >= range.From && middle < range.To);
    });

    /// <summary>Shows words or phrases as others. Marks around them stay, case does not matter, the longest phrase wins.</summary>
    public static ImmutableArray<Word> Replace(IReadOnlyList<Word> words, IReadOnlyDictionary<string, string>? replacements)
    {
        if (replacements is null || replacements.Count == 0)
        {
            return [.. words];
        }

        var phrases = replacements.Select(pair => (Key: Keys(pair.Key), pair.Value)).Where(phrase => phrase.Key.Length > 0).OrderByDescending(phrase => phrase.Key.Length).ToList();
        var result = ImmutableArray.CreateBuilder<Word>();
        for (var i = 0; i < words.Count;)
        {
            var found = phrases.FirstOrDefault(phrase => i + phrase.Key.Length <= words.Count && phrase.Key.Index().All(part => Core(words[i + part.Index].Text).Core.Equals(part.Item, StringComparison.OrdinalIgnoreCase)));
            if (found.Key is null)
            {
                result.Add(words[i++]);
                continue;
            }

            var (first, last) = (words[i], words[i + found.Key.Length - 1]);
            result.AddRange(Shown(first, last, found.Value));
            i += found.Key.Length;
        }

        return result.ToImmutable();
    }

    private static IEnumerable<Word> Shown(Word first, Word last, string value)
    {
        var parts = value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var (before, after) = (Core(first.Text).Before, Core(last.Text).After);
        var total = Math.Max(1, parts.Sum(part => part.Length));
        var (length, done) = (last.End - first.Start, 0);
        for (var i = 0; i < parts.Length; i++)
        {
            var start = first.Start + (length * ((double)done / total));
            done += parts[i].Length;
            yield return first with
            {
                Text = (i == 0 ? before : "") + parts[i] + (i + 1 == parts.Length ? after : ""), Start = start, End = first.Start + (length * ((double)done / total)), Glued = first.Glued && i == 0,
            };
        }
    }

    private static string[] Keys(string phrase) => [.. phrase.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => Core(word).Core).Where(core => core.Length > 0)];

    private static (string Before, string Core, string After) Core(string word)
    {
        var start = 0;
        while (start < word.Length && char.IsPunctuation(word[start]))
        {
            start++;
        }

        var end = word.Length;
        while (end > start && char.IsPunctuation(word[end - 1]))
        {
            end--;
        }

        return (word[..start], word[start..end], word[end..]);
    }
}
