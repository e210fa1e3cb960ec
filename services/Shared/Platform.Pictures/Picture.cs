using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Platform.Pictures;

/// <summary>A picture in memory: 8 bits of red, green, blue and opacity, colours multiplied by the opacity.</summary>
public sealed class Picture(int width, int height)
{
    private Picture? _half;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Line by line, four bytes a pixel.</summary>
    public byte[] Pixels { get; } = new byte[width * height * 4];

    /// <summary>Reads pixels whose colours are not multiplied.</summary>
    public static Picture FromStraight(int width, int height, ReadOnlySpan<byte> rgba)
    {
        var picture = new Picture(width, height);
        picture.SetStraight(rgba);
        return picture;
    }

    /// <summary>Takes over pixels whose colours are not multiplied.</summary>
    public void SetStraight(ReadOnlySpan<byte> rgba)
    {
        var pixels = Pixels;
        for (var i = 0; i < pixels.Length; i += 4)
        {
            int a = rgba[i + 3];
            if (a == 255) { rgba.Slice(i, 4).CopyTo(pixels.AsSpan(i)); continue; }
            for (var c = 0; c < 3; c++) pixels[i + c] = (byte)Over255(rgba[i + c] * a);
            pixels[i + 3] = (byte)a;
        }
        _half = null;
    }

    /// <summary>Whether nothing shines through anywhere.</summary>
    public bool IsOpaque
    {
        get
        {
            var pixels = MemoryMarshal.Cast<byte, uint>(Pixels.AsSpan());
            var i = 0;
            for (; i + Vector256<uint>.Count <= pixels.Length; i += Vector256<uint>.Count)
                if (Vector256.LessThanAny(Vector256.Create(pixels.Slice(i, Vector256<uint>.Count)), Vector256.Create(0xFF000000))) return false;
            for (; i < pixels.Length; i++)
                if (pixels[i] < 0xFF000000) return false;
            return true;
        }
    }

    /// <summary>Fills it with a pixel's four bytes.</summary>
    public void Fill(byte r, byte g, byte b, byte a)
    {
        MemoryMarshal.Cast<byte, uint>(Pixels.AsSpan()).Fill((uint)(r | g << 8 | b << 16 | a << 24));
        _half = null;
    }

    public void Clear() => Array.Clear(Pixels);

    /// <summary>The same picture at half the size, for drawing it small without shimmer.</summary>
    public Picture Half()
    {
        if (_half is { } made) return made;
        var half = new Picture(Math.Max(1, Width / 2), Math.Max(1, Height / 2));
        for (var y = 0; y < half.Height; y++)
            for (var x = 0; x < half.Width; x++)
                for (var c = 0; c < 4; c++)
                {
                    int x2 = Math.Min(x * 2 + 1, Width - 1), y2 = Math.Min(y * 2 + 1, Height - 1);
                    half.Pixels[(y * half.Width + x) * 4 + c] = (byte)((At(x * 2, y * 2, c) + At(x2, y * 2, c) + At(x * 2, y2, c) + At(x2, y2, c) + 2) / 4);
                }
        return _half = half;
    }

    /// <summary>Multiplies everything by a mask of the same size, one byte a pixel.</summary>
    public void Multiply(ReadOnlySpan<byte> mask)
    {
        for (var i = 0; i < Pixels.Length; i++) Pixels[i] = (byte)Over255(Pixels[i] * mask[i / 4]);
        _half = null;
    }

    private int At(int x, int y, int c) => Pixels[(y * Width + x) * 4 + c];

    // x / 255, rounded, for x up to 65,025.
    internal static int Over255(int x) => (x + 128 + ((x + 128) >> 8)) >> 8;
}
