using System.Text.Json.Serialization;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>How a change gathers and loses speed: the usual names.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Easing>))]
public enum Easing
{
    Linear, Hold,
    InSine, OutSine, InOutSine,
    InQuad, OutQuad, InOutQuad,
    InCubic, OutCubic, InOutCubic,
    InQuart, OutQuart, InOutQuart,
    InExpo, OutExpo, InOutExpo,
    InCirc, OutCirc, InOutCirc,
    InBack, OutBack, InOutBack,
    OutElastic, OutBounce, Spring,
}

/// <summary>Easings as functions.</summary>
public static class Easings
{
    private const double Overshoot = 1.70158;       // 10 % beyond the end, as everybody's "back" does

    /// <summary>The share of the way that lies behind after the share <paramref name="t"/> of the time; 0 ↦ 0 and 1 ↦ 1 exactly. Some go beyond 1 between.</summary>
    public static double At(this Easing easing, double t) => t switch
    {
        <= 0 => 0,
        >= 1 => 1,
        _ => easing switch
        {
            Easing.Linear => t,
            Easing.Hold => 0,
            Easing.InSine => 1 - Math.Cos(t * Math.PI / 2),
            Easing.OutSine => Math.Sin(t * Math.PI / 2),
            Easing.InOutSine => (1 - Math.Cos(Math.PI * t)) / 2,
            Easing.InQuad => Math.Pow(t, 2),
            Easing.OutQuad => Out(t, 2),
            Easing.InOutQuad => InOut(t, 2),
            Easing.InCubic => Math.Pow(t, 3),
            Easing.OutCubic => Out(t, 3),
            Easing.InOutCubic => InOut(t, 3),
            Easing.InQuart => Math.Pow(t, 4),
            Easing.OutQuart => Out(t, 4),
            Easing.InOutQuart => InOut(t, 4),
            Easing.InExpo => Math.Pow(2, 10 * (t - 1)),
            Easing.OutExpo => 1 - Math.Pow(2, -10 * t),
            Easing.InOutExpo => t < 0.5 ? Math.Pow(2, 20 * t - 10) / 2 : 1 - Math.Pow(2, 10 - 20 * t) / 2,
            Easing.InCirc => 1 - Math.Sqrt(1 - t * t),
            Easing.OutCirc => Math.Sqrt(1 - (1 - t) * (1 - t)),
            Easing.InOutCirc => t < 0.5 ? (1 - Math.Sqrt(1 - 4 * t * t)) / 2 : (1 + Math.Sqrt(1 - 4 * (1 - t) * (1 - t))) / 2,
            Easing.InBack => Back(t),
            Easing.OutBack => 1 - Back(1 - t),
            Easing.InOutBack => t < 0.5 ? Back(2 * t) / 2 : 1 - Back(2 - 2 * t) / 2,
            Easing.OutElastic => 1 + Math.Pow(2, -10 * t) * Math.Sin((10 * t - 0.75) * 2 * Math.PI / 3),
            Easing.OutBounce => Bounce(t),
            Easing.Spring => 1 - Math.Exp(-6 * t) * Math.Cos(9 * t) * (1 - t),
            _ => throw new ArgumentOutOfRangeException(nameof(easing), easing, "Not an easing."),
        },
    };

    private static double Out(double t, double power) => 1 - Math.Pow(1 - t, power);

    private static double InOut(double t, double power) => t < 0.5 ? Math.Pow(2 * t, power) / 2 : 1 - Math.Pow(2 - 2 * t, power) / 2;

    private static double Back(double t) => (Overshoot + 1) * t * t * t - Overshoot * t * t;

    private static double Bounce(double t) => t switch
    {
        < 1 / 2.75 => 7.5625 * t * t,
        < 2 / 2.75 => 7.5625 * (t - 1.5 / 2.75) * (t - 1.5 / 2.75) + 0.75,
        < 2.5 / 2.75 => 7.5625 * (t - 2.25 / 2.75) * (t - 2.25 / 2.75) + 0.9375,
        _ => 7.5625 * (t - 2.625 / 2.75) * (t - 2.625 / 2.75) + 0.984375,
    };
}
