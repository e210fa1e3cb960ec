using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Platform.Ffmpeg;

namespace Platform.Transcode.Streams;

/// <summary>Writes the manifest of MPEG-DASH for the same files (ISO/IEC 23009-1, on-demand profile: players find fragments by each file's own index). Types stand with the sets: dash.js never ends a film whose captions have theirs inside. Pure.</summary>
internal static class DashManifest
{
    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    /// <summary>Of a text that is shown a line at a time nobody measures the rate; a player wants one.</summary>
    private const int TextBandwidth = 256;

    /// <summary>The manifest.</summary>
    public static string Write(ImmutableArray<MadeRendition> renditions, Rational rate, StreamedSound? sound, ImmutableArray<StreamedText> texts)
    {
        var seconds = Math.Max(renditions[0].Index.Seconds, sound?.Index.Seconds ?? 0);
        var document = new XDocument(
            new XDeclaration("1.0", "utf-8", null),
            new XElement(
                Mpd + "MPD",
                new XAttribute("type", "static"), new XAttribute("profiles", "urn:mpeg:dash:profile:isoff-on-demand:2011"),
                new XAttribute("mediaPresentationDuration", XmlConvert.ToString(TimeSpan.FromSeconds(seconds))), new XAttribute("minBufferTime", "PT2S"),
                new XElement(
                    Mpd + "Period",
                    Set("video", "video/mp4", null, [new XAttribute("subsegmentAlignment", "true"), new XAttribute("subsegmentStartsWithSAP", "1")], renditions.Select(made => File(
                        made.Rendition.Name, made.Index.Codec!, made.Index,
                        new XAttribute("width", made.Rendition.Width), new XAttribute("height", made.Rendition.Height), new XAttribute("frameRate", rate.ToString())))),
                    sound is null ? null : Set("audio", "audio/mp4", null, [new XAttribute("subsegmentStartsWithSAP", "1")], [File(Playlists.Sound, "mp4a.40.2", sound.Index)]),
                    texts.Select(text => Set("text", "text/vtt", text.Language, [], [
                        new XElement(Mpd + "Representation", new XAttribute("id", text.Name), new XAttribute("bandwidth", TextBandwidth), new XElement(Mpd + "BaseURL", $"{text.Name}.vtt"))])))));
        return $"{document.Declaration}\n{document}\n";
    }

    private static XElement Set(string content, string type, string? language, XAttribute[] attributes, IEnumerable<XElement> files) => new(
        Mpd + "AdaptationSet", new XAttribute("contentType", content), new XAttribute("mimeType", type), language is null ? null : new XAttribute("lang", language), attributes,
        content == "text" ? new XElement(Mpd + "Role", new XAttribute("schemeIdUri", "urn:mpeg:dash:role:2011"), new XAttribute("value", "subtitle")) : null,
        files);

    private static XElement File(string name, string codec, FragmentIndex index, params XAttribute[] attributes) => new(
        Mpd + "Representation",
        new XAttribute("id", name), new XAttribute("bandwidth", Playlists.Peak(index)), new XAttribute("codecs", codec), attributes,
        new XElement(Mpd + "BaseURL", $"{name}.mp4"),
        new XElement(
            Mpd + "SegmentBase", new XAttribute("indexRange", Range(index.HeaderBytes, index.IndexBytes)),
            new XElement(Mpd + "Initialization", new XAttribute("range", Range(0, index.HeaderBytes)))));

    private static string Range(long from, long bytes) => string.Create(CultureInfo.InvariantCulture, $"{from}-{from + bytes - 1}");
}
