using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Merge.Sound;

/// <summary>
/// The highest point of the wave between its samples: four times as many, by a filter of 48 taps per phase (ITU-R BS.1770-5, annex 2, has 12), so true up to 22 kHz. Takes one
/// channel, in order; stretches too quiet to matter are passed over.
/// </summary>
internal sealed class TruePeakMeter
{
    private const int Phases = 4;
    private const int Taps = 48;
    private const float Quiet = 0.4f; // what lies between samples is at most about twice as high as they are; above 0.89 (−1 dB) it matters

    private static readonly float[][] Filters = [.. Enumerable.Range(1, Phases - 1).Select(Filter)];

    private float[] window = new float[Taps];
    private float[] between = [];

    /// <summary>As an amplitude; 1 is full scale.</summary>
    public float Peak { get; private set; }

    /// <summary>In dBTP.</summary>
    public double Decibels => 20 * Math.Log10(Math.Max(Peak, 1e-10));

    /// <summary>Takes the next samples.</summary>
    public void Add(ReadOnlySpan<float> samples)
    {
        const int kept = Taps - 1;
        if (window.Length < kept + samples.Length)
        {
            Array.Resize(ref window, kept + samples.Length);
            between = new float[samples.Length];
        }

        samples.CopyTo(window.AsSpan(kept));
        var highest = Highest(window.AsSpan(0, kept + samples.Length));
        Peak = Math.Max(Peak, Highest(samples));
        if (highest > Quiet)
        {
            foreach (var filter in Filters)
            {
                Interpolate(filter, samples.Length);
                Peak = Math.Max(Peak, Highest(between.AsSpan(0, samples.Length)));
            }
        }

        window.AsSpan(samples.Length, kept).CopyTo(window);
    }

    private void Interpolate(float[] filter, int count)
    {
        var output = between.AsSpan(0, count);
        output.Clear();
        for (var tap = 0; tap < Taps; tap++)
        {
            var input = window.AsSpan(tap, count);
            var weight = new Vector<float>(filter[tap]);
            var sums = MemoryMarshal.Cast<float, Vector<float>>(output);
            var values = MemoryMarshal.Cast<float, Vector<float>>(input);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += weight * values[i];
            }

            for (var i = sums.Length * Vector<float>.Count; i < count; i++)
            {
                output[i] += filter[tap] * input[i];
            }
        }
    }

    private static float Highest(ReadOnlySpan<float> samples)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(samples);
        var highest = Vector<float>.Zero;
        foreach (var vector in vectors)
        {
            highest = Vector.Max(highest, Vector.Abs(vector));
        }

        var result = 0f;
        for (var i = 0; i < Vector<float>.Count; i++)
        {
            result = Math.Max(result, highest[i]);
        }

        for (var i = vectors.Length * Vector<float>.Count; i < samples.Length; i++)
        {
            result = Math.Max(result, Math.Abs(samples[i]));
        }

        return result;
    }

    // A sinc under a Hann window, for a point a part of a sample after the middle.
    private static float[] Filter(int phase)
    {
        var filter = new float[Taps];
        for (var tap = 0; tap < Taps; tap++)
        {
            var x = tap - (Taps / 2) + 1 - ((double)phase / Phases);
            var place = (x + (Taps / 2.0)) / Taps;
            var window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * place));
            filter[tap] = (float)(window * Math.Sin(Math.PI * x) / (Math.PI * x));
        }

        return filter;
    }
}
