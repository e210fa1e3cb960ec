using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Platform.Pictures;

/// <summary>Writes pictures as the raw frames that ffmpeg reads: BT.709 of limited range, or RGB.</summary>
public static class Packing
{
    // BT.709: Y = 0.2126 R + 0.7152 G + 0.0722 B over 219 steps from 16, colour differences over 224 around 128; in 1/65536.
    private const int Yr = 11966, Yg = 40254, Yb = 4064, Ur = -6596, Ug = -22189, Ub = 28784, Vr = 28784, Vg = -26145, Vb = -2639;
    private const int Half = 1 << 15;

    // Black, grey, and one half for rounding: of one pixel, and of the sum of four.
    private const int LumaRest = Half + (16 << 16), ChromaRest = 4 * Half + (512 << 16);

    /// <summary>Pixels of a picture that is shared out among threads.</summary>
    private const int Large = 20_000;

    /// <summary>Pixels done at a time where nothing needs to be told apart.</summary>
    private const int Step = 8;

    /// <summary>Bytes of a frame of <c>yuva420p</c>.</summary>
    public static int Yuva420Bytes(int width, int height) => width * height / 2 * 5;

    /// <summary>Bytes of a frame of <c>yuv420p</c>.</summary>
    public static int Yuv420Bytes(int width, int height) => width * height / 2 * 3;

    /// <summary>
    /// <c>yuva420p</c>, or <c>yuv420p</c> where opacity does not matter. The colour of a block of four pixels is that of what is there: what is
    /// transparent adds nothing, so that edges have no dark fringe.
    /// </summary>
    public static void ToYuv420(Picture picture, byte[] frame, bool withAlpha)
    {
        if (picture.Width * picture.Height < Large)
            for (var y = 0; y < picture.Height; y += 2) new Lines(picture, frame, withAlpha, y).Write();
        else
            Parallel.For(0, picture.Height / 2, pair => new Lines(picture, frame, withAlpha, pair * 2).Write());
    }

    /// <summary><c>rgba</c>, colours not multiplied.</summary>
    public static void ToRgba(Picture picture, Span<byte> frame)
    {
        var pixels = picture.Pixels;
        for (var i = 0; i < pixels.Length; i += 4)
        {
            int a = pixels[i + 3];
            for (var c = 0; c < 3; c++) frame[i + c] = a is 0 or 255 ? pixels[i + c] : (byte)Whole(pixels[i + c], a);
            frame[i + 3] = (byte)a;
        }
    }

    private static int Whole(int multiplied, int alpha) => Math.Min(255, (multiplied * 255 + alpha / 2) / alpha);

