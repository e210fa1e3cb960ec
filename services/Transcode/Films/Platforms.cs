using System.Collections.Immutable;
using Platform.Ffmpeg;

namespace Platform.Transcode.Films;

/// <summary>What a platform takes. Limits are those of its API or help pages, read in November 2026.</summary>
internal sealed record PlatformRules
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Longest film that any account may post.</summary>
    public required TimeSpan Longest { get; init; }

    /// <summary>Longest film that an ordinary account may post; null where all are alike.</summary>
    public TimeSpan? UsuallyLongest { get; init; }

    public TimeSpan Shortest { get; init; }

    /// <summary>Largest file in bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Largest file in bytes of those who may post longer films than others; null where it is the same.</summary>
    public long? MaxBytesOfLong { get; init; }

    /// <summary>Largest file in bytes of a film of that length.</summary>
    public long MaxBytesFor(TimeSpan length) => length > UsuallyLongest ? MaxBytesOfLong ?? MaxBytes : MaxBytes;

    /// <summary>Longer side in pixels.</summary>
    public required int LongSide { get; init; }

    /// <summary>Shorter side in pixels.</summary>
    public required int ShortSide { get; init; }

    /// <summary>Neither side may be shorter, in pixels.</summary>
    public int SmallestSide { get; init; }

    /// <summary>Width to height: what is taken.</summary>
    public required (double Least, double Most) Shape { get; init; }

    /// <summary>Width to height of what fills the screen; null where many do.</summary>
    public double? Fills { get; init; }

    /// <summary>Frames per second.</summary>
    public double LowestRate { get; init; }

    /// <summary>Frames per second.</summary>
    public double HighestRate { get; init; } = 60;

    /// <summary>Most bits per second of the picture; null where there is no limit.</summary>
    public int? Bitrate { get; init; }

    /// <summary>Most bits per second of the sound.</summary>
    public int AudioBitrate { get; init; } = 512_000;
}

/// <summary>The platforms by their names in a document. All take H.264 (High, 4:2:0, closed groups) and stereo AAC at 48 kHz in MP4 with its index in front.</summary>
internal static class Platforms
{
    private const double Upright = 9.0 / 16;
    private const long Megabyte = 1_000_000;

    public static readonly ImmutableDictionary<string, PlatformRules> All = new Dictionary<string, PlatformRules>
    {
        // support.google.com/youtube/answer/1722171 (no limit of the bit rate, no edit lists), /71673 (12 h or 256 GB; 15 min until an account is verified).
        ["youtube"] = new()
        {
            Name = "YouTube", Longest = TimeSpan.FromHours(12), UsuallyLongest = TimeSpan.FromMinutes(15), MaxBytes = 256_000 * Megabyte,
            LongSide = 3840, ShortSide = 2160, Shape = (0, double.MaxValue),
        },

        // support.google.com/youtube/answer/15424877: up to three minutes, square or upright; anything else is an ordinary video.
        ["shorts"] = new()
        {
            Name = "YouTube Shorts", Longest = TimeSpan.FromMinutes(3), MaxBytes = 256_000 * Megabyte, LongSide = 1920, ShortSide = 1080, Shape = (0, 1), Fills = Upright,
        },

        // developers.tiktok.com/doc/content-posting-api-media-transfer-guide, "Video restrictions"; all accounts may post three minutes, some ten.
        ["tiktok"] = new()
        {
            Name = "TikTok", Longest = TimeSpan.FromMinutes(10), UsuallyLongest = TimeSpan.FromMinutes(3), MaxBytes = 4_000 * Megabyte,
            LongSide = 1920, ShortSide = 1080, SmallestSide = 360, Shape = (0, double.MaxValue), Fills = Upright, LowestRate = 23,
        },

        // developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media, "Reel specifications".
        ["reels"] = new()
        {
            Name = "Instagram Reels", Shortest = TimeSpan.FromSeconds(3), Longest = TimeSpan.FromMinutes(15), MaxBytes = 300 * Megabyte,
            LongSide = 1920, ShortSide = 1080, Shape = (0.01, 10), Fills = Upright, LowestRate = 23, Bitrate = 25_000_000, AudioBitrate = 128_000,
        },

        // help.x.com/en/using-x/x-videos (140 s and 512 MB; Premium four hours and 16 GB), docs.x.com/x-api/media/quickstart/best-practices (shape, rate).
        ["x"] = new()
        {
            Name = "X", Shortest = TimeSpan.FromSeconds(0.5), Longest = TimeSpan.FromHours(4), UsuallyLongest = TimeSpan.FromSeconds(140), MaxBytes = 512 * Megabyte, MaxBytesOfLong = 16_000 * Megabyte,
            LongSide = 1920, ShortSide = 1200, SmallestSide = 32, Shape = (1 / 3.0, 3), Bitrate = 25_000_000,
        },

        // learn.microsoft.com/linkedin/marketing/community-management/shares/videos-api (3 s to 30 min, 500 MB); linkedin.com/help/linkedin/answer/a548372 (shape, rate, bit rate).
        ["linkedin"] = new()
        {
            Name = "LinkedIn", Shortest = TimeSpan.FromSeconds(3), Longest = TimeSpan.FromMinutes(30), MaxBytes = 500 * Megabyte,
            LongSide = 1920, ShortSide = 1080, SmallestSide = 144, Shape = (1 / 2.4, 2.4), LowestRate = 10, Bitrate = 30_000_000,
        },
    }.ToImmutableDictionary();

