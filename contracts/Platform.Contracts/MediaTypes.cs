namespace Platform.Contracts;

/// <summary>Media types of files that stages make or take, and what such files are called: what is not in the table is bytes.</summary>
public static class MediaTypes
{
    /// <summary>The type of a file of which nothing is known.</summary>
    public const string Bytes = "application/octet-stream";

    private static readonly Dictionary<string, string> Extensions = new()
    {
        ["video/mp4"] = ".mp4",
        ["video/quicktime"] = ".mov",
        ["video/webm"] = ".webm",
        ["video/x-matroska"] = ".mkv",
        ["audio/mpeg"] = ".mp3",
        ["audio/mp4"] = ".m4a",
        ["audio/aac"] = ".aac",
        ["audio/wav"] = ".wav",
        ["audio/flac"] = ".flac",
        ["audio/ogg"] = ".ogg",
        ["image/png"] = ".png",
        ["image/jpeg"] = ".jpg",
        ["image/webp"] = ".webp",
        ["image/gif"] = ".gif",
        ["application/json"] = ".json",
        ["application/x-subrip"] = ".srt",
        ["application/vnd.apple.mpegurl"] = ".m3u8",
        ["application/dash+xml"] = ".mpd",
        ["text/vtt"] = ".vtt",
        ["text/x-ssa"] = ".ass",
        ["text/plain"] = ".txt",
    };

    /// <summary>The type as callers are told it: one of the table, or bytes.</summary>
    public static string Safe(string type) => Extensions.ContainsKey(type) ? type : Bytes;

    /// <summary>Extension of a type's files, with its dot; empty for bytes.</summary>
    public static string ExtensionOf(string type) => Extensions.GetValueOrDefault(type, "");
}
