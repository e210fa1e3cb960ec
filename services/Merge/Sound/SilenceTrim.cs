using System.Runtime.InteropServices;

namespace Platform.Merge.Sound;

/// <summary>Finds where a voice begins and ends.</summary>
internal static class SilenceTrim
{
    private const int Window = 480; // 10 ms
    private const double Silence = 3.2e-3; // −50 dB below full scale
    private const long Before = 2_400; // 50 ms: breath and a soft consonant
    private const long After = 7_200; // 150 ms: a word's last sound

    /// <summary>The part that is heard, in samples; all of it where nothing is.</summary>
    /// <param name="sound">Raw samples as the <see cref="Mixer"/> takes them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<(long From, long Length)> FindAsync(Stream sound, CancellationToken cancellationToken)
    {
        var bytes = new byte[Window * Mixer.BytesPerSample];
        long at = 0, first = -1, last = -1;
        for (int read; (read = await sound.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)) > 0; at += read / Mixer.BytesPerSample)
        {
            if (Loudest(MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, read / Mixer.BytesPerSample * Mixer.BytesPerSample))) > Silence)
            {
                first = first < 0 ? at : first;
                last = at + Window;
            }
        }

        if (first < 0)
        {
            return (0, at);
        }

        var from = Math.Max(0, first - Before);
        return (from, Math.Min(at, last + After) - from);
    }

    private static float Loudest(ReadOnlySpan<float> samples)
    {
        var loudest = 0f;
        foreach (var sample in samples)
        {
            loudest = Math.Max(loudest, Math.Abs(sample));
        }

        return loudest;
    }
}
