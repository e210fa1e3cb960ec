using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Platform.Browser;

/// <summary>The pixels of a PNG as Chromium and ffmpeg write them: 8 bits, RGB or RGBA, not interlaced.</summary>
public sealed class PngPicture
{
    private readonly byte[] rows;
    private readonly int channels;

    private PngPicture(int width, int height, int channels, byte[] rows) => (Width, Height, this.channels, this.rows) = (width, height, channels, rows);

    /// <summary>Pixels.</summary>
    public int Width { get; }

    /// <summary>Pixels.</summary>
    public int Height { get; }

    public (byte R, byte G, byte B) this[int x, int y]
    {
        get
        {
            var at = ((y * Width) + x) * channels;
            return (rows[at], rows[at + 1], rows[at + 2]);
        }
    }

    /// <summary>Bytes of a pixel: 3, or 4 with alpha.</summary>
    internal int Channels => channels;

    internal ReadOnlySpan<byte> Row(int y) => rows.AsSpan(y * Width * channels, Width * channels);

    /// <summary>All pixels as red, green, blue and opacity, colours not multiplied by it.</summary>
    public byte[] ToRgba()
    {
        if (channels == 4)
        {
            return rows;
        }

        var rgba = new byte[Width * Height * 4];
        for (int from = 0, to = 0; to < rgba.Length; from += 3, to += 4)
        {
            (rgba[to], rgba[to + 1], rgba[to + 2], rgba[to + 3]) = (rows[from], rows[from + 1], rows[from + 2], 255);
        }

        return rgba;
    }

    /// <summary>A picture of pixels: red, green, blue and opacity, colours not multiplied by it.</summary>
    public static PngPicture FromRgba(int width, int height, byte[] rgba) => new(width, height, 4, rgba);

    /// <summary>The picture as a file.</summary>
    public byte[] Encode() => this.Cut(0, 0, Width, Height);

    /// <summary>Every pixel is of one colour, to 2 of 255 in each channel: nothing is to be seen.</summary>
    public bool IsUniform
    {
        get
        {
            for (var i = 0; i < rows.Length; i++)
            {
                if (Math.Abs(rows[i] - rows[i % channels]) > 2)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Reads a picture that the browser or ffmpeg drew.</summary>
    /// <exception cref="InvalidDataException">It is no such picture.</exception>
    public static PngPicture Decode(byte[] file)
    {
        if (file.Length < 33 || !file.AsSpan(0, 8).SequenceEqual(PngCutting.Signature) || file[24] != 8 || file[28] != 0)
        {
            throw new InvalidDataException("Not a PNG of 8 bits that is not interlaced.");
        }

        var header = file.AsSpan(16);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        var channels = header[9] switch { 2 => 3, 6 => 4, _ => throw new InvalidDataException("Not a PNG with red, green and blue.") };
        using var packed = new MemoryStream();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (Encoding.ASCII.GetString(file, at + 4, 4) == "IDAT")
            {
                packed.Write(file, at + 8, length);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        var stride = width * channels;
        var rows = new byte[stride * height];
        var above = new byte[stride];
        for (var y = 0; y < height; y++)
        {
            var filter = unpacked.ReadByte();
            var row = rows.AsSpan(y * stride, stride);
            unpacked.ReadExactly(row);
            for (var i = 0; i < stride; i++)
            {
                int left = i >= channels ? row[i - channels] : 0, up = above[i], corner = i >= channels ? above[i - channels] : 0;
                row[i] += filter switch { 0 => 0, 1 => (byte)left, 2 => (byte)up, 3 => (byte)((left + up) / 2), 4 => Paeth(left, up, corner), _ => throw new InvalidDataException() };
            }

            row.CopyTo(above);
        }

        return new PngPicture(width, height, channels, rows);
    }

    private static byte Paeth(int left, int up, int corner)
    {
        var p = left + up - corner;
        int dl = Math.Abs(p - left), du = Math.Abs(p - up), dc = Math.Abs(p - corner);
        return (byte)(dl <= du && dl <= dc ? left : du <= dc ? up : corner);
    }
}
