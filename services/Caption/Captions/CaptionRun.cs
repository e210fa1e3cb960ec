using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Caption.Looks;
using Platform.Caption.Sources;
using Platform.Caption.Speech;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Pictures;
using Platform.Stages;

namespace Platform.Caption.Captions;

/// <summary>What a run works with.</summary>
internal sealed record CaptionTools(IFfmpeg Ffmpeg, IMediaProbe Probe, Listener Listener, IFonts Fonts, Stickers Stickers);

/// <summary>A film with its captions, and the files beside it by output name.</summary>
internal sealed record CaptionedFilm(string Path, MediaInfo Info, IReadOnlyDictionary<string, (string Path, string Type)> Sidecars, CaptionFacts Facts);

/// <summary>What was found on the way.</summary>
/// <param name="Language">Of the captions.</param>
/// <param name="Words">How many.</param>
/// <param name="Cues">How many.</param>
/// <param name="Changed">Given captions whose times had to be changed, or that were left out.</param>
internal sealed record CaptionFacts(string Language, int Words, int Cues, int Changed);

/// <summary>One film: what its steps share.</summary>
internal sealed class CaptionRun(CaptionTools tools, CaptionOrder order, CancellationToken cancellationToken)
{
    private static readonly TimeSpan LongestFilm = TimeSpan.FromHours(12);

    /// <summary>What MP4 players play; a picture of another kind cannot be copied into the result.</summary>
    private static readonly ImmutableArray<string> Mp4Codecs = ["h264", "hevc", "av1", "vp9", "mpeg4"];

    private readonly CaptionParameters parameters = order.Parameters;
    private readonly string result = order.PathOf(order.IsResult ? "out.mp4" : "out.mkv");
    private int changed;

    public async Task<CaptionedFilm> MakeAsync()
    {
        var film = await tools.Probe.ProbeAsync(order.Film, cancellationToken);
        var picture = film.RequireVideo();
        var length = film.RequireDuration();
        if (length > LongestFilm)
        {
            throw new MediaException("media.too_long", false, $"The film is longer than {LongestFilm.TotalHours:0} hours.");
        }

        var look = Look.Of(parameters.Style);
        var speakers = SpeakerColors();
        var font = await tools.Fonts.FindAsync(look.Font, look.Weight, cancellationToken);
        var (width, height) = BurnGraph.Size(picture);
        var layout = new Layout(look, font, SafeArea.Of(parameters.SafeZone, width, height), width, height);
        var (language, cues) = await CuesAsync(film, length, layout);
        await WarnAsync(cues, look, font);

        var placed = cues.Select(layout.Place).ToImmutableArray();
        var script = new AssWriter(look, font, width, height, speakers);
        var sidecars = await WriteAsync(cues, language, script.Write(placed));
        await MakeFilmAsync(film, placed, look, script, language);
        var made = await tools.Probe.ProbeAsync(result, cancellationToken);
        MediaInfo.RequireSameDuration(length, made.RequireDuration());
        return new CaptionedFilm(result, made, sidecars, new CaptionFacts(language, cues.Sum(cue => cue.Words.Count()), cues.Length, changed));
    }

    private async Task<(string Language, ImmutableArray<Cue> Cues)> CuesAsync(MediaInfo film, TimeSpan length, Layout layout)
    {
        var limits = new CueLimits(parameters.Words, parameters.Lines, layout.MostWidth, parameters.MaxCharsPerSecond);
        if (parameters.Source.Words is null && order.Captions is { } file)
        {
            var given = CueRepair.Repair(GivenCues.Read(await ReadAsync(file)), length);
            changed = given.Changed;
            if (changed > 0)
            {
                order.Warn("caption.cues_changed", $"{changed} captions had times that cannot be shown, or overlapped: they were changed or left out.");
            }

            return (parameters.Language, CueMaker.Keep(given.Cues.Select(words => Edited(words)), limits, layout.Measure));
        }

        var said = order.Captions is { } list
            ? new Said(parameters.Language, WordRepair.Repair(GivenWords.Read(await ReadAsync(list)), [], length))
            : await tools.Listener.ListenAsync(order, film, cancellationToken);
        return (said.Language, CueMaker.Make(Edited(said.Words), limits, layout.Measure, length));
    }

    private ImmutableArray<Word> Edited(IReadOnlyList<Word> words) => Labelled(WordEdits.Replace([.. WordEdits.Exclude(words, parameters.Exclude)], parameters.Replace));

    private ImmutableArray<Word> Labelled(ImmutableArray<Word> words) => !parameters.SpeakerLabels ? words :
        [.. words.Select((word, i) => word.Speaker is { } speaker && (i == 0 || words[i - 1].Speaker != speaker) ? word with { Text = $"{speaker}: {word.Text}" } : word)];

    private async Task<string> ReadAsync(string file)
    {
        if (new FileInfo(file).Length > SubtitleText.MostBytes)
        {
            throw new StageException("caption.limit_exceeded", FailureKind.Permanent, $"A file of captions may have {SubtitleText.MostBytes >> 20} MB.");
        }

        return SubtitleText.Decode(await File.ReadAllBytesAsync(file, cancellationToken));
    }

    private Dictionary<string, Rgba> SpeakerColors() => parameters.SpeakerColors?.ToDictionary(speaker => speaker.Key, speaker => Rgba.Parse(speaker.Value)) ?? [];

