namespace Platform.Ffmpeg;

/// <summary>Media that could not be read or made.</summary>
/// <param name="code">Stable, in snake case, such as <c>media.unreadable</c>.</param>
/// <param name="transient">Whether another try may succeed.</param>
/// <param name="detail">What happened, for a person; holds no path of this machine.</param>
/// <param name="inner">What it came from.</param>
public sealed class MediaException(string code, bool transient, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public string Code { get; } = code;

    public bool Transient { get; } = transient;
}
