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

    /// <summary>Lays a still picture over in some times only: an expression such as <c>between(t,1,2)</c>.</summary>
    public static Filter OverlayWhile(int x, int y, string condition) => new("overlay", ("x", x), ("y", y), ("eof_action", "repeat"), ("enable", condition));
    public static Filter PixelFormat(string format) => new("format", ("pix_fmts", format));
    public static Filter SetPts(string expression) => new("setpts", ("expr", expression));
    public static Filter Null() => new("null");

    /// <summary>Draws the captions of an ASS script.</summary>
    public static Filter Ass(string script) => new("ass", ("filename", script));
    public static Filter Trim(TimeSpan start, TimeSpan duration) => new("trim", ("start", start), ("duration", duration));

    /// <summary>The picture of n that stands out least from the others: ffmpeg's own choice of a thumbnail.</summary>
    public static Filter Thumbnail(int frames) => new("thumbnail", ("n", frames));

    // Picture: shape and joins
    public static Filter Crop(int width, int height) => new("crop", ("w", width), ("h", height));
    public static Filter Pad(int width, int height, int x, int y) => new("pad", ("w", width), ("h", height), ("x", x), ("y", y));
    public static Filter SquarePixels() => new("setsar", ("sar", 1));
    public static Filter Blur(double sigma) => new("gblur", ("sigma", sigma));
    public static Filter Split(int outputs) => new("split", ("outputs", outputs));
    public static Filter Concat(int inputs) => new("concat", ("n", inputs), ("v", 1), ("a", 0));

    /// <summary>A picture of high dynamic range (PQ, HLG) as one of BT.709.</summary>
    public static ImmutableArray<Filter> ToneMap() =>
    [
        new("zscale", ("transfer", "linear"), ("npl", 100)), new("format", ("pix_fmts", "gbrpf32le")), new("zscale", ("primaries", "bt709")),
        new("tonemap", ("tonemap", "hable"), ("desat", 0)), new("zscale", ("transfer", "bt709"), ("matrix", "bt709"), ("range", "tv")),
    ];

    /// <summary>
    /// To a size, and from other weights or full range to BT.709 of limited range. Where filter scale changes weights it takes the way over RGB, four times as long, and leaves everything a step darker.
    /// </summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="matrix">zscale's name of the weights that come in.</param>
    /// <param name="range"><c>full</c> or <c>limited</c>.</param>
    public static Filter ScaleTo709(int width, int height, string matrix, string range) =>
        new("zscale", ("w", width), ("h", height), ("filter", "bicubic"), ("matrixin", matrix), ("rangein", range), ("matrix", "709"), ("range", "limited"));

    /// <summary>To a size, and from RGB to BT.709 of limited range.</summary>
    public static Filter ScaleRgbTo709(int width, int height) => Scale(width, height) with { Options = [.. Scale(width, height).Options, ("out_color_matrix", "bt709"), ("out_range", "tv")] };

    /// <summary>At a constant rate from time 0 on: a picture that comes later is shown from there too.</summary>
    public static Filter FpsFromZero(Rational rate) => new("fps", ("fps", rate), ("start_time", 0));

    /// <summary>Shows the last picture for so many frames more.</summary>
    public static Filter HoldLast(int frames) => new("tpad", ("stop", frames), ("stop_mode", "clone"));

    /// <summary>Frames from one number to before another.</summary>
    public static Filter TrimFrames(int from, int to) => new("trim", ("start_frame", from), ("end_frame", to));

    /// <summary>One picture into the other, from their first frames on.</summary>
    /// <param name="name">One of ffmpeg's transitions.</param>
    /// <param name="seconds">How long it takes.</param>
    /// <param name="offset">Second after the first frames that it begins at; one that is under way began before them.</param>
    public static Filter Transition(string name, double seconds, double offset = 0) => new("xfade", ("transition", name), ("duration", seconds), ("offset", offset));

    public static Filter Premultiply() => new("premultiply", ("inplace", 1));
    public static Filter Unpremultiply() => new("unpremultiply", ("inplace", 1));

    // Picture: layers
    public static Filter FillFps(int rate, int firstFrame) => new("fps", ("fps", rate), ("round", "down"), ("start_time", TimeSpan.FromSeconds((double)firstFrame / rate)));
    public static Filter HoldLast() => new("tpad", ("stop_mode", "clone"), ("stop", -1));
    public static Filter FirstFrames(int frames) => new("trim", ("end_frame", frames));
    public static Filter LoopStill(int frames) => new("loop", ("loop", frames - 1), ("size", 1), ("start", 0));
    public static Filter Crop(int width, int height, int x, int y) => new("crop", ("w", width), ("h", height), ("x", x), ("y", y));
    public static Filter ChromaKey(string color, double similarity, double blend) => new("chromakey", ("color", color), ("similarity", similarity), ("blend", blend));
    public static Filter ColorKey(string color, double similarity, double blend) => new("colorkey", ("color", color), ("similarity", similarity), ("blend", blend));
    public static Filter Pad(int width, int height, int x, int y, string color) => new("pad", ("w", width), ("h", height), ("x", x), ("y", y), ("color", color));
    public static Filter AlphaMerge() => new("alphamerge");
    public static Filter AlphaExtract() => new("alphaextract");
    public static Filter Blend(string mode) => new("blend", ("all_mode", mode));
    public static Filter TimeBase(int perSecond) => new("settb", ("expr", $"1/{perSecond}"));

    /// <summary>From full range with the weights of BT.601, as JPEG has it, to BT.709 of limited range, yuv420p. Only weights and range change: the colours are those of one screen.</summary>
    public static Filter FullRange601To709() => new(
        "colorspace", ("ispace", "bt470bg"), ("irange", "pc"), ("iprimaries", "bt709"), ("itrc", "bt709"),
        ("space", "bt709"), ("range", "tv"), ("primaries", "bt709"), ("trc", "bt709"), ("format", "yuv420p"));

    /// <summary>Says which weights pictures have, and changes nothing in them.</summary>
    public static Filter NameColours(string space) => new("setparams", ("colorspace", space));

    public static Filter From709() => new("scale", ("in_color_matrix", "bt709"), ("in_range", "tv"));
    public static Filter To709() => new("scale", ("out_color_matrix", "bt709"), ("out_range", "tv"));

    /// <summary>Over the main picture in some of its frames; where the film above has no frame of its own, its last stays.</summary>
    public static Filter Overlay(int x, int y, string format, int from, int to) => new("overlay", ("x", x), ("y", y), ("format", format), ("enable", $"between(n,{from},{to - 1})"));

    /// <summary>The 256 colours that suit the whole film best, those of what moves before all.</summary>
    public static Filter Palette() => new("palettegen", ("stats_mode", "diff"));

    /// <summary>The first picture in the colours of the second; only what changed is drawn anew.</summary>
    public static Filter UsePalette() => new("paletteuse", ("dither", "sierra2_4a"), ("diff_mode", "rectangle"));

    // Sound
    public static Filter AudioDelay(long samples) => new("adelay", ("delays", $"{samples}S"), ("all", 1));
    public static Filter Tempo(double speed) => new("atempo", ("tempo", speed));
    public static Filter VolumeOverTime(string expression) => new("volume", ("volume", expression), ("eval", "frame"), ("precision", "float"));
    public static Filter MixAll(int inputs) => new("amix", ("inputs", inputs), ("duration", "longest"), ("dropout_transition", 0), ("normalize", false));
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

    /// <summary>Takes steady noise away, by a noise floor that it follows.</summary>
    public static Filter Denoise() => new("afftdn", ("nr", 20), ("nf", -40), ("tn", true));

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
