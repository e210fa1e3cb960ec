using System.Collections.Immutable;

namespace Platform.Ffmpeg;

/// <summary>What a file is, as ffprobe found it.</summary>
/// <param name="Container">ffmpeg's name of the container, such as <c>mov,mp4,m4a,3gp,3g2,mj2</c> or <c>png_pipe</c>.</param>
/// <param name="Duration">Null for a still picture.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Videos">Pictures that move, and still ones; cover art is none.</param>
/// <param name="Audios">Sound.</param>
public sealed record MediaInfo(string Container, TimeSpan? Duration, long Bytes, ImmutableArray<VideoStream> Videos, ImmutableArray<AudioStream> Audios)
{
    /// <summary>The picture a player shows, or null.</summary>
    public VideoStream? Video => Videos.FirstOrDefault();

    /// <summary>The sound a player plays, or null.</summary>
    public AudioStream? Audio => Audios.FirstOrDefault();

    /// <summary>Subtitle tracks that are text; those that are pictures are none.</summary>
    public ImmutableArray<TextTrack> Texts { get; init; } = [];

    public bool IsStill => Video is not null && Duration is null;

    /// <exception cref="MediaException"><c>media.no_video_stream</c>.</exception>
    public VideoStream RequireVideo() => Video ?? throw new MediaException("media.no_video_stream", false, "The file has no picture.");

    /// <exception cref="MediaException"><c>media.no_audio_stream</c>.</exception>
    public AudioStream RequireAudio() => Audio ?? throw new MediaException("media.no_audio_stream", false, "The file has no sound.");

    /// <exception cref="MediaException"><c>media.no_duration</c>.</exception>
    public TimeSpan RequireDuration() => Duration ?? throw new MediaException("media.no_duration", false, "The file is a still picture, or does not say how long it is.");

    /// <summary>Half a file often decodes without an error: compares a result's length with what was promised.</summary>
    /// <exception cref="MediaException"><c>media.duration_mismatch</c>: off by more than half a second and 2 %.</exception>
    public static void RequireSameDuration(TimeSpan promised, TimeSpan made)
    {
        var tolerance = Math.Max(0.5, promised.TotalSeconds * 0.02);
        if (Math.Abs((promised - made).TotalSeconds) > tolerance)
        {
            throw new MediaException("media.duration_mismatch", false, FormattableString.Invariant($"The file promises {promised.TotalSeconds:0.00} s and holds {made.TotalSeconds:0.00} s."));
        }
    }
}

/// <summary>One stream of pictures.</summary>
/// <param name="Index">Its number in the file.</param>
/// <param name="Codec">ffmpeg's name, such as <c>h264</c>.</param>
/// <param name="Width">In pixels, as shown: after rotation.</param>
/// <param name="Height">In pixels, as shown: after rotation.</param>
/// <param name="PixelFormat">ffmpeg's name, such as <c>yuv420p</c>.</param>
/// <param name="FrameRate">The mean over the file.</param>
/// <param name="Rotation">Degrees that a player turns it by, −180 to 180.</param>
/// <param name="Frames">Where the container says it.</param>
public sealed record VideoStream(int Index, string Codec, int Width, int Height, string PixelFormat, Rational FrameRate, int Rotation, long? Frames)
{
    /// <summary>The rate that time stamps are exact in; differs from <see cref="FrameRate"/> where the rate varies.</summary>
    public required Rational TickRate { get; init; }

    /// <summary>Width to height of one pixel.</summary>
    public Rational PixelAspect { get; init; } = Rational.One;

    public TimeSpan Start { get; init; }

    public TimeSpan? Duration { get; init; }

    /// <summary>Null where the file does not say: <c>tv</c> or <c>pc</c>, <c>bt709</c> …</summary>
    public string? ColorRange { get; init; }

    public string? ColorSpace { get; init; }

    public string? ColorTransfer { get; init; }

    public string? ColorPrimaries { get; init; }

    /// <summary>VP8 or VP9 with a second, transparent layer: ffmpeg's own decoders give the picture alone, libvpx's both.</summary>
    public bool HasAlphaLayer { get; init; }

    /// <summary>Whether something of it is transparent, however it is kept.</summary>
    public bool HasTransparency => HasAlpha || HasAlphaLayer;

    public bool HasAlpha => PixelFormat.Contains("rgba", StringComparison.Ordinal) || PixelFormat.Contains("bgra", StringComparison.Ordinal)
        || PixelFormat.StartsWith("yuva", StringComparison.Ordinal) || PixelFormat.StartsWith("ya", StringComparison.Ordinal) || PixelFormat.StartsWith("gbrap", StringComparison.Ordinal)
        || PixelFormat is "argb" or "abgr" or "pal8";
}

/// <summary>One stream of sound.</summary>
/// <param name="Index">Its number in the file.</param>
/// <param name="Codec">ffmpeg's name, such as <c>aac</c>.</param>
/// <param name="Channels">How many.</param>
/// <param name="SampleRate">Per second.</param>
/// <param name="Layout">Such as <c>stereo</c>; null where the file does not say.</param>
public sealed record AudioStream(int Index, string Codec, int Channels, int SampleRate, string? Layout)
{
    public TimeSpan Start { get; init; }

    public TimeSpan? Duration { get; init; }
}

/// <summary>A subtitle track.</summary>
/// <param name="Index">Its number in the file.</param>
/// <param name="Codec">ffmpeg's name, such as <c>subrip</c>.</param>
/// <param name="Language">Three letters (ISO 639-2); null where the file does not say.</param>
public sealed record TextTrack(int Index, string Codec, string? Language);
