using System.Collections.Immutable;
using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Capture.Camera;

/// <summary>How a film is encoded.</summary>
/// <param name="Preset">x264's preset.</param>
/// <param name="Crf">x264's constant rate factor, 0 to 51.</param>
/// <param name="Mp4">MP4 with AAC and its index in front; otherwise Matroska with FLAC.</param>
/// <param name="AudioBitrate">Of the AAC, in bits per second.</param>
internal sealed record FilmEncoding(string Preset, int Crf, bool Mp4, int AudioBitrate)
{
    /// <summary>For a film that another stage works on: fast, and near enough to lossless.</summary>
    public static readonly FilmEncoding Intermediate = new(FilmPicture.FastPreset, FilmPicture.FastCrf, false, 0);

    public static FilmEncoding For(FinalEncode? encode) =>
        encode is null ? Intermediate : new FilmEncoding(encode.Settings.Preset, encode.Settings.Crf, encode.WritesResult, encode.Settings.AudioBitrate);

    public string Extension => Mp4 ? ".mp4" : ".mkv";

    /// <summary>The film as an output of ffmpeg, exactly so many frames long.</summary>
    public FfmpegOutput Output(string path, string map, int fps, int frames) => new(path)
    {
        Format = Mp4 ? "mp4" : "matroska",
        Maps = [map],
        Options = [.. Picture(fps), "-frames:v", Text(frames), .. Container],
    };

    /// <summary>The film with sound, as long as both are: ffmpeg's own limit of frames would end the sound before its time.</summary>
    public FfmpegOutput Output(string path, string picture, string sound, int fps) => new(path)
    {
        Format = Mp4 ? "mp4" : "matroska",
        Maps = [picture, sound],
        Options = [.. Picture(fps), .. Mp4 ? (string[])["-c:a", "aac", "-b:a", Text(AudioBitrate)] : ["-c:a", "flac"], "-ac", "2", .. Container],
    };

    private ImmutableArray<string> Picture(int fps) => FilmPicture.Options(Preset, Crf, new Rational(fps, 1));

    private string[] Container => Mp4 ? ["-movflags", "+faststart"] : [];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
