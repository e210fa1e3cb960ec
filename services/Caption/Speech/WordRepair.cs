using System.Collections.Immutable;
using Platform.Caption.Captions;

namespace Platform.Caption.Speech;

/// <summary>
/// Makes a transcriber's word times true to the sound: words begin where their sound begins, none is empty, none overlaps another, none lies in silence. Pure.
/// </summary>
internal static class WordRepair
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan PerLetter = TimeSpan.FromMilliseconds(18); // of the fastest speech: about 55 letters a second

    /// <summary>How much of a transcriber's own times is believed within a part; the rest is dealt by how long words take to say.</summary>
    private const double Own = 0.6;

    /// <summary>A word this far from any sound was not said.</summary>
    private static readonly TimeSpan Stray = TimeSpan.FromMilliseconds(350);

    /// <summary>Repairs words.</summary>
    /// <param name="words">In order.</param>
    /// <param name="sound">Where something is heard, in order; empty: not known.</param>
    /// <param name="length">Of the film.</param>
    public static ImmutableArray<Word> Repair(IReadOnlyList<Word> words, ImmutableArray<Span> sound, TimeSpan length)
    {
        var kept = words.Where(word => word.Start < length && word.Text.Length > 0 && (sound.IsEmpty || IsHeard(word, sound))).ToList();
        if (kept.Count == 0 || length <= TimeSpan.Zero)
        {
            return [];
        }

        var starts = kept.Select(word => Clamp(word.Start, TimeSpan.Zero, length)).ToArray();
        var ends = kept.Select(word => Clamp(word.End, TimeSpan.Zero, length)).ToArray();
        for (var i = 1; i < starts.Length; i++)
        {
            starts[i] = Max(starts[i], starts[i - 1]);
        }

        Snap(kept, starts, ends, sound);
        Spread(kept, starts, length);
        return [.. kept.Select((word, i) => word with { Start = starts[i], End = End(word, i) })];

        TimeSpan End(Word word, int i)
        {
            var limit = i + 1 < starts.Length ? starts[i + 1] : length;
            var end = Max(ends[i], starts[i] + Needs(word));
            return Max(Min(end, limit), Min(starts[i] + TimeSpan.FromMilliseconds(1), limit));
        }
    }

    private static bool IsHeard(Word word, ImmutableArray<Span> sound) => sound.Any(part => word.Start < part.End + Stray && word.End > part.Start - Stray);

    /// <summary>Lays each part's words into it: the first begins with it, the last ends with it, those between keep what they can of their own times.</summary>
    private static void Snap(List<Word> words, TimeSpan[] starts, TimeSpan[] ends, ImmutableArray<Span> sound)
    {
        if (PartMatching.Match(words, sound) is not { } places)
        {
            return;
        }

        for (var first = 0; first < places.Length;)
        {
            var next = first + 1;
            while (next < places.Length && places[next] == places[first])
            {
                next++;
            }

            var (begin, end) = (sound[places[first].First].Start, sound[places[first].Last].End);
            var weights = Enumerable.Range(first, next - first).Select(i => PartMatching.Weight(words[i].Text)).ToList();
            var shift = begin - starts[first];
            var done = 0.0;
            for (var i = first; i < next; i++)
            {
                var even = begin + ((end - begin) * (done / weights.Sum()));
                done += weights[i - first];
                starts[i] = i == first ? begin : Clamp(even + ((starts[i] + shift - even) * Own), begin, end);
            }

            for (var i = first; i < next; i++)
            {
                ends[i] = i + 1 < next ? starts[i + 1] : end;
            }

            first = next;
        }
    }

    /// <summary>Gives every word its least time, taken from the neighbour that has more.</summary>
    private static void Spread(List<Word> words, TimeSpan[] starts, TimeSpan length)
    {
        var least = words.Select(Needs).ToArray();
        var total = least.Aggregate(TimeSpan.Zero, (sum, need) => sum + need);
        if (total > length)
        {
            least = [.. least.Select(need => need * (length / total))]; // more words than time: equal shares of what there is
        }

        for (var i = 0; i + 1 < starts.Length; i++)
        {
            var missing = starts[i] + least[i] - starts[i + 1];
            var before = i == 0 ? starts[0] : starts[i] - starts[i - 1] - least[i - 1];
            var after = (i + 2 < starts.Length ? starts[i + 2] : length) - starts[i + 1] - least[i + 1];
            if (missing > TimeSpan.Zero && before > after)
            {
                starts[i] -= Min(missing, Max(before, TimeSpan.Zero));
            }

            starts[i + 1] = Max(starts[i + 1], starts[i] + least[i]);
        }

        var end = length;
        for (var i = starts.Length - 1; i >= 0; i--)
        {
            starts[i] = Max(TimeSpan.Zero, Min(starts[i], end - least[i]));
            end = starts[i];
        }
    }

    private static TimeSpan Needs(Word word) => Max(Shortest, PerLetter * Math.Min(word.Text.Length, 20));

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Clamp(TimeSpan time, TimeSpan least, TimeSpan most) => Max(least, Min(time, most));
}
