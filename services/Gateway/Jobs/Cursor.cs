using System.Buffers.Text;

namespace Platform.Gateway.Jobs;

/// <summary>Where a page of jobs ended. Opaque to callers: a version and the last id, in base64url.</summary>
internal static class Cursor
{
    private const byte Version = 1;

    public static string After(Guid id)
    {
        Span<byte> bytes = stackalloc byte[17];
        bytes[0] = Version;
        id.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string text, out Guid after)
    {
        Span<byte> bytes = stackalloc byte[17];
        after = default;
        if (text.Length != 23 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var count) || count != 17 || bytes[0] != Version) return false;
        after = new Guid(bytes[1..], bigEndian: true);
        return true;
    }
}
