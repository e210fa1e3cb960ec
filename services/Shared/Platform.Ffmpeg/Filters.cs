using System.Collections.Immutable;

namespace Platform.Ffmpeg;

/// <summary>Our vocabulary: the filters that stages use. Add yours here, one line each.</summary>
public static class Filters
{
    // Picture
    public static Filter Fps(double rate) => new("fps", ("fps", rate));
    public static Filter Fps(Rational rate) => new("fps", ("fps", rate));
    public static Filter Scale(int width, int height) => new("scale", ("w", width), ("h", height), ("flags", "bicubic"));
    public static Filter Overlay(int x, int y) => new("overlay", ("x", x), ("y", y));
    public static Filter PixelFormat(string format) => new("format", ("pix_fmts", format));
    public static Filter SetPts(string expression) => new("setpts", ("expr", expression));
    public static Filter Null() => new("null");
    public static Filter Trim(TimeSpan start, TimeSpan duration) => new("trim", ("start", start), ("duration", duration));

    /// <summary>The picture of n that stands out least from the others: ffmpeg's own choice of a thumbnail.</summary>
    public static Filter Thumbnail(int frames) => new("thumbnail", ("n", frames));

    // Sound
    public static Filter Volume(double gain) => new("volume", ("volume", gain), ("precision", "float"));
    public static Filter Resample(int rate) => new("aresample", ("osr", rate), ("async", 1), ("first_pts", 0));
    public static Filter AudioFormat(int rate, string layout, string format = "fltp") => new("aformat", ("sample_fmts", format), ("sample_rates", rate), ("channel_layouts", layout));
    public static Filter AudioTrim(TimeSpan start, TimeSpan duration) => new("atrim", ("start", start), ("duration", duration));
    public static Filter AudioFrom(TimeSpan start) => new("atrim", ("start", start));
    public static Filter AudioUntil(TimeSpan end) => new("atrim", ("end", end));
    public static Filter AudioNull() => new("anull");
    public static Filter AudioSetPts(string expression) => new("asetpts", ("expr", expression));
    public static Filter AudioPad(TimeSpan length) => new("apad", ("whole_dur", length));
    public static Filter FadeIn(TimeSpan start, TimeSpan duration) => new("afade", ("t", "in"), ("st", start), ("d", duration));
    public static Filter FadeOut(TimeSpan start, TimeSpan duration) => new("afade", ("t", "out"), ("st", start), ("d", duration));
    public static Filter AudioSplit(int outputs) => new("asplit", ("outputs", outputs));

    /// <summary>Adds sounds as they are: no normalisation, so a voice stays at its level. Lasts as long as the first.</summary>
    public static Filter Mix(int inputs) => new("amix", ("inputs", inputs), ("duration", "first"), ("dropout_transition", 0), ("normalize", false));

    /// <summary>One piece into the next, both at equal power.</summary>
    public static Filter CrossFade(TimeSpan duration) => new("acrossfade", ("d", duration), ("c1", "qsin"), ("c2", "qsin"));

    /// <summary>One piece into the next without an overlap.</summary>
    public static Filter AudioConcat(int inputs) => new("concat", ("n", inputs), ("v", 0), ("a", 1));

    /// <summary>Lowers a share of the first input while the second is louder than the threshold (1 is full scale).</summary>
    public static Filter Duck(double threshold, double ratio, TimeSpan attack, TimeSpan release, double share) => new(
        "sidechaincompress", ("threshold", Math.Round(threshold, 6)), ("ratio", ratio), ("attack", attack.TotalMilliseconds), ("release", release.TotalMilliseconds), ("detection", "rms"), ("mix", Math.Round(share, 6)));

    /// <summary>Plays what it gets, then for ever what came after the first samples.</summary>
    public static Filter Repeat(long from, long mostSamples) => new("aloop", ("loop", -1), ("size", Math.Min(mostSamples, int.MaxValue)), ("start", from));

    /// <summary>Holds peaks under a ceiling (1 is full scale) without changing the level of what is below.</summary>
    public static Filter Limit(double ceiling) => new("alimiter", ("limit", ceiling), ("attack", 5), ("release", 50), ("level", false), ("latency", true));

    /// <summary>EBU R 128 with true peak; the summary comes at the end, on standard error.</summary>
    public static Filter Loudness() => new("ebur128", ("peak", "true"), ("framelog", "verbose"));

    /// <summary>A chain of one filter without labels.</summary>
    public static FilterChain Chain(string input, string output, params ImmutableArray<Filter> filters) => new([input], filters, [output]);
}
