using System.Collections.Immutable;
using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Transcode.Films;

namespace Platform.Transcode.Streams;

/// <summary>Writes a streamed film as one run of ffmpeg: the film is read once, each size, the sound and each subtitle track is a file. Pure.</summary>
internal static class StreamCommand
{
    /// <summary>Where a file of the streamed film lies in a folder.</summary>
    public static string PathOf(string folder, string name) => Path.Combine(folder, name);

    /// <summary>Name of the film's subtitle track of that number, without the extension.</summary>
    public static string TextName(int number) => string.Create(CultureInfo.InvariantCulture, $"captions-{number + 1}");

    /// <summary>The run.</summary>
    public static FfmpegCommand For(FilmPlan plan, ImmutableArray<Rendition> renditions, MediaInfo film, string path, string folder, EncodeSettings settings) => new()
    {
        Inputs = [new FfmpegInput(path) { Options = FilmCommand.Decoder(plan, film.Video!) }],
        Graph = new FilterGraph(
        [
            new FilterChain(["0:v:0"], [.. FilmCommand.Shaped(plan, film.Video!), Filters.Split(renditions.Length)], [.. renditions.Select(rendition => $"whole{rendition.Name}")]),
            .. renditions.Select(rendition => Filters.Chain($"whole{rendition.Name}", rendition.Name, Filters.Scale(rendition.Width, rendition.Height), Filters.SquarePixels())),
            .. FilmCommand.SoundChain(plan, film),
        ]),
        Outputs =
        [
            .. renditions.Select(rendition => Picture(plan, rendition, folder, settings)),
            .. film.Audio is null ? [] : (FfmpegOutput[])[Sound(plan, folder)],
            .. film.Texts.Select((text, number) => new FfmpegOutput(PathOf(folder, $"{TextName(number)}.vtt"))
            {
                Maps = [string.Create(CultureInfo.InvariantCulture, $"0:{text.Index}")], Options = ["-map_metadata", "-1", "-c:s", "webvtt"], Format = "webvtt", Duration = Most(plan),
            }),
        ],
        Length = plan.Length,
    };

    // Key frames at the same times in every size, so that a player may change from one to another at each.
    private static FfmpegOutput Picture(FilmPlan plan, Rendition rendition, string folder, EncodeSettings settings) => new(PathOf(folder, $"{rendition.Name}.mp4"))
    {
        Maps = [$"[{rendition.Name}]"],
        Options =
        [
            .. Bare, .. FilmPicture.Options(settings.Preset, settings.Crf, plan.Rate), "-profile:v", "high", "-sc_threshold", "0",
            "-maxrate", Text(rendition.Bitrate), "-bufsize", Text(rendition.Bitrate), "-movflags", "+cmaf+global_sidx+frag_keyframe",
        ],
        Format = "mp4",
        Duration = Most(plan),
    };

    // Parts of six seconds, as long as a segment. What the encoder needs to start is told by an edit list, and so is not heard.
    private static FfmpegOutput Sound(FilmPlan plan, string folder) => new(PathOf(folder, $"{Playlists.Sound}.mp4"))
    {
        Maps = [plan.CopiesSound ? "0:a:0" : "[sound]"],
        Options =
        [
            .. Bare, .. plan.CopiesSound ? (string[])["-c:a", "copy"] : ["-c:a", "aac", "-b:a", Text(plan.AudioBitrate)],
            "-frag_duration", "6000000", "-use_editlist", "1", "-movflags", "+cmaf+global_sidx+delay_moov",
        ],
        Format = "mp4",
        Duration = Most(plan),
    };

    private static readonly ImmutableArray<string> Bare = ["-map_metadata", "-1", "-map_chapters", "-1"];

    private static TimeSpan Most(FilmPlan plan) => plan.Length + TimeSpan.FromSeconds(1);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
