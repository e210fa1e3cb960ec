using Platform.Processes;

namespace Platform.Ffmpeg;

/// <summary>Says what a failure of ffmpeg or ffprobe means. Pure.</summary>
internal static class FfmpegFailure
{
    private const int DetailLength = 2000;

    /// <summary>The first that fits decides, so what is more special stands above.</summary>
    private static readonly (string Text, string Code, bool Transient)[] Known =
    [
        ("Format not on whitelist", "media.unsupported_container", false),
        (") not on whitelist", "media.unsupported_codec", false),
        ("Protocol not on whitelist", "media.unsupported_container", false),
        ("exceeds specified max pixel count", "media.too_many_pixels", false),
        ("Picture size", "media.too_many_pixels", false),
        ("No space left on device", "stage.disk_full", true),
        ("Disk quota exceeded", "stage.disk_full", true),
        ("Cannot allocate memory", "media.resource_limit", false),
        ("encrypted", "media.encrypted", false),
        ("Invalid data found when processing input", "media.unreadable", false),
        ("moov atom not found", "media.unreadable", false),
        ("corrupt input packet", "media.unreadable", false),
        ("Error while decoding", "media.unreadable", false),
        ("Error while processing the decoded data", "media.unreadable", false),
        ("Error submitting packet to decoder", "media.unreadable", false),
        ("Could not find codec parameters", "media.unreadable", false),
        ("Stream map '", "media.missing_stream", false),
        ("matches no streams", "media.missing_stream", false),
        ("No such filter", "media.ffmpeg_too_old", false),
        ("Unknown encoder", "media.ffmpeg_too_old", false),
    ];

    /// <summary>A run that ended by itself with something else than success.</summary>
    public static MediaException Classify(ChildResult result, string workspace) => result switch
    {
        { Signal: 9 } => New("media.resource_limit", true, "ffmpeg was killed, which the system does when memory runs out", result.ErrorTail, workspace),
        { Signal: 4 or 6 or 7 or 8 or 11 } => New("media.decoder_crashed", false, $"ffmpeg crashed with signal {result.Signal}", result.ErrorTail, workspace),
        _ when Known.FirstOrDefault(known => result.ErrorTail.Contains(known.Text, StringComparison.Ordinal)) is { Code: not null } found =>
            New(found.Code, found.Transient, $"ffmpeg exited with {result.ExitCode}", result.ErrorTail, workspace),
        _ => New("media.ffmpeg_failed", true, $"ffmpeg exited with {result.ExitCode}", result.ErrorTail, workspace),
    };

    /// <summary>A run that a limit ended, or that could not begin.</summary>
    public static MediaException Classify(ChildException e, string workspace) => e.Reason switch
    {
        ChildFailure.NotStarted => New("media.tool_missing", true, e.Message, "", workspace, e),
        ChildFailure.TimedOut => New("media.timeout", true, e.Message, e.ErrorTail, workspace, e),
        ChildFailure.Stalled => New("stage.stalled", true, e.Message, e.ErrorTail, workspace, e),
        _ => New("media.resource_limit", false, e.Message, e.ErrorTail, workspace, e),
    };

    private static MediaException New(string code, bool transient, string what, string stderr, string workspace, Exception? inner = null)
    {
        var said = workspace.Length > 1 ? stderr.Replace(workspace.TrimEnd('/') + "/", "", StringComparison.Ordinal).Trim() : stderr.Trim();
        return new MediaException(code, transient, said.Length == 0 ? what : $"{what}: {(said.Length > DetailLength ? said[^DetailLength..] : said)}", inner);
    }
}
