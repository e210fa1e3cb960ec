using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Ffmpeg;

namespace Platform.Transcode.Streams;

/// <summary>A rendition that was made.</summary>
/// <param name="Rendition">Its size.</param>
/// <param name="Index">What lies where in its file.</param>
internal sealed record MadeRendition(Rendition Rendition, FragmentIndex Index);

/// <summary>The sound of a streamed film.</summary>
/// <param name="Index">What lies where in its file.</param>
/// <param name="Channels">How many.</param>
internal sealed record StreamedSound(FragmentIndex Index, int Channels);

/// <summary>Captions of a streamed film.</summary>
/// <param name="Name">Of their playlist and file, without the extension.</param>
/// <param name="Label">What a player's menu says.</param>
/// <param name="Language">By BCP 47; null where it is not known.</param>
internal sealed record StreamedText(string Name, string Label, string? Language);

/// <summary>Writes playlists of HTTP Live Streaming (RFC 8216). Names are relative: all files lie in one folder. Pure.</summary>
internal static class Playlists
{
    /// <summary>Of the sound's file and playlist, without the extension.</summary>
    public const string Sound = "sound";

    /// <summary>Players begin with the variant that stands first; this is the rate to begin with (HLS Authoring Specification for Apple Devices, 9.15).</summary>
    private const int FirstBitrate = 2_000_000;

    /// <summary>Least seconds of a segment but the last (the same, 7.5).</summary>
    private const double SegmentSeconds = 6;

    private const double Tolerance = 0.001;

    /// <summary>The playlist that a player is given.</summary>
    public static string Master(ImmutableArray<MadeRendition> renditions, Rational rate, StreamedSound? sound, ImmutableArray<StreamedText> texts)
    {
        var playlist = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        if (sound is not null)
        {
            playlist.Append(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"Sound\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"{sound.Channels}\",URI=\"{Sound}.m3u8\"\n");
        }

        foreach (var text in texts)
        {
            var language = text.Language is null ? "" : $",LANGUAGE=\"{text.Language}\"";
            playlist.Append(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"{text.Label}\"{language},DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"{text.Name}.m3u8\"\n");
        }

        var first = renditions.MinBy(made => Math.Abs(made.Rendition.Bitrate - FirstBitrate))!;
        foreach (var (rendition, index) in renditions.OrderBy(made => made != first))
        {
            var codecs = sound is null ? index.Codec : $"{index.Codec},mp4a.40.2";
            playlist.Append(
                CultureInfo.InvariantCulture,
                $"#EXT-X-STREAM-INF:BANDWIDTH={Peak(index) + (sound is null ? 0 : Peak(sound.Index))},AVERAGE-BANDWIDTH={Mean(index) + (sound is null ? 0 : Mean(sound.Index))},CODECS=\"{codecs}\","
                + $"RESOLUTION={rendition.Width}x{rendition.Height},FRAME-RATE={rate.Value:0.000}{(sound is null ? "" : ",AUDIO=\"sound\"")}{(texts.IsEmpty ? "" : ",SUBTITLES=\"captions\"")},CLOSED-CAPTIONS=NONE\n"
                + $"{rendition.Name}.m3u8\n");
        }

        return playlist.ToString();
    }

    /// <summary>The playlist of one file, whose segments are ranges of its bytes.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="index">What lies where in it.</param>
    public static string Media(string file, FragmentIndex index)
    {
        var segments = Segments(index);
        var playlist = Head(segments.Max(segment => segment.Seconds)).Append(CultureInfo.InvariantCulture, $"#EXT-X-MAP:URI=\"{file}\",BYTERANGE=\"{index.HeaderBytes}@0\"\n");
        foreach (var segment in segments)
        {
            playlist.Append(CultureInfo.InvariantCulture, $"#EXTINF:{segment.Seconds:0.000000},\n#EXT-X-BYTERANGE:{segment.Bytes}@{segment.Offset}\n{file}\n");
        }

        return playlist.Append("#EXT-X-ENDLIST\n").ToString();
    }

    /// <summary>The playlist of captions: one file, as long as the film.</summary>
    public static string Text(string file, double seconds) =>
        Head(seconds).Append(CultureInfo.InvariantCulture, $"#EXTINF:{seconds:0.000000},\n{file}\n#EXT-X-ENDLIST\n").ToString();

    /// <summary>Most bits per second of a segment.</summary>
    public static long Peak(FragmentIndex index) => (long)Math.Ceiling(Segments(index).Max(segment => segment.Bytes * 8 / segment.Seconds));

    /// <summary>Bits per second over the whole.</summary>
    public static long Mean(FragmentIndex index) => (long)Math.Ceiling(index.Fragments.Sum(fragment => fragment.Bytes) * 8 / index.Seconds);

    // A segment's length, rounded, must not be more than the target.
    private static StringBuilder Head(double longest) => new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n")
        .Append(CultureInfo.InvariantCulture, $"#EXT-X-TARGETDURATION:{Math.Max(1, (int)Math.Round(longest, MidpointRounding.AwayFromZero))}\n#EXT-X-PLAYLIST-TYPE:VOD\n");

    private static ImmutableArray<Fragment> Segments(FragmentIndex index)
    {
        var segments = ImmutableArray.CreateBuilder<Fragment>();
        foreach (var fragment in index.Fragments)
        {
            if (segments.Count > 0 && segments[^1].Seconds < SegmentSeconds - Tolerance)
            {
                segments[^1] = segments[^1] with { Bytes = segments[^1].Bytes + fragment.Bytes, Seconds = segments[^1].Seconds + fragment.Seconds };
            }
            else
            {
                segments.Add(fragment);
            }
        }

        return segments.ToImmutable();
    }
}
