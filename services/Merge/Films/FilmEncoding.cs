using System.Collections.Immutable;
using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Merge.Films;

/// <summary>How a film is encoded.</summary>
/// <param name="Preset">x264's preset.</param>
/// <param name="Crf">x264's constant rate factor, 0 to 51.</param>
/// <param name="IsResult">The file is a result: MP4 with AAC and its index in front. Otherwise Matroska with PCM.</param>
/// <param name="AudioBitrate">Of the AAC, in bits per second.</param>
internal sealed record FilmEncoding(string Preset, int Crf, bool IsResult, int AudioBitrate)
{
    /// <summary>For a film that another stage works on: fast, and near enough to lossless.</summary>
    public static readonly FilmEncoding Intermediate = new(FilmPicture.FastPreset, FilmPicture.FastCrf, false, 0);

    public static FilmEncoding For(FinalEncode? encode) =>
        encode is null ? Intermediate : new FilmEncoding(encode.Settings.Preset, encode.Settings.Crf, encode.WritesResult, encode.Settings.AudioBitrate);

    public string Extension => IsResult ? ".mp4" : ".mkv";

    public string ContentType => IsResult ? "video/mp4" : "video/x-matroska";

    public string Format => IsResult ? "mp4" : "matroska";

    /// <summary>The picture. How many frames it has the graph decides: ffmpeg's own limit ends the sound with the last frame, before its time.</summary>
    public ImmutableArray<string> Picture(Rational rate) => FilmPicture.Options(Preset, Crf, rate);

    /// <summary>The sound, and what the container needs.</summary>
    public ImmutableArray<string> Sound => IsResult
        ? ["-c:a", "aac", "-b:a", Text(AudioBitrate), .. Container]
        : ["-c:a", "pcm_f32le"]; // a sum may pass full scale, and a later stage may bring it down again

    public ImmutableArray<string> Container => IsResult ? ["-map_metadata", "-1", "-map_chapters", "-1", "-movflags", "+faststart"] : ["-map_metadata", "-1", "-map_chapters", "-1"];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
