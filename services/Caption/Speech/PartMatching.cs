using System.Collections.Immutable;
using Platform.Caption.Captions;

namespace Platform.Caption.Speech;

/// <summary>
/// Finds which words were said in which part of the sound. A transcriber's times drift by whole words where somebody speaks in short pieces; which words they were, and in which order, it knows
/// well. So the cheapest way to deal words out to parts is looked for, by how long words take to say and by when the transcriber put them. Pure.
/// </summary>
internal static class PartMatching
{
    private const int MostWords = 24; // in one part, for a part that holds more is long enough to hear its own times
    private const int MostParts = 3; // of one word, which a stop consonant or a breath can cut
    private static readonly TimeSpan Reach = TimeSpan.FromSeconds(3); // further off than this no transcriber is
    private static readonly TimeSpan WithinWord = TimeSpan.FromMilliseconds(250);

    /// <summary>For each word the part it begins in and the part it ends in; null where no way was found.</summary>
    public static (int First, int Last)[]? Match(IReadOnlyList<Word> words, ImmutableArray<Span> parts)
    {
        if (words.Count == 0 || parts.IsEmpty)
        {
            return null;
        }

        var weights = words.Select(word => Weight(word.Text)).ToArray();
        var second = weights.Sum() / parts.Sum(part => part.Length.TotalSeconds); // weight said per second
        var best = new Dictionary<int, (double Cost, int Words, int Parts)>[words.Count + 1];
        for (var i = 0; i <= words.Count; i++)
        {
            best[i] = [];
        }

        Offer(0, 0, 0, 0, 0);
        for (var i = 0; i <= words.Count; i++)
        {
            for (var j = best[i].Count > 0 ? best[i].Keys.Min() : parts.Length; j < parts.Length; j++)
            {
                if (i < words.Count && parts[j].Start - words[i].Start > Reach)
                {
                    break;
                }

                if (best[i].TryGetValue(j, out var state))
                {
                    Step(i, j, state.Cost);
                }
            }
        }

        return best[words.Count].ContainsKey(parts.Length) ? Trace() : null;

        void Step(int i, int j, double cost)
        {
            var part = parts[j];
            Offer(i, j + 1, cost + 3 + (6 * part.Length.TotalSeconds), 0, 1); // no word: a cough, a click, music
            if (i == words.Count || (words[i].Start - part.Start).Duration() is var off && off > Reach)
            {
                return;
            }

            var sum = 0.0;
            for (var count = 1; count <= MostWords && i + count <= words.Count && sum / second <= (part.Length.TotalSeconds * 2.5) + 0.5; count++)
            {
                sum += weights[i + count - 1];
                Offer(i + count, j + 1, cost + Price(sum, part.Length, off), count, 1);
            }

            var length = part.Length;
            for (var more = 2; more <= MostParts && j + more <= parts.Length && parts[j + more - 1].Start - parts[j + more - 2].End <= WithinWord; more++)
            {
                length += parts[j + more - 1].Length;
                Offer(i + 1, j + more, cost + 0.3 + Price(weights[i], length, off), 1, more);
            }
        }

        double Price(double weight, TimeSpan length, TimeSpan off)
        {
            var (said, room) = (weight / second, length.TotalSeconds);
            var misfit = (said - room) / (0.12 + (0.35 * Math.Sqrt(said * room)));
            var distance = Math.Min(off.TotalSeconds, 2);
            return (misfit * misfit) + (0.5 * distance * distance);
        }

        void Offer(int i, int j, double cost, int wordCount, int partCount)
        {
            if (!best[i].TryGetValue(j, out var known) || cost < known.Cost)
            {
                best[i][j] = (cost, wordCount, partCount);
            }
        }

        (int, int)[] Trace()
        {
            var found = new (int, int)[words.Count];
            var (i, j) = (words.Count, parts.Length);
            while (i > 0)
            {
                var (_, wordCount, partCount) = best[i][j];
                for (var word = i - wordCount; word < i; word++)
                {
                    found[word] = (j - partCount, j - 1);
                }

                (i, j) = (i - wordCount, j - partCount);
            }

            return found;
        }
    }

    /// <summary>How long a word takes to say, as a number without a unit: its vowels, and a little for each letter; digits are said as words.</summary>
    public static double Weight(string text)
    {
        var (vowels, letters, digits, wide) = (0, 0, 0, 0);
        var before = false;
        foreach (var rune in text.ToLowerInvariant().EnumerateRunes())
        {
            var vowel = "aeiouyäöüáéíóúàèìòùâêîôûåæø".Contains(rune.ToString(), StringComparison.Ordinal);
            vowels += vowel && !before ? 1 : 0;
            before = vowel;
            letters += System.Text.Rune.IsLetter(rune) ? 1 : 0;
            digits += System.Text.Rune.IsDigit(rune) || rune.Value is '$' or '%' or '€' or '£' ? 1 : 0;
            wide += Scripts.IsWide(rune) ? 1 : 0;
        }

        return 0.5 + (0.7 * vowels) + (0.18 * letters) + (1.6 * digits) + wide;
    }
}
