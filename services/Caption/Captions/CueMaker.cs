using System.Collections.Immutable;

namespace Platform.Caption.Captions;

/// <summary>What a cue may hold.</summary>
/// <param name="Words">Most words in a line.</param>
/// <param name="Lines">Most lines.</param>
/// <param name="Width">Most width of a line, in multiples of the letters' size.</param>
/// <param name="CharsPerSecond">Reading speed that is kept where there is room.</param>
internal sealed record CueLimits(int Words, int Lines, double Width, double CharsPerSecond);

/// <summary>
/// Groups words into cues and lines: never over a pause, a sentence's end or a change of speaker, never wider than the picture allows, and among what is left the most even
/// way, which leaves no word alone. Pure.
/// </summary>
internal static class CueMaker
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan LongestCue = TimeSpan.FromSeconds(7);

    /// <summary>A cue stays this long after its last word, unless the next comes.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(350);

    /// <summary>A gap shorter than this would only flicker.</summary>
    private static readonly TimeSpan Flicker = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ShortestCue = TimeSpan.FromMilliseconds(300);

    /// <summary>Makes cues of words that have times.</summary>
    /// <param name="words">In order.</param>
    /// <param name="limits">What a cue may hold.</param>
    /// <param name="width">Width of a text, in multiples of the letters' size.</param>
    /// <param name="length">Of the film.</param>
    public static ImmutableArray<Cue> Make(IReadOnlyList<Word> words, CueLimits limits, Func<string, double> width, TimeSpan length)
    {
        var cues = new List<Cue>();
        foreach (var phrase in Phrases([.. words.SelectMany(word => Fitting(word, limits, width))]))
        {
            cues.AddRange(Split(phrase, limits, width));
        }

        return Timed(cues, limits, length);
    }

    /// <summary>Sets cues whose words and times are given: lines as the limits want them, one cue in several where it has too many.</summary>
    public static ImmutableArray<Cue> Keep(IEnumerable<ImmutableArray<Word>> given, CueLimits limits, Func<string, double> width) =>
    [
        .. given.Where(words => words.Length > 0).SelectMany(words =>
        {
            var parts = Split([.. words.SelectMany(word => Fitting(word, limits, width))], limits with { Words = Math.Max(limits.Words, 7) }, width).ToList();
            return parts.Select((part, index) => part with { End = index + 1 < parts.Count ? parts[index + 1].Start : words[^1].End });
        }),
    ];

    private static IEnumerable<List<Word>> Phrases(List<Word> words)
    {
        var phrase = new List<Word>();
        foreach (var word in words)
        {
            if (phrase.Count > 0 && (word.Start - phrase[^1].End > Pause || word.Speaker != phrase[^1].Speaker || EndsSentence(phrase[^1].Text)))
            {
                yield return phrase;
                phrase = [];
            }

            phrase.Add(word);
        }

        if (phrase.Count > 0)
        {
            yield return phrase;
        }
    }

    /// <summary>The cheapest way to cut a phrase into cues, each with its best lines.</summary>
    private static Stack<Cue> Split(List<Word> phrase, CueLimits limits, Func<string, double> width)
    {
        var best = new (double Cost, int From, ImmutableArray<ImmutableArray<Word>> Lines)[phrase.Count + 1];
        Array.Fill(best, (double.MaxValue, 0, []));
        best[0] = (0, 0, []);
        for (var to = 1; to <= phrase.Count; to++)
        {
            for (var from = to - 1; from >= 0 && to - from <= limits.Words * limits.Lines; from--)
            {
                if (Lines(phrase.GetRange(from, to - from), limits, width) is not { } lines)
                {
                    break;
                }

                var cost = best[from].Cost + Cost(phrase, from, to, lines, limits);
                if (cost < best[to].Cost)
                {
                    best[to] = (cost, from, lines);
                }
            }
        }

        var cues = new Stack<Cue>();
        for (var to = phrase.Count; to > 0; to = best[to].From)
        {
            cues.Push(new Cue(phrase[best[to].From].Start, phrase[to - 1].End, best[to].Lines));
        }

        return cues;
    }

    private static double Cost(List<Word> phrase, int from, int to, ImmutableArray<ImmutableArray<Word>> lines, CueLimits limits)
    {
        var (count, most) = (to - from, limits.Words * limits.Lines);
        var empty = (most - count) / (double)most;
        var cost = 1 + (empty * empty); // fewer cues, evenly filled
        cost += count == 1 && phrase.Count > 1 ? 3 : 0; // a word alone
        cost += lines.Length > 1 && lines[^1].Length == 1 && lines.Sum(line => line.Length) > 2 ? 1 : 0;
        cost += to < phrase.Count && EndsClause(phrase[to - 1].Text) ? -0.6 : 0;
        cost += to < phrase.Count && Leans(phrase[to - 1].Text) ? 0.5 : 0;
        cost += phrase[to - 1].End - phrase[from].Start > LongestCue ? 2 : 0;
        return cost;
    }

    /// <summary>The most even lines; null where they are too many or too wide.</summary>
    private static ImmutableArray<ImmutableArray<Word>>? Lines(List<Word> words, CueLimits limits, Func<string, double> width)
    {
        for (var count = Math.Max(1, (words.Count + limits.Words - 1) / limits.Words); count <= Math.Min(limits.Lines, words.Count); count++)
        {
            if (Even(words, 0, count, limits, width) is { } found)
            {
                return found.Lines;
            }
        }

        return null;
    }

    private static (double Cost, ImmutableArray<ImmutableArray<Word>> Lines)? Even(List<Word> words, int from, int count, CueLimits limits, Func<string, double> width)
    {
        (double Cost, ImmutableArray<ImmutableArray<Word>> Lines)? best = null;
        var last = count == 1;
        for (var to = last ? words.Count : from + 1; to <= words.Count - (count - 1) && to - from <= limits.Words; to++)
        {
            ImmutableArray<Word> line = [.. words.GetRange(from, to - from)];
            var wide = width(Cue.TextOf(line));
            if (line.Length == 0 || (wide > limits.Width && line.Length > 1))
            {
                break;
            }

            var cost = wide * wide;
            if (last)
            {
                return (cost, [line]);
            }

            if (Even(words, to, count - 1, limits, width) is var (rest, lines) && (best is null || cost + rest < best.Value.Cost))
            {
                best = (cost + rest, [line, .. lines]);
            }
        }

        return best;
    }

    /// <summary>Cues stay until the next one where that is near, and long enough to be read where there is room.</summary>
    private static ImmutableArray<Cue> Timed(List<Cue> cues, CueLimits limits, TimeSpan length)
    {
        for (var i = 0; i < cues.Count; i++)
        {
            var limit = i + 1 < cues.Count ? cues[i + 1].Start : length;
            var reading = TimeSpan.FromSeconds(cues[i].Texts.Sum(text => text.Length) / limits.CharsPerSecond);
            var wanted = Max(cues[i].End + Linger, cues[i].Start + Max(reading, ShortestCue));
            var end = Max(Min(wanted, limit), Min(cues[i].End, limit));
            cues[i] = cues[i] with { End = limit - end < Flicker ? limit : end };
        }

        return [.. cues.Where(cue => cue.End > cue.Start)];
    }

    /// <summary>A word wider than the picture is cut into pieces that are not; up to a half too wide it is drawn smaller instead.</summary>
    private static IEnumerable<Word> Fitting(Word word, CueLimits limits, Func<string, double> width)
    {
        var most = limits.Width * 1.5;
        if (width(word.Text) <= most)
        {
            return [word];
        }

        var pieces = new List<string>();
        var piece = new System.Text.StringBuilder();
        var wide = 0.0;
        foreach (var letter in Scripts.Elements(word.Text))
        {
            var more = width(letter);
            if (piece.Length > 0 && (wide + more > limits.Width || piece.Length > 200))
            {
                pieces.Add(piece.ToString());
                piece.Clear();
                wide = 0;
            }

            piece.Append(letter);
            wide += more;
        }

        pieces.Add(piece.ToString());
        return pieces.Select((text, i) => word with
        {
            Text = text, Glued = word.Glued || i > 0, Start = word.Start + (word.Length * ((double)i / pieces.Count)), End = word.Start + (word.Length * ((i + 1.0) / pieces.Count)),
        });
    }

    private static bool EndsSentence(string word) => word.TrimEnd('"', '\'', '”', '’', ')', '»') is { Length: > 0 } text && text[^1] is '.' or '!' or '?' or '…' or '。' or '！' or '？' or '؟' or '।' && !IsAbbreviation(word);

    private static bool IsAbbreviation(string word) => word is "Mr." or "Mrs." or "Ms." or "Dr." or "St." or "vs." or "e.g." or "i.e." or "No." || (word.Length == 2 && char.IsUpper(word[0]));

    private static bool EndsClause(string word) => word[^1] is ',' or ';' or ':' or '—' or '、' or '،';

    /// <summary>A word that belongs to the next one reads badly at the end of a cue.</summary>
    private static bool Leans(string word) => word.ToLowerInvariant() is "a" or "an" or "the" or "to" or "of" or "in" or "on" or "at" or "for" or "and" or "or" or "my" or "your" or "our" or "is";

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
