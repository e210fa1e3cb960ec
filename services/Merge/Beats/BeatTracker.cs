namespace Platform.Merge.Beats;

/// <summary>Where a piece's beats are.</summary>
/// <param name="Tempo">Beats per minute.</param>
/// <param name="Times">Of each beat, in seconds, in order.</param>
/// <param name="Strengths">How much begins at each.</param>
internal sealed record Pulse(double Tempo, IReadOnlyList<double> Times, IReadOnlyList<double> Strengths)
{
    /// <summary>Seconds from one to the next.</summary>
    public double Period => 60 / Tempo;

    /// <summary>Every so many beats, counted from where most begins: with four, mostly a bar's first.</summary>
    public Pulse Every(int count)
    {
        var first = Enumerable.Range(0, count).MaxBy(first => Of(Strengths, first, count).DefaultIfEmpty(0).Average());
        return new Pulse(Tempo / count, [.. Of(Times, first, count)], [.. Of(Strengths, first, count)]);
    }

    private static IEnumerable<double> Of(IEnumerable<double> all, int first, int count) => all.Where((_, i) => i % count == first);
}

/// <summary>
/// Finds a piece's beats from what begins in it when: one tempo for all of it by autocorrelation, then the row of moments at which most begins while their distances stay near that tempo, by dynamic
/// programming (D. P. W. Ellis, "Beat Tracking by Dynamic Programming", Journal of New Music Research 36, 2007). Pure. All its constants are that paper's where nothing else is said.
/// </summary>
internal static class BeatTracker
{
    private const int Rate = OnsetEnvelope.Rate;

    /// <summary>The tempo that people tap most readily, as a period in seconds; and how far from it they still do, in octaves.</summary>
    private const double UsualPeriod = 0.5, Octaves = 0.9;

    /// <summary>How much a beat counts that is not where the tempo has it, against what begins there.</summary>
    private const double Tightness = 680;

    /// <summary>Part of the envelope that repeats with the tempo. Our own, measured: noise, drones and speech have up to 0.25, our example of a soft beat 0.65, clicks 0.97.</summary>
    private const double LeastRepeated = 0.35;

    /// <summary>Width of what counts as one moment, in seconds: standard deviation.</summary>
    private const double Blur = 0.02;

    private const int ShortestPeriod = Rate / 4; // 240 beats a minute
    private const int LongestPeriod = Rate * 3 / 2; // 40

    /// <summary>Finds them.</summary>
    /// <param name="strengths">What begins when, as the <see cref="OnsetEnvelope"/> gives it.</param>
    /// <returns>Null where there is no beat, or less than six seconds of it.</returns>
    public static Pulse? Find(IReadOnlyList<float> strengths)
    {
        if (strengths.Count < 4 * LongestPeriod || Level(strengths) is not { } levelled)
        {
            return null;
        }

        var onsets = Smooth(levelled);
        if (PeriodOf(onsets) is not { } period)
        {
            return null;
        }

        var frames = Track(onsets, period);
        return new Pulse(
            60.0 * Rate * (frames.Count - 1) / (frames[^1] - frames[0]),
            [.. frames.Select(frame => Math.Max(0, ((double)frame / Rate) - OnsetEnvelope.Lag))],
            [.. frames.Select(frame => onsets[frame])]);
    }

    // Without its slow drift, and as a multiple of its own deviation; null where nothing ever begins.
    private static double[]? Level(IReadOnlyList<float> strengths)
    {
        const double forgets = 0.99;
        var levelled = new double[strengths.Count];
        for (var i = 1; i < levelled.Length; i++)
        {
            levelled[i] = strengths[i] - strengths[i - 1] + (forgets * levelled[i - 1]);
        }

        var deviation = Math.Sqrt(levelled.Sum(value => value * value) / levelled.Length);
        return deviation < 1e-3 ? null : [.. levelled.Select(value => value / deviation)];
    }

    private static double[] Smooth(double[] values)
    {
        const int reach = (int)(3 * Blur * Rate);
        var weights = Enumerable.Range(-reach, (2 * reach) + 1).Select(at => Math.Exp(-0.5 * Math.Pow(at / (Blur * Rate), 2))).ToArray();
        var smooth = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            for (var at = Math.Max(0, i - reach); at <= Math.Min(values.Length - 1, i + reach); at++)
            {
                smooth[i] += weights[at - i + reach] * values[at];
            }
        }

        return smooth;
    }

    private static double[] Correlations(double[] onsets)
    {
        var correlations = new double[(3 * LongestPeriod) + 2];
        for (var lag = 0; lag < correlations.Length; lag++)
        {
            for (var i = lag; i < onsets.Length; i++)
            {
                correlations[lag] += onsets[i] * onsets[i - lag];
            }
        }

        return correlations;
    }

    private static double Weight(int period) => Math.Exp(-0.5 * Math.Pow(Math.Log2((double)period / Rate / UsualPeriod) / Octaves, 2));

    private static int? PeriodOf(double[] onsets)
    {
        var correlations = Correlations(onsets);
        var best = Enumerable.Range(ShortestPeriod, LongestPeriod - ShortestPeriod).MaxBy(Strength);
        return correlations[best] < LeastRepeated * correlations[0] ? null : best;

        // A beat's period is one at whose double, or threefold, the piece repeats itself too.
        double Strength(int period) => Weight(period) * (correlations[period] + Math.Max(Around(2 * period), Around(3 * period)));

        double Around(int lag) => (0.5 * correlations[lag]) + (0.25 * correlations[lag - 1]) + (0.25 * correlations[lag + 1]);
    }

    private static List<int> Track(double[] onsets, int period)
    {
        var (scores, previous) = (new double[onsets.Length], new int[onsets.Length]);
        var costs = Enumerable.Range(0, (2 * period) + 1).Select(distance => distance < period / 2 ? double.PositiveInfinity : Tightness * Math.Pow(Math.Log((double)distance / period), 2)).ToArray();
        for (var i = 0; i < onsets.Length; i++)
        {
            var (best, from) = (0.0, -1);
            for (var distance = period / 2; distance <= Math.Min(2 * period, i); distance++)
            {
                if (scores[i - distance] - costs[distance] > best)
                {
                    (best, from) = (scores[i - distance] - costs[distance], i - distance);
                }
            }

            (scores[i], previous[i]) = (onsets[i] + best, from);
        }

        // The last beat: the best end within the last period.
        var frames = new List<int>();
        for (var at = Enumerable.Range(onsets.Length - period, period).MaxBy(i => scores[i]); at >= 0; at = previous[at])
        {
            frames.Add(at);
        }

        frames.Reverse();
        return frames;
    }
}
