using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Capture.Takes.Script;

/// <summary>When keys go down. Pure: the same text is always typed the same.</summary>
internal static class Typing
{
    /// <summary>About 140 words a minute: faster than most type, slow enough to read along.</summary>
    private const double SecondsPerKey = 0.085;

    /// <summary>A long text is typed faster, so that nobody waits for it.</summary>
    private const double Longest = 4;

    /// <summary>What counts as one key: a letter with its marks, an emoji whole.</summary>
    public static ImmutableArray<string> Keys(string text)
    {
        var keys = ImmutableArray.CreateBuilder<string>();
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
        {
            keys.Add(elements.GetTextElement());
        }

        return keys.ToImmutable();
    }

    /// <summary>Frame of each key, from 0; rhythm differs a little from key to key, and a word's end is a short rest.</summary>
    /// <param name="keys">What is typed.</param>
    /// <param name="seconds">How long it may take; null: as long as a good typist needs.</param>
    /// <param name="fps">Frames per second.</param>
    public static ImmutableArray<int> Frames(ImmutableArray<string> keys, double? seconds, int fps)
    {
        var rests = keys.Select((key, i) => 0.75 + Noise(i, key) * 0.5 + (string.IsNullOrWhiteSpace(key) ? 0.6 : 0)).ToArray();
        var whole = rests.Sum();
        var length = seconds ?? Math.Min(Longest, SecondsPerKey * keys.Length);
        var at = 0.0;
        return [.. rests.Select(rest =>
        {
            var frame = (int)Math.Floor(at / whole * length * fps + 1e-9);
            at += rest;
            return frame;
        })];
    }

    // 0 to 1, of the key and its place alone.
    private static double Noise(int place, string key) => (uint)(place * 2654435761 + key[0] * 40503) % 1000 / 1000.0;
}
