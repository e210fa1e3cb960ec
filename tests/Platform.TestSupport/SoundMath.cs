namespace Platform.TestSupport;

/// <summary>Arithmetic on samples, 48 kHz.</summary>
public static class SoundMath
{
    public const int Rate = 48_000;

    public static double Decibels(double amplitude) => 20 * Math.Log10(Math.Max(amplitude, 1e-10));

    public static double Rms(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var x in samples)
        {
            sum += x * x;
        }

        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }

    /// <summary>RMS of windows, in dB.</summary>
    public static double[] Windows(float[] samples, double seconds) => [.. samples.Chunk((int)(seconds * Rate)).SkipLast(1).Select(window => Decibels(Rms(window)))];

    /// <summary>The largest difference of two samples that follow each other.</summary>
    public static double Steepest(ReadOnlySpan<float> samples)
    {
        var steepest = 0.0;
        for (var i = 1; i < samples.Length; i++)
        {
            steepest = Math.Max(steepest, Math.Abs(samples[i] - samples[i - 1]));
        }

        return steepest;
    }

    /// <summary>Part of a sound, by times.</summary>
    public static ReadOnlySpan<float> Between(float[] samples, double from, double to) => samples.AsSpan((int)(from * Rate), (int)((to - from) * Rate));

    /// <summary>Amplitude of one frequency between two times (Goertzel).</summary>
    public static double Tone(float[] samples, double frequency, double from, double to)
    {
        var span = Between(samples, from, to);
        var (re, im) = (0.0, 0.0);
        for (var i = 0; i < span.Length; i++)
        {
            var angle = 2 * Math.PI * frequency * i / Rate;
            re += span[i] * Math.Cos(angle);
            im += span[i] * Math.Sin(angle);
        }

        return 2 * Math.Sqrt((re * re) + (im * im)) / span.Length;
    }
}