    /// <summary>Two lines of a picture, which share one of colour.</summary>
    private readonly ref struct Lines
    {
        private readonly int _width;
        private readonly ReadOnlySpan<uint> _upper, _lower;
        private readonly Span<byte> _luma, _u, _v, _alpha;

        public Lines(Picture picture, byte[] frame, bool withAlpha, int y)
        {
            var size = picture.Width * picture.Height;
            _width = picture.Width;
            var pixels = MemoryMarshal.Cast<byte, uint>(picture.Pixels.AsSpan());
            _upper = pixels.Slice(y * _width, _width);
            _lower = pixels.Slice((y + 1) * _width, _width);
            _luma = frame.AsSpan(y * _width, 2 * _width);
            _u = frame.AsSpan(size + y / 2 * (_width / 2), _width / 2);
            _v = frame.AsSpan(size / 4 * 5 + y / 2 * (_width / 2), _width / 2);
            _alpha = withAlpha ? frame.AsSpan(size / 2 * 3 + y * _width, 2 * _width) : [];
        }

        public void Write()
        {
            var x = 0;
            for (; x + Step <= _width; x += Step)
            {
                Vector256<uint> above = Vector256.Create(_upper.Slice(x, Step)), below = Vector256.Create(_lower.Slice(x, Step));
                if (Vector256.GreaterThanOrEqualAll(above & below, Vector256.Create(0xFF000000))) Opaque(x, above.AsInt32(), below.AsInt32());
                else if ((above | below) == Vector256<uint>.Zero) Fill(x, 16, 128, 0);
                else
                    for (var i = x; i < x + Step; i += 2) Block(i);
            }
            for (; x < _width; x += 2) Block(x);
        }

        private void Opaque(int x, Vector256<int> above, Vector256<int> below)
        {
            Store(Luma(above), _luma[x..]);
            Store(Luma(below), _luma[(_width + x)..]);
            Vector256<int> r = Pairs(Red(above) + Red(below)), g = Pairs(Green(above) + Green(below)), b = Pairs(Blue(above) + Blue(below));
            Vector256<int> u = (r * Ur + g * Ug + b * Ub + Vector256.Create(ChromaRest)) >> 18, v = (r * Vr + g * Vg + b * Vb + Vector256.Create(ChromaRest)) >> 18;
            for (var k = 0; k < Step / 2; k++) (_u[x / 2 + k], _v[x / 2 + k]) = ((byte)u[2 * k], (byte)v[2 * k]);
            if (!_alpha.IsEmpty) FillAlpha(x, 255);

            static Vector256<int> Luma(Vector256<int> p) => (Red(p) * Yr + Green(p) * Yg + Blue(p) * Yb + Vector256.Create(LumaRest)) >> 16;
            static Vector256<int> Red(Vector256<int> p) => p & Vector256.Create(255);
            static Vector256<int> Green(Vector256<int> p) => (p >>> 8) & Vector256.Create(255);
            static Vector256<int> Blue(Vector256<int> p) => (p >>> 16) & Vector256.Create(255);
            static Vector256<int> Pairs(Vector256<int> p) => p + (p.AsUInt64() >>> 32).AsInt32();      // the sums are in the even ones

            static void Store(Vector256<int> values, Span<byte> to)
            {
                var narrow = Vector128.Narrow(values.GetLower(), values.GetUpper());
                Unsafe.WriteUnaligned(ref to[..Step][0], Vector128.Narrow(narrow.AsUInt16(), narrow.AsUInt16()).AsUInt64().ToScalar());
            }
        }

        private void Fill(int x, byte light, byte color, byte alpha)
        {
            _luma.Slice(x, Step).Fill(light);
            _luma.Slice(_width + x, Step).Fill(light);
            _u.Slice(x / 2, Step / 2).Fill(color);
            _v.Slice(x / 2, Step / 2).Fill(color);
            if (!_alpha.IsEmpty) FillAlpha(x, alpha);
        }

        private void FillAlpha(int x, byte alpha)
        {
            _alpha.Slice(x, Step).Fill(alpha);
            _alpha.Slice(_width + x, Step).Fill(alpha);
        }

        private void Block(int x)
        {
            int r = 0, g = 0, b = 0, a = 0;
            for (var k = 0; k < 4; k++)
            {
                var (at, pixel) = (k / 2 * _width + x + k % 2, (k < 2 ? _upper : _lower)[x + k % 2]);
                int pr = (byte)pixel, pg = (byte)(pixel >> 8), pb = (byte)(pixel >> 16), pa = (byte)(pixel >> 24);
                if (!_alpha.IsEmpty) _alpha[at] = (byte)pa;
                r += pr; g += pg; b += pb; a += pa;
                if (pa is not 0 and not 255) (pr, pg, pb) = (Whole(pr, pa), Whole(pg, pa), Whole(pb, pa));
                _luma[at] = (byte)((Yr * pr + Yg * pg + Yb * pb + LumaRest) >> 16);
            }
            if (a == 0) { (_u[x / 2], _v[x / 2]) = (128, 128); return; }
            if (a != 1020) (r, g, b) = (r * 1020 / a, g * 1020 / a, b * 1020 / a);
            _u[x / 2] = (byte)((Ur * r + Ug * g + Ub * b + ChromaRest) >> 18);
            _v[x / 2] = (byte)((Vr * r + Vg * g + Vb * b + ChromaRest) >> 18);
        }
    }
}
