using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Platform.Transcode.Streams;

/// <summary>A part of a fragmented file that decodes by itself.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Bytes">Length in bytes.</param>
/// <param name="Seconds">Length in time.</param>
internal sealed record Fragment(long Offset, long Bytes, double Seconds);

/// <summary>What lies where in a fragmented MP4, read from its segment index box (<c>sidx</c>, ISO/IEC 14496-12, 8.16.3), which lists every fragment. Pure.</summary>
/// <param name="HeaderBytes">Length of what a player needs before any fragment; the index follows.</param>
/// <param name="IndexBytes">Length of the index.</param>
/// <param name="Fragments">In their order.</param>
/// <param name="Codec">Of a picture in H.264, by RFC 6381, such as <c>avc1.64001F</c>; null for sound.</param>
internal sealed record FragmentIndex(long HeaderBytes, long IndexBytes, ImmutableArray<Fragment> Fragments, string? Codec)
{
    /// <summary>How much of a file must be read at most: its header, and an index of twelve hours.</summary>
    public const int HeadBytes = 1 << 20;

    private const int BoxHeader = 8, Reference = 12;

    public double Seconds => Fragments.Sum(fragment => fragment.Seconds);

    /// <summary>Reads the head of a file.</summary>
    /// <exception cref="FormatException">There is no index in it.</exception>
    public static FragmentIndex Read(ReadOnlySpan<byte> head)
    {
        for (var at = 0; at + BoxHeader <= head.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(head[at..]);
            if (length < BoxHeader || at + length > head.Length)
            {
                break;
            }

            if (head.Slice(at + 4, 4).SequenceEqual("sidx"u8))
            {
                return new FragmentIndex(at, length, Fragmented(head.Slice(at + BoxHeader, length - BoxHeader), at + length), CodecOf(head[..at]));
            }

            at += length;
        }

        throw new FormatException("the file has no segment index");
    }

    private static ImmutableArray<Fragment> Fragmented(ReadOnlySpan<byte> index, long end)
    {
        var wide = index[0] == 1; // version 1 has times and offsets of 64 bits
        var timescale = BinaryPrimitives.ReadUInt32BigEndian(index[8..]);
        var rest = index[(wide ? 20 : 16)..];
        var offset = end + (wide ? BinaryPrimitives.ReadInt64BigEndian(rest) : BinaryPrimitives.ReadUInt32BigEndian(rest));
        rest = rest[(wide ? 8 : 4)..];
        var count = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        var fragments = ImmutableArray.CreateBuilder<Fragment>(count);
        for (var i = 0; i < count; i++)
        {
            var reference = rest[(4 + (i * Reference))..];
            var bytes = BinaryPrimitives.ReadUInt32BigEndian(reference) & 0x7fff_ffff;
            fragments.Add(new Fragment(offset, bytes, (double)BinaryPrimitives.ReadUInt32BigEndian(reference[4..]) / timescale));
            offset += bytes;
        }

        return fragments.MoveToImmutable();
    }

    // Profile, constraints and level are the second to fourth byte of the decoder's configuration.
    private static string? CodecOf(ReadOnlySpan<byte> header) =>
        header.IndexOf("avcC"u8) is >= 0 and var at ? $"avc1.{Convert.ToHexString(header.Slice(at + 5, 3))}" : null;
}
