namespace Platform.Ffmpeg;

/// <summary>What of ffmpeg users' files may reach. Names are those of Debian's ffmpeg 5.1; a demuxer or decoder not named here is never opened.</summary>
internal static class MediaAllowList
{
    /// <summary>No picture may have more pixels: 40 million, an 8K frame and some.</summary>
    public const int MaxPixels = 40_000_000;

    /// <summary>Containers. No playlist, manifest or list of files among them: those make ffmpeg open other files. No AVI: its subtitles may hold a playlist.</summary>
    public const string Formats = "mov,matroska,wav,w64,aiff,mp3,flac,ogg,aac,gif,png_pipe,jpeg_pipe,webp_pipe";

    /// <summary>Whether a demuxer is one that users' files may reach; others are for what we made ourselves.</summary>
    public static bool IsForUsers(string format) => Formats.Split(',').Contains(format, StringComparer.Ordinal);

    /// <summary>Decoders.</summary>
    public const string Codecs =
        "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,mpeg4,mpeg2video,mpeg1video,mjpeg,prores,dnxhd,ffv1,rawvideo,png,gif,webp,qtrle,"
        + "aac,mp3,mp3float,flac,vorbis,opus,libopus,ac3,eac3,alac,"
        + "pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_s16be,pcm_s24be,pcm_s32be,pcm_f32be,pcm_alaw,pcm_mulaw,"
        + "mov_text,subrip,srt,webvtt"; // text tracks are no picture, but a film that has one must open
}
