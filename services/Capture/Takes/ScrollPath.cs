using System.Collections.Immutable;

namespace Platform.Capture.Takes;

/// <summary>Where the page is at a time, from the plan's keys. Pure.</summary>
internal static class ScrollPath
{
    /// <summary>Scroll position in CSS pixels at <paramref name="time"/> seconds; 0 without keys.</summary>
    public static double At(ImmutableArray<ScrollKey> keys, double time)
    {
        if (keys.IsDefaultOrEmpty)
        {
            return 0;
        }

        if (time <= keys[0].Time)
        {
            return keys[0].Y;
        }

        for (var i = 1; i < keys.Length; i++)
        {
            if (time < keys[i].Time)
            {
                var (from, to) = (keys[i - 1], keys[i]);
                var share = (time - from.Time) / (to.Time - from.Time);
                return from.Y + ((to.Y - from.Y) * Ease(to.Easing, share));
            }
        }

        return keys[^1].Y;
    }

    /// <summary>0 at 0, 1 at 1, monotone between.</summary>
    public static double Ease(Easing easing, double share)
    {
        var t = Math.Clamp(share, 0, 1);
        return easing switch
        {
            Easing.Linear => t,
            Easing.Cubic => t < 0.5 ? 4 * t * t * t : 1 - (4 * (1 - t) * (1 - t) * (1 - t)),
            Easing.Smooth => t * t * t * (10 + (t * ((6 * t) - 15))),
            _ => throw new ArgumentOutOfRangeException(nameof(easing), easing, null),
        };
    }
}
