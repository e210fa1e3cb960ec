using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Caption.Captions;

namespace Platform.Caption.Speech;

/// <summary>Reads what whisper-cli writes: <c>-ojf</c>'s JSON, and the lines of its log that say where it heard speech. Pure.</summary>
internal static partial class WhisperJson
{
    /// <summary>A segment whose tokens are this improbable in the mean was guessed, not heard.</summary>
    private const double Guessed = 0.3;

    /// <summary>Reads words.</summary>
    /// <param name="json">The file.</param>
    /// <param name="map">How times of the file, which leaves silence out, become times of the sound; null where nothing was left out.</param>
    /// <exception cref="FormatException">It is not what whisper-cli writes.</exception>
    public static Transcript Read(ReadOnlySpan<byte> json, VoiceMap? map)
    {
        try
        {
            // It cuts text at bytes, so that a letter may be broken: what is no UTF-8 becomes U+FFFD here, and is dropped below.
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(json));
            var words = ImmutableArray.CreateBuilder<Word>();
            foreach (var segment in document.RootElement.GetProperty("transcription").EnumerateArray())
            {
                var heard = Segment(segment, map);
                if (heard.Count > 0 && heard.Average(word => word.Probability) >= Guessed)
                {
                    words.AddRange(heard);
                }
            }

            return new Transcript(document.RootElement.GetProperty("result").GetProperty("language").GetString() ?? "", words.ToImmutable(), map?.Speech);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("whisper-cli wrote something else than expected.", e);
        }
    }

    private static List<Word> Segment(JsonElement segment, VoiceMap? map)
    {
        var pieces = new List<Piece>();
        foreach (var token in segment.GetProperty("tokens").EnumerateArray())
        {
            var text = (token.GetProperty("text").GetString() ?? "").Replace("\uFFFD", "", StringComparison.Ordinal);
            if (text.Length > 0 && !SpecialToken().IsMatch(text) && token.TryGetProperty("offsets", out var offsets))
            {
                pieces.Add(new Piece(text, Milliseconds(offsets, "from"), Milliseconds(offsets, "to"), token.GetProperty("p").GetDouble()));
            }
        }

        return [.. Joined(WithoutNoises(pieces)).Select(word => word.ToWord(map))];
    }

    /// <summary>Whisper writes what is no speech as <c>[Music]</c>, <c>(applause)</c>, <c>*sighs*</c> or notes: no word of that was said.</summary>
    private static IEnumerable<Piece> WithoutNoises(List<Piece> pieces)
    {
        var text = string.Concat(pieces.Select(piece => piece.Text));
        var noises = Noise().Matches(text);
        var at = 0;
        foreach (var piece in pieces)
        {
            var (from, to) = (at, at += piece.Text.Length);
            var trimmed = from + (piece.Text.Length - piece.Text.TrimStart().Length);
            if (!noises.Any(noise => trimmed >= noise.Index && to <= noise.Index + noise.Length))
            {
                yield return piece;
            }
        }
    }

    // A token that begins with a space begins a word; so does every letter of a script that writes without spaces. Marks go with the word before.
    private static List<Piece> Joined(IEnumerable<Piece> pieces)
    {
        var words = new List<Piece>();
        var space = true;
        foreach (var piece in pieces)
        {
            space |= char.IsWhiteSpace(piece.Text[0]);
            var text = piece.Text.Trim();
            if (text.Length == 0)
            {
                space = true;
                continue;
            }

            var marks = text.All(c => !char.IsLetterOrDigit(c) && !char.IsSymbol(c) && !char.IsSurrogate(c));
            var glued = !space && Scripts.WritesWithoutSpaces(text);
            if (words.Count == 0 || (space && !marks) || (glued && !marks))
            {
                words.Add(piece with { Text = text, Glued = glued });
            }
            else
            {
                // Marks have a time of their own, in which nothing is said.
                words[^1] = words[^1] with { Text = words[^1].Text + text, To = marks ? words[^1].To : Math.Max(piece.To, words[^1].To), P = marks ? words[^1].P : Math.Min(words[^1].P, piece.P) };
            }

            space = char.IsWhiteSpace(piece.Text[^1]);
        }

        return [.. words.Where(word => word.Text.Any(c => char.IsLetterOrDigit(c) || char.IsSymbol(c) || char.IsSurrogate(c)))];
    }

    private static double Milliseconds(JsonElement offsets, string name) => offsets.GetProperty(name).GetDouble();

    [GeneratedRegex(@"^\s*(\[_[A-Z]+_?[0-9]*\]|<\|.*\|>)$")]
    private static partial Regex SpecialToken();

    [GeneratedRegex(@"\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|[♪♫♬]+[^♪♫♬]*[♪♫♬]+|[♪♫♬]+")]
    private static partial Regex Noise();

    private sealed record Piece(string Text, double From, double To, double P)
    {
        public bool Glued { get; init; }

        public Word ToWord(VoiceMap? map) => new(Text, Time(From, map), Time(To, map)) { Probability = Math.Clamp(P, 0, 1), Glued = Glued };

        private static TimeSpan Time(double milliseconds, VoiceMap? map)
        {
            var time = TimeSpan.FromMilliseconds(milliseconds);
            return map?.ToSound(time) ?? time;
        }
    }
}

/// <summary>
/// What whisper-cli's log says about speech it found: it takes the rest out before it listens, and gives words times of what is left. A word's end may lie in the little
/// silence that it leaves between.
/// </summary>
internal sealed partial class VoiceMap
{
    private readonly List<(Span Sound, Span Heard)> spans = [];

    /// <summary>Where speech is, in times of the sound.</summary>
    public ImmutableArray<Span> Speech => [.. spans.Select(span => span.Sound)];

    /// <summary>Whether any line said anything: an old whisper-cli has no voice detection.</summary>
    public bool Spoke { get; private set; }

    /// <summary>Takes a line of the log.</summary>
    public void Read(string line)
    {
        Spoke |= line.StartsWith("whisper_vad", StringComparison.Ordinal);
        if (SpanLine().Match(line) is { Success: true } match)
        {
            spans.Add((new Span(Seconds(match, 1), Seconds(match, 2)), new Span(Seconds(match, 3), Seconds(match, 4))));
        }
    }

    /// <summary>The time in the sound of a time in what was heard.</summary>
    public TimeSpan ToSound(TimeSpan time)
    {
        if (spans.Count == 0)
        {
            return time;
        }

        var index = spans.FindLastIndex(span => time >= span.Heard.Start);
        var (sound, heard) = spans[Math.Max(index, 0)];
        var within = time - heard.Start;
        if (within < TimeSpan.Zero)
        {
            return sound.Start;
        }

        return within <= heard.Length ? sound.Start + (within * (sound.Length / heard.Length)) : sound.End;
    }

    private static TimeSpan Seconds(Match match, int group) => TimeSpan.FromSeconds(double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"vad_segment_info: orig_start: ([0-9.]+), orig_end: ([0-9.]+), vad_start: ([0-9.]+), vad_end: ([0-9.]+)")]
    private static partial Regex SpanLine();
}
