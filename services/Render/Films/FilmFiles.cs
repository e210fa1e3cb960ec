using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Render.Films;

/// <summary>Hands a finished film over: looked at, with a thumbnail.</summary>
internal sealed class FilmFiles(IFfmpeg ffmpeg, IMediaProbe probe)
{
    private const int ThumbnailWidth = 640;

    /// <summary>Where in a film its thumbnail is taken: past the entrances of titles, before they leave.</summary>
    private const double ThumbnailShare = 0.4;

    public async Task<StageResult> KeepAsync(string film, FilmEncoding encoding, TimeSpan length, StageWork work, CancellationToken cancellationToken)
    {
        var info = await probe.ProbeAsync(film, cancellationToken);
        var files = new Dictionary<string, OutputFile> { ["video"] = new(film, encoding.ContentType, info.ToFacts()) };
        if (info.Video is not { } video) return new StageResult { Files = files };

        var thumbnail = work.PathOf("thumbnail.jpg");
        var time = info.IsStill ? TimeSpan.Zero : length * ThumbnailShare;
        await ffmpeg.RunAsync(Frames.At(film, time, thumbnail, Math.Min(ThumbnailWidth, video.Width)), work.Folder, null, cancellationToken);
        files["thumbnail"] = new OutputFile(thumbnail, "image/jpeg");
        return new StageResult { Files = files };
    }
}
