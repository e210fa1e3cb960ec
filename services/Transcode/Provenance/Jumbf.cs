using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Transcode.Provenance;

/// <summary>Writes boxes of the JPEG universal metadata box format (ISO/IEC 19566-5), in which C2PA keeps its manifests. Pure.</summary>
internal static class Jumbf
{
    private const int HeaderBytes = 8;

    /// <summary>Requestable, with a label.</summary>
    private const byte Toggles = 0x03;

    /// <summary>The end of every content type's UUID; four letters come before.</summary>
    private static readonly byte[] TypeEnd = [0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>A box of four letters.</summary>
    public static byte[] Box(string type, params ReadOnlySpan<byte[]> content)
    {
        var box = new byte[HeaderBytes + Length(content)];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        var at = HeaderBytes;
        foreach (var part in content)
        {
            part.CopyTo(box, at);
            at += part.Length;
        }

        return box;
    }

    /// <summary>A box that says what it holds, and under what label others find it.</summary>
    public static byte[] Described(string type, string label, params ReadOnlySpan<byte[]> content)
    {
        byte[][] all = [Box("jumd", [.. Encoding.ASCII.GetBytes(type), .. TypeEnd, Toggles, .. Encoding.UTF8.GetBytes(label), 0]), .. content];
        return Box("jumb", all);
    }

    /// <summary>What a reference to a described box holds: a hash of all but its header.</summary>
    public static byte[] Hash(byte[] described) => SHA256.HashData(described.AsSpan(HeaderBytes));

    private static int Length(ReadOnlySpan<byte[]> content)
    {
        var length = 0;
        foreach (var part in content)
        {
            length += part.Length;
        }

        return length;
    }
}
