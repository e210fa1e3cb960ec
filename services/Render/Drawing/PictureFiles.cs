using System.Globalization;
using Platform.Ffmpeg;
using Platform.Pictures;
using Platform.Render.Graphs;
using Platform.Templates;

namespace Platform.Render.Drawing;

/// <summary>A picture file to read at a size.</summary>
/// <param name="Path">The file.</param>
/// <param name="Info">What it is.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Fit">How it fills the size.</param>
/// <param name="ChromaKey">A colour that becomes transparent.</param>
internal sealed record PictureOrder(string Path, MediaInfo Info, int Width, int Height, string Fit, ChromaKey? ChromaKey = null);

/// <summary>Reads picture files into memory, through ffmpeg: its limits hold for users' pictures as for their films.</summary>
internal sealed class PictureFiles(IFfmpeg ffmpeg)
{
    private const int AtOnce = 8;

    public async Task<IReadOnlyList<Picture>> ReadAsync(IReadOnlyList<PictureOrder> orders, string folder, CancellationToken cancellationToken)
    {
        var pictures = new List<Picture>();
        foreach (var batch in orders.Chunk(AtOnce))
        {
            var paths = batch.Select((_, index) => System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"picture-{index}.raw"))).ToList();
            await ffmpeg.RunAsync(new FfmpegCommand
            {
                Inputs = [.. batch.Select(order => new FfmpegInput(order.Path) { Format = order.Info.Container.EndsWith("_pipe", StringComparison.Ordinal) ? order.Info.Container : null })],
                Graph = new FilterGraph([.. batch.SelectMany((order, index) => Chains(order, index))]),
                Outputs = [.. paths.Select((path, index) => new FfmpegOutput(path) { Maps = [$"[picture{index}]"], Options = ["-frames:v", "1", "-pix_fmt", "rgba"], Format = "rawvideo" })],
            }, folder, null, cancellationToken);
            foreach (var (order, path) in batch.Zip(paths))
            {
                pictures.Add(Picture.FromStraight(order.Width, order.Height, await File.ReadAllBytesAsync(path, cancellationToken)));
                File.Delete(path);
            }
        }
        return pictures;
    }

    private static IEnumerable<FilterChain> Chains(PictureOrder order, int index)
    {
        var video = order.Info.RequireVideo();
        var shot = new FilmShot { Seek = 0, From = 0, Start = 0, Picture = video, Fit = order.Fit };
        Filter[] key = order.ChromaKey is { } chroma ? [Filters.ColorKey(FilmChain.Hex(chroma.Color), chroma.Similarity, chroma.Blend)] : [];
        return FilmChain.Fitted($"{index}:v:0", $"picture{index}", [Filters.PixelFormat("rgba"), .. key], shot, order.Width, order.Height, Surface.Rgb, []);
    }
}
