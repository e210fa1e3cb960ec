using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Music.Soundtracks;

/// <summary>What is done to a mix to reach a loudness.</summary>
/// <param name="Gain">In dB.</param>
/// <param name="Ceiling">Sample peaks are held under this, in dB below full scale; null: nothing comes near.</param>
internal sealed record Level(double Gain, double? Ceiling);

/// <summary>Looks for the level that gives a loudness: guesses, is told what the guess gave, guesses better. Pure.</summary>
internal sealed class LevelSearch
{
    /// <summary>AAC and the reconstruction between samples make peaks higher than a limiter leaves them; measured on music and noise, mostly by less than this.</summary>
    public const double Overshoot = 0.8;

    // Half of the ±0.5 LU that we promise, so that rounding (ffmpeg prints tenths) cannot eat the rest.
    private const double Tolerance = 0.25;

    private const double LowestCeiling = -24; // the limiter's
    private const double LoudestGain = 60;

    private readonly LoudnessTarget target;
    private (Level Level, double Loudness)? last;

    // How much louder 1 dB of gain makes it: 1 without a limiter, less the more that one holds back.
    private double yield = 1;

    /// <summary>Begins with what the mix itself has; with silence, stays there.</summary>
    public LevelSearch(Loudness mix, LoudnessTarget target)
    {
        this.target = target;
        var gain = mix.Integrated is { } loudness ? Math.Min(target.Target - loudness, LoudestGain) : 0;
        var ceiling = target.TruePeak - Overshoot;
        Level = new Level(gain, mix.TruePeak + gain > ceiling ? ceiling : null);
    }

    /// <summary>The guess.</summary>
    public Level Level { get; private set; }

    /// <summary>Whether what was measured is what was asked for.</summary>
    /// <param name="measured">What <see cref="Level"/> gave.</param>
    /// <param name="room">How much lower than asked for peaks must be, in dB.</param>
    public bool IsMet(Loudness measured, double room = 0) =>
        measured.Integrated is { } loudness && Math.Abs(loudness - target.Target) <= Tolerance && !(measured.TruePeak > target.TruePeak - room);

    /// <summary>Guesses better.</summary>
    /// <param name="measured">What <see cref="Level"/> gave.</param>
    /// <param name="room">How much lower than asked for peaks must be, in dB.</param>
    public void Learn(Loudness measured, double room = 0)
    {
        if (measured.Integrated is not { } loudness)
        {
            return;
        }

        if (last is var (before, gave) && before.Ceiling == Level.Ceiling && Math.Abs(Level.Gain - before.Gain) > 0.05)
        {
            yield = Math.Clamp((loudness - gave) / (Level.Gain - before.Gain), 0.2, 1);
        }

        last = (Level, loudness);
        var excess = measured.TruePeak - (target.TruePeak - room);
        Level = new Level(
            Math.Min(Level.Gain + ((target.Target - loudness) / yield), LoudestGain),
            excess > 0 ? Math.Max((Level.Ceiling ?? target.TruePeak) - excess.Value - 0.05, LowestCeiling) : Level.Ceiling);
    }
}
