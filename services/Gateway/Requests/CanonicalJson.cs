using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Platform.Gateway.Requests;

/// <summary>Names a request by what it says: order of members, white space, escapes and forms of numbers do not count.</summary>
internal static class CanonicalJson
{
    /// <summary>SHA-256 of method, path and body, 64 hex digits.</summary>
    public static string Hash(string method, string path, JsonElement body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(Encoding.UTF8.GetBytes($"{method} {path}\n"));
        Write(buffer, body);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(IBufferWriter<byte> to, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                to.Write("{"u8);
                foreach (var (name, member) in value.EnumerateObject().Select(member => (Name: Name(member), member.Value)).OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    WriteText(to, name);
                    to.Write(":"u8);
                    Write(to, member);
                    to.Write(","u8);
                }
                to.Write("}"u8);
                break;
            case JsonValueKind.Array:
                to.Write("["u8);
                foreach (var item in value.EnumerateArray())
                {
                    Write(to, item);
                    to.Write(","u8);
                }
                to.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteText(to, Text(value));
                break;
            case JsonValueKind.Number:
                to.Write(Encoding.ASCII.GetBytes(Number(value)));
                break;
            default:
                to.Write(Encoding.ASCII.GetBytes(value.GetRawText()));
                break;
        }
    }

    // The length in front keeps texts apart without escapes.
    private static void WriteText(IBufferWriter<byte> to, string text)
    {
        to.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text.Length}\"")));
        to.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private static string Number(JsonElement value) =>
        value.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture)
        : value.TryGetDouble(out var number) && double.IsFinite(number) && Math.Abs(number) < 1e15 ? number.ToString("R", CultureInfo.InvariantCulture)
        : value.GetRawText();       // too large to be told apart as a number: as it is written

    // A text with half of a surrogate pair has no other form than the one it is written in.
    private static string Text(JsonElement value)
    {
        try { return value.GetString()!; }
        catch (InvalidOperationException) { return value.GetRawText(); }
    }

    private static string Name(JsonProperty member)
    {
        try { return member.Name; }
        catch (InvalidOperationException) { return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member)); }
    }
}
