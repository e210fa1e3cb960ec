using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Platform.Caption.Captions;
using Platform.Caption.Speech;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Caption.Sources;

/// <summary>Captions as a file gives them: plain text between two times.</summary>
internal sealed record GivenCue(TimeSpan Start, TimeSpan End, string Text)
{
    public string? Speaker { get; init; }
}

/// <summary>Reads SubRip, WebVTT and ASS. Only times, names and plain text are taken: no fonts, no pictures, no places, no overrides. Pure.</summary>
internal static partial class GivenCues
{
    private const int MostCues = 20_000;

    /// <summary>Reads a file by what it holds, not by what it was called.</summary>
    /// <exception cref="StageException"><c>caption.unreadable</c>, <c>caption.limit_exceeded</c>.</exception>
    public static ImmutableArray<GivenCue> Read(string text)
    {
        var cues = text.Contains("[Script Info]", StringComparison.OrdinalIgnoreCase) || text.Contains("\nDialogue:", StringComparison.Ordinal) ? ReadAss(text) : ReadTimed(text);
        var list = ImmutableArray.CreateBuilder<GivenCue>();
        foreach (var cue in cues)
        {
            if (list.Count == MostCues)
            {
                throw new StageException("caption.limit_exceeded", FailureKind.Permanent, $"A file may have {MostCues} captions.");
            }

            list.Add(cue);
        }

        return list.Count > 0 || text.TrimStart().StartsWith("WEBVTT", StringComparison.Ordinal) || text.Trim().Length == 0
            ? list.ToImmutable()
            : throw new StageException("caption.unreadable", FailureKind.Permanent, "No caption was found in the file: it is neither SubRip nor WebVTT nor ASS.");
    }

