namespace Platform.Merge.Sound;

/// <summary>
/// Takes the click out of a join without a fade: where the sound jumps further than it did just before or does just after, what follows is shifted to begin where the earlier ended, and brought back
/// within five milliseconds. A tone that goes on over the join is left as it is, so there is no dip either. Takes one channel, in order.
/// </summary>
internal sealed class JoinSmoother
{
    private const int Length = 240; // 5 ms
    private const int Around = 96; // 2 ms: a period of 500 Hz
    private const float Allowed = 1.5f;
    private const float Inaudible = 0.001f; // −60 dB

    private readonly float[] recent = new float[Around + 1];
    private float shift;
    private int at = Length;

    /// <summary>Takes the next samples, and changes them.</summary>
    /// <param name="samples">What follows the last call's.</param>
    /// <param name="isJoin">Whether they begin with a join.</param>
    public void Process(Span<float> samples, bool isJoin)
    {
        if (isJoin && samples.Length > 0)
        {
            var jump = recent[^1] - samples[0];
            var usual = Math.Max(Steepest(recent), Steepest(samples[..Math.Min(samples.Length, Around)]));
            (shift, at) = Math.Abs(jump) > (usual * Allowed) + Inaudible ? (jump, 0) : (0, Length);
        }

        for (var i = 0; i < samples.Length && at < Length; i++, at++)
        {
            samples[i] += shift * (0.5f + (0.5f * MathF.Cos(MathF.PI * at / Length)));
        }

        if (samples.Length >= recent.Length)
        {
            samples[^recent.Length..].CopyTo(recent);
        }
        else
        {
            recent.AsSpan(samples.Length).CopyTo(recent);
            samples.CopyTo(recent.AsSpan(recent.Length - samples.Length));
        }
    }

    private static float Steepest(ReadOnlySpan<float> samples)
    {
        var steepest = 0f;
        for (var i = 1; i < samples.Length; i++)
        {
            steepest = Math.Max(steepest, Math.Abs(samples[i] - samples[i - 1]));
        }

        return steepest;
    }
}