    /// <summary>
    /// What players of HLS take: H.264 up to level 4.2, which is 1080p, at most 60 frames per second, stereo (developer.apple.com, "HLS Authoring Specification for Apple Devices", 1.3, 1.14 and 2).
    /// </summary>
    public static readonly PlatformRules Hls = new()
    {
        Name = "HLS", Longest = TimeSpan.FromHours(12), MaxBytes = 1_000_000 * Megabyte, LongSide = 1920, ShortSide = 1080, Shape = (0, double.MaxValue),
    };

    /// <summary>What of a film a platform does not take, everything at once: a code and a sentence each.</summary>
    /// <param name="rules">What it takes.</param>
    /// <param name="plan">The film as it would be made.</param>
    public static IEnumerable<(string Code, string Detail)> Refusals(PlatformRules rules, FilmPlan plan)
    {
        var shape = (double)plan.Width / plan.Height;
        if (plan.Length > rules.Longest)
        {
            yield return ("transcode.too_long", FormattableString.Invariant($"{rules.Name} takes at most {rules.Longest.TotalSeconds:0.#} s, the film has {plan.Length.TotalSeconds:0.#} s."));
        }

        if (plan.Length < rules.Shortest)
        {
            yield return ("transcode.too_short", FormattableString.Invariant($"{rules.Name} takes at least {rules.Shortest.TotalSeconds:0.#} s, the film has {plan.Length.TotalSeconds:0.#} s."));
        }

        if (shape < rules.Shape.Least || shape > rules.Shape.Most)
        {
            yield return ("transcode.shape_refused", FormattableString.Invariant($"{rules.Name} does not take {plan.Width} × {plan.Height}: width to height must be {rules.Shape.Least:0.##} to {rules.Shape.Most:0.##}. A merge stage with a format changes a film's shape."));
        }

        if (Math.Min(plan.Width, plan.Height) < rules.SmallestSide)
        {
            yield return ("transcode.too_small", FormattableString.Invariant($"{rules.Name} takes no side under {rules.SmallestSide} pixels, the film has {plan.Width} × {plan.Height}."));
        }

        if (plan.Rate.Value < rules.LowestRate || plan.Rate.Value > rules.HighestRate + 0.001)
        {
            yield return ("transcode.rate_refused", FormattableString.Invariant($"{rules.Name} takes {rules.LowestRate:0.##} to {rules.HighestRate:0.##} frames per second, not {plan.Rate.Value:0.##}."));
        }
    }

    /// <summary>What a platform takes, but its audience or an ordinary account will notice.</summary>
    public static IEnumerable<(string Code, string Detail)> Remarks(PlatformRules rules, FilmPlan plan)
    {
        if (plan.Length > rules.UsuallyLongest)
        {
            yield return ("transcode.long_for_account", FormattableString.Invariant($"The film has {plan.Length.TotalSeconds:0.#} s: an ordinary account at {rules.Name} may post {rules.UsuallyLongest.Value.TotalSeconds:0.#} s."));
        }

        if (rules.Fills is { } fills && Math.Abs(((double)plan.Width / plan.Height / fills) - 1) > 0.02)
        {
            yield return ("transcode.shape_unusual", FormattableString.Invariant($"{rules.Name} shows 9:16 on the whole screen; {plan.Width} × {plan.Height} gets bars."));
        }
    }

    /// <summary>The rate nearest to a film's that a platform takes, by whole steps, so that frames stay evenly spaced.</summary>
    public static Rational RateFor(PlatformRules rules, Rational rate) =>
        rate.Value > rules.HighestRate + 0.001 ? new Rational(rate.Numerator, rate.Denominator * (int)Math.Ceiling((rate.Value / rules.HighestRate) - 0.001))
        : rate.Value < rules.LowestRate ? new Rational(rate.Numerator * (int)Math.Ceiling(rules.LowestRate / rate.Value), rate.Denominator)
        : rate;
}