    private static IEnumerable<GivenCue> ReadTimed(string text)
    {
        var isVtt = text.TrimStart().StartsWith("WEBVTT", StringComparison.Ordinal);
        (TimeSpan Start, TimeSpan End)? times = null;
        var lines = new List<string>();
        foreach (var line in text.Split('\n').Append(""))
        {
            if (TimeLine().Match(line) is { Success: true } match)
            {
                // A time without a blank line before it begins a caption all the same; the line above it was its number.
                if (times is not null && lines.Count > 0 && int.TryParse(lines[^1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                {
                    lines.RemoveAt(lines.Count - 1);
                }

                if (times is var (start, end) && lines.Count > 0)
                {
                    yield return Plain(start, end, string.Join('\n', lines), isVtt);
                }

                times = (line.TrimStart().StartsWith('-') ? TimeSpan.Zero : Time(match, 1), Time(match, 5)); // nothing is before the beginning
                lines.Clear();
            }
            else if (string.IsNullOrWhiteSpace(line))
            {
                if (times is var (start, end) && lines.Count > 0)
                {
                    yield return Plain(start, end, string.Join('\n', lines), isVtt);
                    times = null;
                    lines.Clear();
                }
            }
            else if (times is not null)
            {
                lines.Add(line.Trim());
            }
        }
    }

    private static GivenCue Plain(TimeSpan start, TimeSpan end, string text, bool isVtt)
    {
        var speaker = isVtt && Voice().Match(text) is { Success: true } voice ? WebUtility.HtmlDecode(voice.Groups[1].Value).Trim() : null;
        var plain = Override().Replace(Tag().Replace(text, ""), "");
        return new GivenCue(start, end, isVtt ? WebUtility.HtmlDecode(plain) : plain.Replace("\u2060", "", StringComparison.Ordinal)) { Speaker = string.IsNullOrEmpty(speaker) ? null : speaker };
    }

    private static IEnumerable<GivenCue> ReadAss(string text)
    {
        string[] fields = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"];
        var inEvents = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith('['))
            {
                inEvents = line.StartsWith("[Events]", StringComparison.OrdinalIgnoreCase);
            }
            else if (inEvents && line.StartsWith("Format:", StringComparison.OrdinalIgnoreCase))
            {
                fields = [.. line[7..].Split(',').Select(field => field.Trim().ToLowerInvariant())];
            }
            else if (inEvents && line.StartsWith("Dialogue:", StringComparison.OrdinalIgnoreCase))
            {
                var values = line[9..].Split(',', Math.Max(1, fields.Length));
                string Value(string name) => Array.IndexOf(fields, name) is var at and >= 0 && at < values.Length ? values[at].Trim() : "";
                if (Drawing().IsMatch(Value("text")) || AssTime().Match(Value("start")) is not { Success: true } start || AssTime().Match(Value("end")) is not { Success: true } end)
                {
                    continue;
                }

                var plain = Override().Replace(Value("text"), "").Replace(@"\N", "\n", StringComparison.Ordinal).Replace(@"\n", " ", StringComparison.Ordinal).Replace(@"\h", " ", StringComparison.Ordinal);
                yield return new GivenCue(Time(start, 1), Time(end, 1), plain) { Speaker = Value("name") is { Length: > 0 } name ? name : null };
            }
        }
    }

    private static TimeSpan Time(Match match, int group)
    {
        double Part(int offset) => match.Groups[group + offset] is { Success: true } part ? double.Parse(part.ValueSpan, CultureInfo.InvariantCulture) : 0;
        var fraction = match.Groups[group + 3] is { Success: true } digits ? double.Parse("0." + digits.Value, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromSeconds(Math.Min((Part(0) * 3600) + (Part(1) * 60) + Part(2) + fraction, TimeSpan.FromDays(10).TotalSeconds));
    }

    [GeneratedRegex(@"^\s*(?:-?(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?\s*-->\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?")]
    private static partial Regex TimeLine();

    [GeneratedRegex(@"^(\d{1,4}):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?$")]
    private static partial Regex AssTime();

    [GeneratedRegex(@"<v(?:\.[^ >]*)?\s+([^>]{1,100})>")]
    private static partial Regex Voice();

    [GeneratedRegex(@"</?[a-zA-Z0-9.:][^<>]{0,200}>|</?[a-zA-Z]>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{\\[^{}]*\}")]
    private static partial Regex Override();

    [GeneratedRegex(@"\\p[1-9]")]
    private static partial Regex Drawing();
}

/// <summary>Brings given captions into an order that can be shown. Pure.</summary>
internal static class CueRepair
{
    private const int MostAtOnce = 4;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Same = TimeSpan.FromMilliseconds(20);

    /// <summary>Sorts, clamps, gives empty ones a length, joins those that begin together and ends those that overlap.</summary>
    /// <returns>Words per caption, dealt over its time by their length, and how many captions were changed or left out.</returns>
    /// <exception cref="StageException"><c>caption.limit_exceeded</c>: more than four at one time.</exception>
    public static (ImmutableArray<ImmutableArray<Word>> Cues, int Changed) Repair(IEnumerable<GivenCue> given, TimeSpan length)
    {
        var changed = 0;
        var cues = new List<GivenCue>();
        foreach (var cue in given.OrderBy(cue => cue.Start).ThenBy(cue => cue.End))
        {
            var words = ScriptAlignment.ScriptWords(cue.Text);
            if (words.IsEmpty || cue.Start >= length)
            {
                changed++;
                continue;
            }

            var end = cue.End > cue.Start ? cue.End : cue.Start + TimeSpan.FromSeconds(Math.Max(1, cue.Text.Length / 15.0));
            end = end < length ? end : length;
            changed += end == cue.End ? 0 : 1;
            cues.Add(cue with { End = end });
        }

        Crowd(cues);
        var shown = new List<GivenCue>();
        foreach (var cue in cues)
        {
            if (shown.Count > 0 && cue.Start - shown[^1].Start < Same)
            {
                changed++;
                shown[^1] = shown[^1] with { Text = $"{shown[^1].Text}\n{cue.Text}", End = cue.End > shown[^1].End ? cue.End : shown[^1].End };
                continue;
            }

            if (shown.Count > 0 && shown[^1].End > cue.Start)
            {
                changed++;
                shown[^1] = shown[^1] with { End = cue.Start };
            }

            shown.Add(cue);
        }

        var kept = shown.Where(cue => cue.End - cue.Start >= Shortest).ToList();
        return ([.. kept.Select(Words)], changed + shown.Count - kept.Count);
    }

    private static void Crowd(List<GivenCue> cues)
    {
        var ends = new PriorityQueue<TimeSpan, TimeSpan>();
        foreach (var cue in cues)
        {
            while (ends.Count > 0 && ends.Peek() <= cue.Start)
            {
                ends.Dequeue();
            }

            ends.Enqueue(cue.End, cue.End);
            if (ends.Count > MostAtOnce)
            {
                throw new StageException("caption.limit_exceeded", FailureKind.Permanent, $"More than {MostAtOnce} captions at one time, at {cue.Start.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s.");
            }
        }
    }

    private static ImmutableArray<Word> Words(GivenCue cue)
    {
        var words = ScriptAlignment.ScriptWords(cue.Text);
        var (total, done) = (words.Sum(word => PartMatching.Weight(word.Text)), 0.0);
        return
        [
            .. words.Select(word =>
            {
                var start = cue.Start + ((cue.End - cue.Start) * (done / total));
                done += PartMatching.Weight(word.Text);
                return word with { Start = start, End = cue.Start + ((cue.End - cue.Start) * (done / total)), Speaker = cue.Speaker };
            }),
        ];
    }
}
