using Platform.Ffmpeg;

namespace Platform.Storage.Fetching;

/// <summary>Says what a file is by what a probe found in it. Pure.</summary>
internal static class MediaType
{
    private static readonly string[] WebmCodecs = ["vp8", "vp9", "av1", "vorbis", "opus"];

    public static string Of(MediaInfo info)
    {
        var kind = info.Video is null ? "audio" : "video";
        return info.Container.Split(',')[0] switch
        {
            "png_pipe" => "image/png",
            "jpeg_pipe" => "image/jpeg",
            "webp_pipe" => "image/webp",
            "gif" => "image/gif",
            "mov" => $"{kind}/mp4",
            "matroska" => IsWebm(info) ? $"{kind}/webm" : $"{kind}/x-matroska",
            "wav" or "w64" => "audio/wav",
            "aiff" => "audio/aiff",
            "mp3" => "audio/mpeg",
            "flac" => "audio/flac",
            "ogg" => $"{kind}/ogg",
            "aac" => "audio/aac",
            _ => "application/octet-stream",
        };
    }

    private static bool IsWebm(MediaInfo info) =>
        info.Videos.Select(stream => stream.Codec).Concat(info.Audios.Select(stream => stream.Codec)).All(WebmCodecs.Contains);
}
