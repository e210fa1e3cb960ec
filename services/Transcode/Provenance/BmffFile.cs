using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Transcode.Provenance;

/// <summary>A box of a file's first level.</summary>
/// <param name="Type">Four letters.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Bytes">Its length, header included.</param>
internal sealed record BmffBox(string Type, long Offset, long Bytes);

/// <summary>An MP4 on its way to a manifest: makes room for one, and counts the bytes that it is bound to (C2PA specification, "Embedding manifests into BMFF-based assets" and "BMFF-based hash").</summary>
internal static class BmffFile
{
    /// <summary>The type of the box that holds a manifest: D8FEC3D6-1B0E-483C-9297-5828877EC481.</summary>
    public static readonly byte[] ManifestUuid = [0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81];

    private const int HeaderBytes = 8, LargeHeaderBytes = 16;

    /// <summary>Boxes that no hash counts, beside the manifest's own.</summary>
    private static readonly string[] Uncounted = ["ftyp", "mfra"];

    /// <summary>The way to the tables that say where samples lie.</summary>
    private static readonly string[] ToTables = ["trak", "mdia", "minf", "stbl"];

    /// <summary>The box for a manifest store: a full box with its purpose and no auxiliary file.</summary>
    public static byte[] ManifestBox(byte[] store) => Jumbf.Box("uuid", ManifestUuid, [0, 0, 0, 0], [.. "manifest\0"u8], new byte[sizeof(long)], store);

    /// <summary>Boxes of the first level, in their order.</summary>
    public static async Task<List<BmffBox>> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        var boxes = new List<BmffBox>();
        var header = new byte[LargeHeaderBytes];
        for (long at = 0; at + HeaderBytes <= file.Length; at += boxes[^1].Bytes)
        {
            file.Position = at;
            await file.ReadAtLeastAsync(header, LargeHeaderBytes, throwOnEndOfStream: false, cancellationToken);
            long bytes = BinaryPrimitives.ReadUInt32BigEndian(header);
            bytes = bytes switch { 0 => file.Length - at, 1 => BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(HeaderBytes)), _ => bytes };
            if (bytes < HeaderBytes || at + bytes > file.Length)
            {
                throw new FormatException("a box ends behind its file");
            }

            boxes.Add(new BmffBox(Encoding.ASCII.GetString(header, 4, 4), at, bytes));
        }

        return boxes;
    }

    /// <summary>Copies a file, with a box put in after its first.</summary>
    /// <returns>Where the box lies.</returns>
    public static async Task<long> InsertAsync(Stream from, Stream to, byte[] box, CancellationToken cancellationToken)
    {
        var boxes = await ReadAsync(from, cancellationToken);
        var place = boxes[0].Bytes;
        foreach (var part in boxes)
        {
            from.Position = part.Offset;
            if (part.Type == "moov")
            {
                var movie = new byte[part.Bytes];
                await from.ReadExactlyAsync(movie, cancellationToken);
                Move(movie.AsSpan(HeaderBytes), place, box.Length);
                await to.WriteAsync(movie, cancellationToken);
            }
            else
            {
                await CopyAsync(from, part.Bytes, (bytes, token) => to.WriteAsync(bytes, token), cancellationToken);
            }

            if (part.Offset == 0)
            {
                await to.WriteAsync(box, cancellationToken);
            }
        }

        return place;
    }

    /// <summary>The hash that a manifest is bound to: of every counted box, its offset and then its bytes.</summary>
    public static async Task<byte[]> HashAsync(Stream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var offset = new byte[sizeof(long)];
        var uuid = new byte[ManifestUuid.Length];
        foreach (var box in await ReadAsync(file, cancellationToken))
        {
            if (box.Type == "uuid" && box.Bytes >= HeaderBytes + uuid.Length)
            {
                file.Position = box.Offset + HeaderBytes;
                await file.ReadExactlyAsync(uuid, cancellationToken);
            }

            if (Uncounted.Contains(box.Type) || (box.Type == "uuid" && uuid.AsSpan().SequenceEqual(ManifestUuid)))
            {
                continue;
            }

            BinaryPrimitives.WriteInt64BigEndian(offset, box.Offset);
            hash.AppendData(offset);
            file.Position = box.Offset;
            await CopyAsync(file, box.Bytes, (bytes, _) => { hash.AppendData(bytes.Span); return default; }, cancellationToken);
        }

        return hash.GetHashAndReset();
    }

    // Tables of sample offsets count from the file's beginning (ISO/IEC 14496-12, 8.7.5).
    private static void Move(Span<byte> boxes, long from, int by)
    {
        for (var at = 0; at + HeaderBytes <= boxes.Length;)
        {
            var bytes = BinaryPrimitives.ReadInt32BigEndian(boxes[at..]);
            if (bytes < HeaderBytes || at + bytes > boxes.Length)
            {
                throw new FormatException("a box ends behind the one around it");
            }

            var type = Encoding.ASCII.GetString(boxes.Slice(at + 4, 4));
            var content = boxes.Slice(at + HeaderBytes, bytes - HeaderBytes);
            if (ToTables.Contains(type))
            {
                Move(content, from, by);
            }
            else if (type is "stco" or "co64")
            {
                MoveTable(content, type == "co64", from, by);
            }

            at += bytes;
        }
    }

    private static void MoveTable(Span<byte> table, bool wide, long from, int by)
    {
        var entries = table[8..];
        for (var left = BinaryPrimitives.ReadUInt32BigEndian(table[4..]); left > 0; left--, entries = entries[(wide ? sizeof(long) : sizeof(int))..])
        {
            if (wide && BinaryPrimitives.ReadInt64BigEndian(entries) is var far && far >= from)
            {
                BinaryPrimitives.WriteInt64BigEndian(entries, far + by);
            }
            else if (!wide && BinaryPrimitives.ReadUInt32BigEndian(entries) is var near && near >= from)
            {
                BinaryPrimitives.WriteUInt32BigEndian(entries, checked((uint)(near + by)));
            }
        }
    }

    private static async Task CopyAsync(Stream from, long bytes, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> to, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 17];
        for (int read; bytes > 0; bytes -= read)
        {
            read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes)), cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException();
            }

            await to(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
