namespace Platform.Pictures;

/// <summary>
/// For every sample of an output line, where its four neighbours lie in the source line and how much each counts: Catmull-Rom, sharper than linear and without its breathing
/// while a picture moves slowly. Weights are whole numbers, negated, four to a sample, with the sum −2^bits: negated because −128 fits into a signed byte and 128 does not.
/// </summary>
internal sealed class Taps
{
    /// <summary>Source samples that one output sample is made of.</summary>
    public const int Reach = 4;

    private (double Origin, double Step, int Source) filled = (double.NaN, 0, 0);

    public Taps(int length, int bits)
    {
        Length = length;
        Bits = bits;
        Index = new int[length];
        Weights = new short[length * Reach];
    }

    /// <summary>Samples of the output line.</summary>
    public int Length { get; }

    public int Bits { get; }

    /// <summary>The source sample at or before each output sample: the second of its four neighbours; never falls.</summary>
    public int[] Index { get; }

    /// <summary>The weights of the samples <c>Index − 1</c> to <c>Index + 2</c>.</summary>
    public short[] Weights { get; }

    /// <summary>Fills the table: output sample <c>i</c> lies at <c>origin + i · step</c>, where the middle of source sample <c>k</c> lies at <c>k</c>. Beyond its ends a source goes on as it ends.</summary>
    public void Fill(double origin, double step, int source)
    {
        if (filled == (origin, step, source))
            return;

        filled = (origin, step, source);
        for (var i = 0; i < Length; i++)
        {
            var at = Math.Clamp(origin + i * step, 0, source - 1);
            var index = (int)at;
            Index[i] = index;
            Weigh(at - index, Weights.AsSpan(i * Reach, Reach));
        }
    }

    private void Weigh(double t, Span<short> weights)
    {
        var one = 1 << Bits;
        Span<double> exact =
        [
            t * (-0.5 + t * (1 - 0.5 * t)),
            1 + t * t * (1.5 * t - 2.5),
            t * (0.5 + t * (2 - 1.5 * t)),
            t * t * (0.5 * t - 0.5),
        ];
        var sum = 0;
        for (var k = 0; k < Reach; k++)
        {
            weights[k] = (short)-Math.Round(exact[k] * one);
            sum += weights[k];
        }
        // What rounding lost goes to the larger of the two middle ones, where it shows least: an even picture stays exactly as it is.
        weights[t < 0.5 ? 1 : 2] -= (short)(sum + one);
    }
}
