using System.Collections.Immutable;

namespace Platform.Caption.Captions;

/// <summary>A word and when it is said.</summary>
/// <param name="Text">As it is shown, with its punctuation; never empty.</param>
/// <param name="Start">From the film's beginning.</param>
/// <param name="End">After <paramref name="Start"/>.</param>
internal sealed record Word(string Text, TimeSpan Start, TimeSpan End)
{
    /// <summary>How sure the transcriber is, 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Who says it, where the source says so.</summary>
    public string? Speaker { get; init; }

    /// <summary>Whether it follows the word before without a space, as in Japanese.</summary>
    public bool Glued { get; init; }

    public TimeSpan Length => End - Start;
}

/// <summary>Words that are shown together, line by line.</summary>
internal sealed record Cue(TimeSpan Start, TimeSpan End, ImmutableArray<ImmutableArray<Word>> Lines)
{
    public IEnumerable<Word> Words => Lines.SelectMany(line => line);

    public string? Speaker => Lines[0][0].Speaker;

    /// <summary>The text of each line.</summary>
    public IEnumerable<string> Texts => Lines.Select(line => TextOf(line));

    /// <summary>Words as they are written.</summary>
    public static string TextOf(IReadOnlyList<Word> words) => string.Concat(words.Select((word, index) => index == 0 || word.Glued ? word.Text : $" {word.Text}"));
}
