using Platform.Artifacts;
using Platform.Contracts;

namespace Platform.Gateway.Uploads;

/// <summary>Tells what a file is by its first bytes, not by what it was called. What it holds is the stages' business.</summary>
internal static class FileKind
{
    /// <summary>How many bytes are looked at.</summary>
    public const int HeadBytes = 64;

    public static string Of(ReadOnlySpan<byte> head) => head switch
    {
        _ when At(head, 4, "ftyp"u8) => Brand(head),
        _ when At(head, 0, "RIFF"u8) && At(head, 8, "WAVE"u8) => "audio/wav",
        _ when At(head, 0, "RIFF"u8) && At(head, 8, "WEBP"u8) => "image/webp",
        _ when At(head, 0, [0x1A, 0x45, 0xDF, 0xA3]) => head.IndexOf("webm"u8) >= 0 ? "video/webm" : "video/x-matroska",
        _ when At(head, 0, [0x89, (byte)'P', (byte)'N', (byte)'G']) => "image/png",
        _ when At(head, 0, [0xFF, 0xD8, 0xFF]) => "image/jpeg",
        _ when At(head, 0, "GIF8"u8) => "image/gif",
        _ when At(head, 0, "fLaC"u8) => "audio/flac",
        _ when At(head, 0, "OggS"u8) => "audio/ogg",
        _ when At(head, 0, "ID3"u8) => "audio/mpeg",
        [0xFF, var second, ..] when (second & 0xF6) == 0xF0 => "audio/aac",
        [0xFF, var second, ..] when (second & 0xE6) is 0xE2 or 0xE4 or 0xE6 => "audio/mpeg",
        _ => MediaTypes.Bytes,
    };

    /// <summary>What a file in the store is.</summary>
    public static async Task<string> OfAsync(IArtifactStore store, string tenant, string sha256, CancellationToken cancellation)
    {
        await using var content = await store.OpenAsync(tenant, sha256, 0, HeadBytes, cancellation);
        var head = new byte[HeadBytes];
        return Of(head.AsSpan(0, await content.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, cancellation)));
    }

    private static string Brand(ReadOnlySpan<byte> head) =>
        At(head, 8, "M4A "u8) || At(head, 8, "M4B "u8) ? "audio/mp4" : At(head, 8, "qt  "u8) ? "video/quicktime" : "video/mp4";

    private static bool At(ReadOnlySpan<byte> head, int offset, ReadOnlySpan<byte> magic) => head.Length >= offset + magic.Length && head[offset..].StartsWith(magic);
}
