using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Pictures;

/// <summary>Which instructions a picture is computed with; the result is the same to the bit.</summary>
public enum Instructions { Scalar, Vector128, Vector256 }

/// <summary>
/// The two halves of a resampling in one pass over the memory: four source lines become one line of 16-bit sums, and that becomes one output line.
/// Whole-number arithmetic throughout, so that every machine makes the same film.
/// </summary>
internal static unsafe class LineSampler
{
    /// <summary>Bits of a vertical weight: what an 8-bit multiplication takes.</summary>
    public const int VerticalBits = 7;

    /// <summary>Bits of a horizontal weight: what keeps its sums within 32 bits.</summary>
    public const int HorizontalBits = 14;

    /// <summary>Samples that may be read beyond the end of a source line, and sums that may be written beyond the end of a line of sums.</summary>
    public const int Slack = 32;

    // The sums are negative, down to −36,720: raised by this they fit into 16 bits.
    private const short Raise = 1 << 14;

    // What the raise adds up to, taken off again, and one half for rounding. The signs of both weights cancel each other.
    private const int Settle = (Raise << HorizontalBits) + (1 << (VerticalBits + HorizontalBits - 1));

    private const int Shift = VerticalBits + HorizontalBits;

    /// <summary>The best that this machine has.</summary>
    public static Instructions Best { get; } = Avx2.IsSupported ? Instructions.Vector256 : Sse41.IsSupported ? Instructions.Vector128 : Instructions.Scalar;

    /// <summary>Weighs four source lines into <c>sums[from..to]</c>; up to <see cref="Slack"/> more are touched.</summary>
    public static void Vertical(Instructions with, byte* a, byte* b, byte* c, byte* d, short* weights, short* sums, int from, int to)
    {
        if (with == Instructions.Vector256)
            Vertical256(a, b, c, d, weights, sums, from, to);
        else if (with == Instructions.Vector128)
            Vertical128(a, b, c, d, weights, sums, from, to);
        else
            for (var x = from; x < to; x++)
                sums[x] = (short)(a[x] * weights[0] + b[x] * weights[1] + c[x] * weights[2] + d[x] * weights[3] + Raise);
    }

    /// <summary>Weighs a line of sums into output samples; <c>sums[−1]</c> and two beyond the last index must hold what the source's ends go on with.</summary>
    public static void Horizontal(Instructions with, short* sums, int* index, short* weights, byte* output, int length)
    {
        var i = with == Instructions.Scalar ? 0 : Horizontal128(sums, index, weights, output, length);
        for (; i < length; i++)
        {
            var s = sums + index[i] - 1;
            var w = weights + i * Taps.Reach;
            output[i] = (byte)Math.Clamp((s[0] * w[0] + s[1] * w[1] + s[2] * w[2] + s[3] * w[3] + Settle) >> Shift, 0, 255);
        }
    }

    private static void Vertical256(byte* a, byte* b, byte* c, byte* d, short* weights, short* sums, int from, int to)
    {
        var upper = Vector256.Create(Pair(weights[0], weights[1])).AsSByte();
        var lower = Vector256.Create(Pair(weights[2], weights[3])).AsSByte();
        var raise = Vector256.Create(Raise);
        for (var x = from; x < to; x += 32)
        {
            Vector256<byte> ra = Vector256.Load(a + x), rb = Vector256.Load(b + x), rc = Vector256.Load(c + x), rd = Vector256.Load(d + x);
            var low = Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(ra, rb), upper) + Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(rc, rd), lower) + raise;
            var high = Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(ra, rb), upper) + Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(rc, rd), lower) + raise;
            Avx2.Permute2x128(low, high, 0x20).Store(sums + x);
            Avx2.Permute2x128(low, high, 0x31).Store(sums + x + 16);
        }
    }

    private static void Vertical128(byte* a, byte* b, byte* c, byte* d, short* weights, short* sums, int from, int to)
    {
        var upper = Vector128.Create(Pair(weights[0], weights[1])).AsSByte();
        var lower = Vector128.Create(Pair(weights[2], weights[3])).AsSByte();
        var raise = Vector128.Create(Raise);
        for (var x = from; x < to; x += 16)
        {
            Vector128<byte> ra = Vector128.Load(a + x), rb = Vector128.Load(b + x), rc = Vector128.Load(c + x), rd = Vector128.Load(d + x);
            (Ssse3.MultiplyAddAdjacent(Sse2.UnpackLow(ra, rb), upper) + Ssse3.MultiplyAddAdjacent(Sse2.UnpackLow(rc, rd), lower) + raise).Store(sums + x);
            (Ssse3.MultiplyAddAdjacent(Sse2.UnpackHigh(ra, rb), upper) + Ssse3.MultiplyAddAdjacent(Sse2.UnpackHigh(rc, rd), lower) + raise).Store(sums + x + 8);
        }
    }

    // The four neighbours of a sample are 64 bits that lie together: two loads make the operand of one multiplication. (A gather is several times slower where
    // processors are mended against Downfall.) Returns how far it came.
    private static int Horizontal128(short* sums, int* index, short* weights, byte* output, int length)
    {
        var settle = Vector128.Create(Settle);
        var i = 0;
        for (; i + 8 <= length; i += 8)
        {
            var w = weights + i * Taps.Reach;
            var one = Ssse3.HorizontalAdd(Two(sums, index + i, w), Two(sums, index + i + 2, w + 8)) + settle;
            var two = Ssse3.HorizontalAdd(Two(sums, index + i + 4, w + 16), Two(sums, index + i + 6, w + 24)) + settle;
            var words = Sse2.PackSignedSaturate(one >> Shift, two >> Shift);
            *(ulong*)(output + i) = Sse2.PackUnsignedSaturate(words, words).AsUInt64().ToScalar();
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Two(short* sums, int* index, short* weights) =>
        Sse2.MultiplyAddAdjacent(Vector128.Create(*(ulong*)(sums + index[0] - 1), *(ulong*)(sums + index[1] - 1)).AsInt16(), Vector128.Load(weights));

    private static short Pair(short even, short odd) => (short)((byte)even | odd << 8);
}
