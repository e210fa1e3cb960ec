using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Transcode.Streams;

/// <summary>Captions of a streamed film: what players call them. Pure.</summary>
internal static class StreamTexts
{
    /// <summary>Name of captions that were brought along, without the extension.</summary>
    public const string Own = "captions";

    /// <summary>Captions of a day of talk; more is something else.</summary>
    public const int MostBytes = 5_000_000;

    /// <summary>ISO 639-2's codes for bibliographies, where they differ: containers have these, .NET knows the others.</summary>
    private static readonly ImmutableDictionary<string, string> Bibliographic = new Dictionary<string, string>
    {
        ["alb"] = "sqi", ["arm"] = "hye", ["baq"] = "eus", ["bur"] = "mya", ["chi"] = "zho", ["cze"] = "ces", ["dut"] = "nld", ["fre"] = "fra", ["geo"] = "kat", ["ger"] = "deu",
        ["gre"] = "ell", ["ice"] = "isl", ["mac"] = "mkd", ["mao"] = "mri", ["may"] = "msa", ["per"] = "fas", ["rum"] = "ron", ["slo"] = "slk", ["tib"] = "bod", ["wel"] = "cym",
    }.ToImmutableDictionary();

    private const string LanguageHeader = "Language:";

    /// <summary>The captions that were brought along, if any, then the film's own tracks.</summary>
    /// <param name="tracks">The film's.</param>
    /// <param name="captions">What was brought along; null for nothing.</param>
    public static ImmutableArray<StreamedText> Of(ImmutableArray<TextTrack> tracks, string? captions)
    {
        var texts = ImmutableArray.CreateBuilder<StreamedText>();
        if (captions is not null)
        {
            texts.Add(New(Own, LanguageOf(captions), texts));
        }

        for (var number = 0; number < tracks.Length; number++)
        {
            texts.Add(New(StreamCommand.TextName(number), tracks[number].Language, texts));
        }

        return texts.ToImmutable();
    }

    /// <summary>Takes captions for WebVTT: UTF-8 that begins with its signature.</summary>
    /// <exception cref="StageException"><c>transcode.captions_not_webvtt</c>.</exception>
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
            if (bytes.Length <= MostBytes && text is ['W', 'E', 'B', 'V', 'T', 'T', ' ' or '\t' or '\r' or '\n', ..] && !text.Contains('\0', StringComparison.Ordinal))
            {
                return text;
            }
        }
        catch (DecoderFallbackException)
        {
        }

        throw new StageException("transcode.captions_not_webvtt", FailureKind.Permanent, FormattableString.Invariant($"The captions are not WebVTT in UTF-8 of at most {MostBytes} bytes."));
    }

    // Players show the name; two of the same would be one.
    private static StreamedText New(string name, string? language, IEnumerable<StreamedText> before)
    {
        var main = language?.Split('-')[0] is { } code ? Bibliographic.GetValueOrDefault(code, code) : null;
        var culture = main is null ? null : CultureInfo.GetCultures(CultureTypes.NeutralCultures)
            .FirstOrDefault(culture => culture.TwoLetterISOLanguageName == main || culture.ThreeLetterISOLanguageName == main);
        var label = culture?.EnglishName ?? "Captions";
        var same = before.Count(text => text.Label.StartsWith(label, StringComparison.Ordinal));
        return new StreamedText(name, same == 0 ? label : string.Create(CultureInfo.InvariantCulture, $"{label} {same + 1}"), main?.Length == 3 && culture is not null ? culture.Name : language);
    }

    // A header line that some writers, ours among them, put below the signature.
    private static string? LanguageOf(string captions) => captions.Split('\n').Skip(1).TakeWhile(line => line.Trim().Length > 0)
        .Where(line => line.StartsWith(LanguageHeader, StringComparison.Ordinal)).Select(line => line[LanguageHeader.Length..].Trim())
        .FirstOrDefault(code => code.Length is >= 2 and <= 35 && code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
}
