using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Caption.Captions;

/// <summary>Captions as files beside the film. Pure.</summary>
internal static class Sidecars
{
    /// <summary>No HTML reads it, so only what JSON itself needs is escaped.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>SubRip. It has no escape: <c>&lt;</c> and <c>&gt;</c>, which players take for tags, and an arrow get a letter of no width.</summary>
    public static string Srt(IReadOnlyList<Cue> cues)
    {
        var text = new StringBuilder();
        foreach (var (cue, index) in cues.Select((cue, index) => (cue, index)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{index + 1}\n{Time(cue.Start, ',')} --> {Time(cue.End, ',')}\n");
            foreach (var line in cue.Texts)
            {
                text.Append(Line(line).Replace("<", "<\u2060", StringComparison.Ordinal).Replace("-->", "--\u2060>", StringComparison.Ordinal).Replace("{", "{\u2060", StringComparison.Ordinal)).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>WebVTT.</summary>
    public static string Vtt(IReadOnlyList<Cue> cues, string language)
    {
        var text = new StringBuilder("WEBVTT\n");
        text.Append(language is "auto" or "" ? "\n" : $"Language: {language}\n\n");
        foreach (var cue in cues)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Time(cue.Start, '.')} --> {Time(cue.End, '.')}\n");
            var voice = cue.Speaker is { } speaker ? $"<v {Vtt(speaker).Replace('\n', ' ')}>" : "";
            foreach (var line in cue.Texts)
            {
                text.Append(voice).Append(Vtt(Line(line))).Append('\n');
                voice = "";
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Every word with its times in seconds, and the cues with the words' numbers.</summary>
    public static byte[] Words(IReadOnlyList<Word> words, IReadOnlyList<Cue> cues, string language) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            language,
            words = words.Select(word => new { text = word.Text, start = Seconds(word.Start), end = Seconds(word.End), probability = Math.Round(word.Probability, 3), speaker = word.Speaker }),
            cues = cues.Select(cue => new { start = Seconds(cue.Start), end = Seconds(cue.End), lines = cue.Texts.ToImmutableArray() }),
        },
        Json);

    private static string Vtt(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Line(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    private static string Time(TimeSpan time, char point) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}{point}{time.Milliseconds:000}");
}
