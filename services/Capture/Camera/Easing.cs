using System.Text.Json.Serialization;

namespace Platform.Capture.Camera;

/// <summary>How a move gathers and loses speed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Easing>))]
internal enum Easing
{
    Linear,

    /// <summary>Cubic in and out: symmetric, at rest at both ends.</summary>
    Cubic,

    /// <summary>A critically damped spring: leaves at once, arrives without a bounce.</summary>
    Spring,

    /// <summary>Even speed with soft ends: for a long scroll, whose middle a cubic would rush through.</summary>
    Glide,
}

internal static class Easings
{
    /// <summary>Spring time constants in one move. After 8 of them (1 + 8)·e⁻⁸ = 0.3 % are left, which <see cref="Spring"/> spreads over the move.</summary>
    private const double SpringSteps = 8;

    /// <summary>Share of a glide spent gathering speed, and again losing it.</summary>
    private const double GlideRamp = 0.15;

    private static readonly double SpringEnd = 1 - (1 + SpringSteps) * Math.Exp(-SpringSteps);

    /// <summary>The share of the way that lies behind after the share <paramref name="t"/> of the time; both 0 to 1, 0 ↦ 0 and 1 ↦ 1 exactly.</summary>
    public static double At(this Easing easing, double t) => t switch
    {
        <= 0 => 0,
        >= 1 => 1,
        _ => easing switch
        {
            Easing.Linear => t,
            Easing.Cubic => t < 0.5 ? 4 * t * t * t : 1 - 4 * (1 - t) * (1 - t) * (1 - t),
            Easing.Spring => Spring(t),
            Easing.Glide => Glide(t),
            _ => throw new ArgumentOutOfRangeException(nameof(easing), easing, "Not an easing."),
        },
    };

    private static double Spring(double t) => (1 - (1 + SpringSteps * t) * Math.Exp(-SpringSteps * t)) / SpringEnd;

    // Speed is a raised half cosine over each ramp and 1 between; the area under it is 1 − GlideRamp.
    private static double Glide(double t)
    {
        const double way = 1 - GlideRamp;
        return t < GlideRamp ? Ramp(t) / way
            : t > way ? 1 - Ramp(1 - t) / way
            : (t - GlideRamp / 2) / way;

        static double Ramp(double t) => t / 2 - GlideRamp / (2 * Math.PI) * Math.Sin(Math.PI * t / GlideRamp);
    }
}
