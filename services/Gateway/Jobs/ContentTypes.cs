namespace Platform.Gateway.Jobs;

/// <summary>Media types that are told to callers, and what such files are called: what is not in the table is bytes.</summary>
internal static class ContentTypes
{
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
        ["text/vtt"] = ".vtt",
        ["text/x-ssa"] = ".ass",
        ["text/plain"] = ".txt",
    };

    /// <summary>The type as it is told.</summary>
    public static string Safe(string type) => Extensions.ContainsKey(type) ? type : Bytes;

    /// <summary>Extension of a type's files, with its dot; empty for bytes.</summary>
    public static string ExtensionOf(string type) => Extensions.GetValueOrDefault(type, "");
}
