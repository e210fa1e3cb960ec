using System.Collections.Immutable;
using System.Text;
using Platform.Caption.Captions;

namespace Platform.Caption.Speech;

/// <summary>A script whose words have times.</summary>
/// <param name="Words">Every word of the script, in order.</param>
/// <param name="Matched">Share of them that was heard as it is written, 0 to 1.</param>
internal sealed record AlignedScript(ImmutableArray<Word> Words, double Matched);

/// <summary>
/// Lays a known script over what was heard. Words that were heard as written take their times; what lies between two such takes the time between them: word for word where
/// as many were heard, else by length. Pure.
/// </summary>
internal static class ScriptAlignment
{
    /// <summary>Search this many words off the straight line from beginning to end at most, so that time grows with the script's length and not with its square.</summary>
    private const int Band = 400;

    /// <summary>Aligns.</summary>
    /// <param name="script">The text; line breaks are spaces.</param>
    /// <param name="heard">Words with times in order.</param>
    /// <param name="sound">Where something is heard; used where no word was.</param>
    /// <param name="length">Of the film.</param>
    public static AlignedScript Align(string script, ImmutableArray<Word> heard, ImmutableArray<Span> sound, TimeSpan length)
    {
        var words = ScriptWords(script);
        if (words.Length == 0)
        {
            return new AlignedScript([], 0);
        }

        var whole = heard.Length > 0 ? new Span(heard[0].Start, heard[^1].End) : sound.Length > 0 ? new Span(sound[0].Start, sound[^1].End) : new Span(TimeSpan.Zero, length);
        var pairs = Pairs([.. words.Select(word => Key(word.Text))], [.. heard.Select(word => Key(word.Text))]);
        var timed = new Word[words.Length];
        var (nextWord, nextHeard) = (0, 0);
        foreach (var (word, hearing) in pairs.Append((words.Length, heard.Length)))
        {
            Fill(timed, words, heard, nextWord, word, nextHeard, hearing, whole);
            if (word < words.Length)
            {
                timed[word] = words[word] with { Start = heard[hearing].Start, End = heard[hearing].End, Probability = heard[hearing].Probability };
            }

            (nextWord, nextHeard) = (word + 1, hearing + 1);
        }

        return new AlignedScript([.. timed], pairs.Count / (double)words.Length);
    }

    /// <summary>The words of a text, without times.</summary>
    public static ImmutableArray<Word> ScriptWords(string script)
    {
        var words = ImmutableArray.CreateBuilder<Word>();
        foreach (var text in script.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var pieces = Scripts.WritesWithoutSpaces(text) ? Letters(text) : [text];
            words.AddRange(pieces.Select((piece, index) => new Word(piece, TimeSpan.Zero, TimeSpan.Zero) { Glued = index > 0 }));
        }

        return words.ToImmutable();
    }

    // A mark goes with the letter before it, and letters that write with spaces stay together.
    private static List<string> Letters(string text)
    {
        var letters = new List<string>();
        foreach (var element in Scripts.Elements(text))
        {
            if (letters.Count > 0 && (!element.EnumerateRunes().Any(Rune.IsLetterOrDigit) || (!Scripts.WritesWithoutSpaces(element) && !Scripts.WritesWithoutSpaces(letters[^1]))))
            {
                letters[^1] += element;
            }
            else
            {
                letters.Add(element);
            }
        }

        return letters;
    }

    private static void Fill(Word[] timed, ImmutableArray<Word> words, ImmutableArray<Word> heard, int from, int to, int heardFrom, int heardTo, Span whole)
    {
        if (from == to)
        {
            return;
        }

        if (to - from == heardTo - heardFrom)
        {
            for (var i = from; i < to; i++)
            {
                var same = heard[heardFrom + i - from];
                timed[i] = words[i] with { Start = same.Start, End = same.End, Probability = same.Probability };
            }

            return;
        }

        var start = heardTo > heardFrom ? heard[heardFrom].Start : heardFrom > 0 && heardFrom <= heard.Length && heard.Length > 0 ? heard[heardFrom - 1].End : whole.Start;
        var end = heardTo > heardFrom ? heard[heardTo - 1].End : heardTo < heard.Length ? heard[heardTo].Start : whole.End;
        var weights = words.AsSpan(from, to - from).ToArray().Select(word => (double)Math.Max(1, word.Text.Length)).ToArray();
        var (sum, length) = (weights.Sum(), end > start ? end - start : TimeSpan.Zero);
        var done = 0.0;
        for (var i = from; i < to; i++)
        {
            var next = done + weights[i - from];
            timed[i] = words[i] with { Start = start + (length * (done / sum)), End = start + (length * (next / sum)), Probability = 0 };
            done = next;
        }
    }

    /// <summary>The longest common run of words, in order (longest common subsequence within a band).</summary>
    private static List<(int Word, int Heard)> Pairs(string[] script, string[] heard)
    {
        var (rows, columns) = (script.Length, heard.Length);
        if (columns == 0)
        {
            return [];
        }

        var width = (2 * Band) + 1;
        var steps = new byte[(rows + 1) * (long)width];
        var above = new int[width];
        var row = new int[width];
        for (var i = 1; i <= rows; i++)
        {
            var (first, previous) = (First(i), First(i - 1));
            for (var b = 0; b < width; b++)
            {
                var j = first + b;
                if (j < 1 || j > columns)
                {
                    row[b] = 0;
                    continue;
                }

                var diagonal = At(above, j - 1 - previous) + (script[i - 1] == heard[j - 1] && script[i - 1].Length > 0 ? 1 : 0);
                var up = At(above, j - previous);
                var left = b > 0 ? row[b - 1] : 0;
                var best = Math.Max(diagonal, Math.Max(up, left));
                row[b] = best;
                steps[(i * (long)width) + b] = best == up ? (byte)1 : best == left && b > 0 ? (byte)2 : (byte)0;
            }

            (above, row) = (row, above);
        }

        var pairs = new List<(int, int)>();
        var (w, h) = (rows, columns);
        while (w > 0 && h > 0)
        {
            var b = h - First(w);
            var step = b < 0 || b >= width ? (byte)(b < 0 ? 1 : 2) : steps[(w * (long)width) + b];
            if (step == 0)
            {
                pairs.Add((--w, --h));
            }
            else if (step == 1)
            {
                w--;
            }
            else
            {
                h--;
            }
        }

        pairs.Reverse();
        return [.. pairs.Where(pair => script[pair.Item1] == heard[pair.Item2])];

        int First(int i) => (int)((long)i * columns / rows) - Band;

        static int At(int[] line, int b) => b < 0 ? 0 : b >= line.Length ? line[^1] : line[b];
    }

    /// <summary>A word as it sounds the same: without case, accents' forms and marks.</summary>
    private static string Key(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Where(char.IsLetterOrDigit));
}