    private async Task WarnAsync(ImmutableArray<Cue> cues, Look look, FontFile font)
    {
        var text = string.Concat(cues.SelectMany(cue => cue.Texts).Select(look.Cased));
        if (await tools.Fonts.MissingAsync(text, font, cancellationToken) is { Count: > 0 } missing)
        {
            order.Warn("caption.missing_glyph", $"No font here draws {string.Join(", ", missing.Take(10).Select(rune => $"U+{rune.Value:X4}"))}: boxes are shown.");
        }

        var fast = cues.Count(cue => cue.Texts.Sum(line => line.Length) > (cue.End - cue.Start).TotalSeconds * parameters.MaxCharsPerSecond * 1.1);
        if (fast > 0)
        {
            order.Warn("caption.fast", string.Create(CultureInfo.InvariantCulture, $"{fast} of {cues.Length} captions are gone before they are read at {parameters.MaxCharsPerSecond:0.#} characters a second: what is said leaves no more room."));
        }
    }

    private async Task<Dictionary<string, (string, string)>> WriteAsync(ImmutableArray<Cue> cues, string language, string script)
    {
        var sidecars = new Dictionary<string, (string Path, string Type)>
        {
            ["srt"] = (order.PathOf("captions.srt"), "application/x-subrip"),
            ["vtt"] = (order.PathOf("captions.vtt"), "text/vtt"),
            ["ass"] = (order.PathOf("captions.ass"), "text/x-ssa"),
            ["words"] = (order.PathOf("captions.json"), "application/json"),
        };
        await File.WriteAllTextAsync(sidecars["srt"].Path, Sidecars.Srt(cues), Plain, cancellationToken);
        await File.WriteAllTextAsync(sidecars["vtt"].Path, Sidecars.Vtt(cues, language), Plain, cancellationToken);
        await File.WriteAllTextAsync(sidecars["ass"].Path, script, Plain, cancellationToken);
        await File.WriteAllBytesAsync(sidecars["words"].Path, Sidecars.Words([.. cues.SelectMany(cue => cue.Words)], cues, language), cancellationToken);
        return sidecars;
    }

    private static readonly UTF8Encoding Plain = new(encoderShouldEmitUTF8Identifier: false);

    private async Task MakeFilmAsync(MediaInfo film, ImmutableArray<PlacedCue> placed, Look look, AssWriter script, string language)
    {
        var picture = film.Video!;
        var length = film.RequireDuration();
        var burns = parameters.Burn == CaptionBurn.Picture;
        if (!burns && order.IsResult && !Mp4Codecs.Contains(picture.Codec))
        {
            order.Warn("caption.picture_encoded", $"A picture in {picture.Codec} cannot be copied into MP4: it was encoded.");
        }

        var encodes = burns || (order.IsResult && !Mp4Codecs.Contains(picture.Codec));
        ImmutableArray<Sticker> stickers = [];
        string? burnt = null;
        if (burns && !placed.IsEmpty)
        {
            stickers = await tools.Stickers.DrawAsync(placed, look, Directory.CreateDirectory(order.PathOf("emoji")).FullName, cancellationToken);
            burnt = order.PathOf("burn.ass");
            await File.WriteAllTextAsync(burnt, script.Write(placed, withEmoji: false), Plain, cancellationToken);
        }

        var track = parameters.Burn == CaptionBurn.Soft && !placed.IsEmpty;
        var from = order.Captions is null ? 0.5 : 0.05;
        await tools.Ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs =
                [
                    new FfmpegInput(order.Film),
                    .. stickers.Select(sticker => new FfmpegInput(sticker.Path) { Format = "png_pipe" }),
                    .. track ? (FfmpegInput[])[new FfmpegInput(order.PathOf("captions.srt")) { Format = "srt" }] : [],
                ],
                Graph = encodes ? BurnGraph.For(picture, burnt, stickers) : null,
                Outputs =
                [
                    new FfmpegOutput(result)
                    {
                        Maps = [encodes ? "[out]" : "0:v:0", .. film.Audio is null ? (string[])[] : ["0:a:0"], .. track ? (string[])["1:s:0"] : []],
                        Options =
                        [
                            "-map_metadata", "-1", "-map_chapters", "-1",
                            .. encodes ? BurnGraph.Picture(order.Encode, picture.FrameRate) : picture.Codec == "hevc" && order.IsResult ? ["-c:v", "copy", "-tag:v", "hvc1"] : ["-c:v", "copy"],
                            .. film.Audio is { } sound ? BurnGraph.Sound(order.Encode, sound) : [],
                            .. track ? (string[])["-c:s", order.IsResult ? "mov_text" : "subrip", "-disposition:s:0", "default", .. ThreeLetters(language) is { } code ? (string[])["-metadata:s:s:0", $"language={code}"] : []] : [],
                            .. order.IsResult ? (string[])["-movflags", "+faststart"] : [],
                        ],
                        Format = order.IsResult ? "mp4" : "matroska",
                        Duration = length + TimeSpan.FromSeconds(1),
                    },
                ],
                Readable = burnt is null ? [] : BurnGraph.FontCache,
                Length = length,
            },
            order.Folder,
            now => order.Report(from + ((1 - from) * (now.Share ?? 0)), burns ? "drawing captions" : "copying"),
            cancellationToken);
    }

    private static string? ThreeLetters(string language)
    {
        try
        {
            return CultureInfo.GetCultureInfo(language, predefinedOnly: true).ThreeLetterISOLanguageName is { Length: 3 } code ? code : null;
        }
        catch (CultureNotFoundException)
        {
            return null; // a language that the system does not know has no code to tell
        }
    }
}
