namespace Platform.Ffmpeg;

/// <summary>Still pictures out of films.</summary>
public static class Frames
{
    /// <summary>The picture at a time, as a file of the kind its name says (<c>.png</c>, <c>.jpg</c>).</summary>
    public static FfmpegCommand At(string film, TimeSpan time, string picture, int? width = null) => new()
    {
        Inputs = [new FfmpegInput(film) { Start = time }],
        Graph = new FilterGraph(Filters.Chain("0:v:0", "out", width is { } w ? [Filters.Scale(w, -2)] : [Filters.Null()])),
        Outputs = [Still(picture)],
    };

    /// <summary>The most typical of the first pictures from a time on: no flash, no fade.</summary>
    public static FfmpegCommand Typical(string film, TimeSpan from, string picture, int frames = 100, int? width = null) => new()
    {
        Inputs = [new FfmpegInput(film) { Start = from }],
        Graph = new FilterGraph(Filters.Chain("0:v:0", "out", [Filters.Thumbnail(frames), .. width is { } w ? (Filter[])[Filters.Scale(w, -2)] : []])),
        Outputs = [Still(picture)],
    };

    private static FfmpegOutput Still(string picture) => new(picture)
    {
        Maps = ["[out]"],
        Options = ["-frames:v", "1", "-update", "1", "-q:v", "2"],
        Format = "image2",
    };
}
