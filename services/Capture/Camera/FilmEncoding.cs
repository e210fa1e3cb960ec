using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Capture.Camera;

/// <summary>How a film is encoded.</summary>
/// <param name="Preset">x264's preset.</param>
/// <param name="Crf">x264's constant rate factor, 0 to 51.</param>
/// <param name="Mp4">MP4 with its index in front; otherwise Matroska.</param>
internal sealed record FilmEncoding(string Preset, int Crf, bool Mp4)
{
    /// <summary>For a film that another stage works on: fast, and near enough to lossless.</summary>
    public static readonly FilmEncoding Intermediate = new(FilmPicture.FastPreset, FilmPicture.FastCrf, false);

    public static FilmEncoding For(FinalEncode? encode) =>
        encode is null ? Intermediate : new FilmEncoding(encode.Settings.Preset, encode.Settings.Crf, encode.WritesResult);

    public string Extension => Mp4 ? ".mp4" : ".mkv";

    /// <summary>The film as an output of ffmpeg, exactly so many frames long.</summary>
    public FfmpegOutput Output(string path, string map, int fps, int frames) => new(path)
    {
        Format = Mp4 ? "mp4" : "matroska",
        Maps = [map],
        Options = [.. FilmPicture.Options(Preset, Crf, new Rational(fps, 1)), "-frames:v", Text(frames), .. Mp4 ? (string[])["-movflags", "+faststart"] : []],
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
