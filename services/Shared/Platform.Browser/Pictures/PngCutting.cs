using System.Buffers.Binary;
using System.IO.Compression;

namespace Platform.Browser;

/// <summary>Cuts pictures out of pictures.</summary>
internal static class PngCutting
{
    /// <summary>What every PNG begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    private static readonly uint[] Crc = [.. Enumerable.Range(0, 256).Select(Remainder)];

    /// <summary>The smallest rectangle within one that holds everything not wholly transparent; null when nothing is there.</summary>
    public static (int X, int Y, int Width, int Height)? Inked(this PngPicture picture, int x, int y, int width, int height)
    {
        if (picture.Channels != 4)
        {
            return (x, y, width, height);
        }

        int left = int.MaxValue, right = -1, top = -1, bottom = -1;
        for (var row = y; row < Math.Min(y + height, picture.Height); row++)
        {
            var pixels = picture.Row(row)[(x * 4)..(Math.Min(x + width, picture.Width) * 4)];
            var first = 0;
            while (first < pixels.Length / 4 && pixels[(first * 4) + 3] == 0)
            {
                first++;
            }

            if (first == pixels.Length / 4)
            {
                continue;
            }

            var last = (pixels.Length / 4) - 1;
            while (pixels[(last * 4) + 3] == 0)
            {
                last--;
            }

            (left, right) = (Math.Min(left, first), Math.Max(right, last));
            (top, bottom) = (top < 0 ? row : top, row);
        }

        return top < 0 ? null : (x + left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>A part of a picture as a file of its own.</summary>
    public static byte[] Cut(this PngPicture picture, int x, int y, int width, int height)
    {
        var channels = picture.Channels;
        using var packed = new MemoryStream();
        using (var pack = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = new byte[1 + (width * channels)];
            var above = ReadOnlySpan<byte>.Empty;
            for (var row = y; row < y + height; row++)
            {
                var pixels = picture.Row(row).Slice(x * channels, width * channels);
                line[0] = above.IsEmpty ? (byte)0 : (byte)2; // the difference to the row above
                for (var i = 0; i < pixels.Length; i++)
                {
                    line[i + 1] = (byte)(pixels[i] - (above.IsEmpty ? 0 : above[i]));
                }

                pack.Write(line);
                above = pixels;
            }
        }

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, (byte)(channels == 4 ? 6 : 2));
        using var file = new MemoryStream();
        file.Write(Signature);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "sRGB"u8, [0]);
        Chunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Continue(Continue(uint.MaxValue, type), data));
        file.Write(number);
    }

    private static uint Continue(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc = Crc[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint Remainder(int value)
    {
        var remainder = (uint)value;
        for (var bit = 0; bit < 8; bit++)
        {
            remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ 0xEDB88320;
        }

        return remainder;
    }
}
