using System.Runtime.InteropServices;

namespace Platform.Music.Soundtracks;

/// <summary>What a film's sound is like.</summary>
/// <param name="HasSpeech">Somebody speaks, or sings, for a while.</param>
/// <param name="Level">Level of what is spoken, else of all that is heard, in dB below full scale (RMS); null for silence.</param>
internal sealed record Hearing(bool HasSpeech, double? Level);

/// <summary>
/// Tells speech from other sound by three properties, second by second: it comes in syllables (many moments are much quieter than the mean), most of its loud moments are
/// voiced (periodic, between 70 and 400 Hz), and its pitch glides where an instrument's stays. No model, no dictionary: percussion fails the second property, noise too, chords and
/// drones the first or the third. A voice far below louder music is not found, and a solo that slides like a voice may be taken for one: then <c>duck</c> says what is wanted.
/// Takes mono at <see cref="SampleRate"/>.
/// </summary>
internal sealed class SpeechDetector
{
    public const int SampleRate = 8000;

    private const int Hop = SampleRate / 50; // 20 ms
    private const int HopsPerSecond = 50;
    private const int Window = 240; // 30 ms: two periods of the deepest voice
    private const int ShortestPeriod = SampleRate / 400;
    private const int LongestPeriod = SampleRate / 70;
    private const int Reach = Window + LongestPeriod;

    private const double Audible = 3e-6; // power: −55 dB
    private const double QuietShare = 0.25; // of the mean power: half the amplitude

    private readonly float[] samples = new float[Reach + (HopsPerSecond * Hop)];
    private readonly double[] powers = new double[HopsPerSecond];
    private readonly double[] periods = new double[HopsPerSecond];
    private int held;
    private int audibleSeconds;
    private int speechSeconds;
    private double audiblePower;
    private double speechPower;

    /// <summary>Takes the next samples, as many as there are.</summary>
    public void Add(ReadOnlySpan<short> sound)
    {
        while (sound.Length > 0)
        {
            var taken = Math.Min(sound.Length, samples.Length - held);
            for (var i = 0; i < taken; i++)
            {
                samples[held + i] = sound[i] / 32768f;
            }

            held += taken;
            sound = sound[taken..];
            if (held == samples.Length)
            {
                HearSecond();
                samples.AsSpan(HopsPerSecond * Hop).CopyTo(samples);
                held = Reach;
            }
        }
    }

    public Hearing Finish()
    {
        if (held > Reach)
        {
            samples.AsSpan(held).Clear();
            HearSecond();
        }

        // One second may be a cough; a quarter of what is heard is a voice, not an accident.
        var hasSpeech = speechSeconds >= 2 && speechSeconds * 4 >= audibleSeconds;
        return new Hearing(hasSpeech, audibleSeconds == 0 ? null : 10 * Math.Log10(hasSpeech ? speechPower / speechSeconds : audiblePower / audibleSeconds));
    }

    private void HearSecond()
    {
        for (var hop = 0; hop < HopsPerSecond; hop++)
        {
            powers[hop] = Power(samples.AsSpan(hop * Hop, Hop));
        }

        var mean = powers.Average();
        if (mean < Audible)
        {
            return;
        }

        var loud = powers.Count(power => power >= mean * QuietShare);
        var loudPower = powers.Where(power => power >= mean * QuietShare).Average();
        audibleSeconds++;
        audiblePower += loudPower;
        for (var hop = 0; hop < HopsPerSecond; hop++)
        {
            periods[hop] = powers[hop] >= mean * QuietShare ? Period(samples.AsSpan(hop * Hop, Reach)) : 0;
        }

        var voiced = periods.Count(period => period > 0);
        var (pairs, gliding) = (0, 0);
        for (var hop = 1; hop < HopsPerSecond; hop++)
        {
            if (periods[hop] > 0 && periods[hop - 1] > 0)
            {
                var change = Math.Abs(Math.Log(periods[hop] / periods[hop - 1]));
                pairs++;
                gliding += change is > 0.003 and < 0.15 ? 1 : 0;
            }
        }

        if (HopsPerSecond - loud >= 6 && voiced >= 0.4 * loud && pairs >= 5 && gliding >= 0.4 * pairs)
        {
            speechSeconds++;
            speechPower += loudPower;
        }
    }

    private static double Power(ReadOnlySpan<float> span)
    {
        var sum = 0.0;
        foreach (var x in span)
        {
            sum += x * x;
        }

        return sum / span.Length;
    }

    /// <summary>The period in samples, to a fraction; 0 when there is none.</summary>
    private static double Period(ReadOnlySpan<float> span)
    {
        Span<float> match = stackalloc float[LongestPeriod + 2];
        var fixedPart = span[..Window];
        var energy = Dot(fixedPart, fixedPart);
        for (var lag = ShortestPeriod - 1; lag <= LongestPeriod; lag++)
        {
            var moved = span.Slice(lag, Window);
            match[lag] = Dot(fixedPart, moved) / MathF.Sqrt((energy * Dot(moved, moved)) + 1e-9f);
        }

        const float voiced = 0.6f;
        var best = 0;
        for (var lag = ShortestPeriod; lag < LongestPeriod; lag++)
        {
            // The first peak nearly as high as any: a later one is a multiple of the period.
            if (match[lag] > voiced && match[lag] >= match[lag - 1] && match[lag] >= match[lag + 1] && (best == 0 || match[lag] > match[best] + 0.1f))
            {
                best = lag;
            }
        }

        if (best == 0)
        {
            return 0;
        }

        var (before, at, after) = (match[best - 1], match[best], match[best + 1]);
        var bend = before - (2 * at) + after;
        return best + (bend == 0 ? 0 : 0.5 * (before - after) / bend);
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = System.Numerics.Vector<float>.Zero;
        var va = MemoryMarshal.Cast<float, System.Numerics.Vector<float>>(a);
        var vb = MemoryMarshal.Cast<float, System.Numerics.Vector<float>>(b);
        for (var i = 0; i < va.Length; i++)
        {
            sum += va[i] * vb[i];
        }

        var total = System.Numerics.Vector.Sum(sum);
        for (var i = va.Length * System.Numerics.Vector<float>.Count; i < a.Length; i++)
        {
            total += a[i] * b[i];
        }

        return total;
    }
}
