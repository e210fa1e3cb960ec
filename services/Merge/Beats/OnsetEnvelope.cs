using NWaves.Filters.Fda;
using NWaves.Transforms;
using NWaves.Windows;

namespace Platform.Merge.Beats;

/// <summary>
/// How much begins in a sound at each moment (Ellis, "Beat Tracking by Dynamic Programming", 2007, section 3.1): by how much the loudness of forty bands grows from one moment to the next. Takes mono at
/// <see cref="SampleRate"/>, in order.
/// </summary>
internal sealed class OnsetEnvelope
{
    public const int SampleRate = 8_000;

    /// <summary>Moments per second.</summary>
    public const int Rate = SampleRate / Hop;

    /// <summary>Seconds by which the envelope's peak comes after what begins: measured on clicks, whose first sample enters the window before it counts for much.</summary>
    public const double Lag = 0.006;

    private const int Window = 256; // 32 ms
    private const int Hop = 32; // 4 ms
    private const int Bands = 40;

    /// <summary>Power below which nothing is heard, beside the loudest: −80 dB.</summary>
    private const float Floor = 1e-8f;

    private readonly RealFft transform = new(Window);
    private readonly float[] shape = NWaves.Windows.Window.OfType(WindowType.Hann, Window);
    private readonly float[][] bank = FilterBanks.MelBankSlaney(Bands, Window, SampleRate);
    private readonly float[] window = new float[Window];
    private readonly float[] spectrum = new float[(Window / 2) + 1];
    private readonly float[] bands = new float[Bands];
    private readonly float[] before = new float[Bands];
    private readonly List<float> strengths = [];
    private int held = Window - Hop; // silence before the first sample
    private bool begun;

    /// <summary>The envelope so far, <see cref="Rate"/> values a second, the first at the sound's beginning.</summary>
    public IReadOnlyList<float> Strengths => strengths;

    /// <summary>Takes the next samples, as many as there are.</summary>
    public void Add(ReadOnlySpan<float> sound)
    {
        while (sound.Length > 0)
        {
            var taken = Math.Min(sound.Length, Window - held);
            sound[..taken].CopyTo(window.AsSpan(held));
            sound = sound[taken..];
            held += taken;
            if (held == Window)
            {
                Hear();
                window.AsSpan(Hop).CopyTo(window);
                held -= Hop;
            }
        }
    }

    private void Hear()
    {
        var shaped = new float[Window];
        for (var i = 0; i < Window; i++)
        {
            shaped[i] = window[i] * shape[i];
        }

        transform.PowerSpectrum(shaped, spectrum);
        FilterBanks.Apply(bank, spectrum, bands);
        var strength = 0f;
        for (var band = 0; band < Bands; band++)
        {
            var loudness = 10 * MathF.Log10(bands[band] + Floor);
            strength += begun ? Math.Max(0, loudness - before[band]) : 0;
            before[band] = loudness;
        }

        begun = true;
        strengths.Add(strength);
    }
}
