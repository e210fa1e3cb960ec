using System.Collections.Immutable;
using System.Text;

namespace Platform.Caption.Captions;

/// <summary>In which order the words of a line stand from left to right, where some are written the other way: the Unicode Bidirectional Algorithm, as far as it concerns whole words. Pure.</summary>
internal static class WordOrder
{
    private enum Direction
    {
        /// <summary>As what is around it: digits, marks, emoji.</summary>
        None,
        Right,
        Left,
    }

    /// <summary>Indices of the words, as they are seen from left to right. The first word with letters says how the line runs.</summary>
    public static ImmutableArray<int> FromLeft(IReadOnlyList<string> words)
    {
        var own = words.Select(Of).ToArray();
        var line = own.FirstOrDefault(direction => direction != Direction.None, Direction.Right);
        var order = new List<int>();
        for (var at = 0; at < own.Length;)
        {
            var run = At(at);
            var end = at + 1;
            while (end < own.Length && At(end) == run)
            {
                end++;
            }

            // Runs follow each other as the line goes, the words of one as it goes itself.
            var part = Enumerable.Range(at, end - at);
            order.InsertRange(line == Direction.Right ? order.Count : 0, run == Direction.Right ? part : part.Reverse());
            at = end;
        }

        return [.. order];

        Direction At(int index)
        {
            if (own[index] != Direction.None)
            {
                return own[index];
            }

            var (before, after) = (own[..index].LastOrDefault(Strong, line), own[index..].FirstOrDefault(Strong, line));
            return before == after ? before : line;
        }
    }

    private static bool Strong(Direction direction) => direction != Direction.None;

    private static Direction Of(string word)
    {
        foreach (var rune in word.EnumerateRunes())
        {
            if (Scripts.IsRightToLeft(rune))
            {
                return Direction.Left;
            }

            if (Rune.IsLetter(rune))
            {
                return Direction.Right;
            }
        }

        return Direction.None;
    }
}
