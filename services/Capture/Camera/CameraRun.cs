using System.Globalization;
using System.Threading.Channels;
using Platform.Ffmpeg;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>
/// One composition: an ffmpeg that decodes the take, our drawing, an ffmpeg that encodes the film; raw frames go through pipes between them,
/// and all three work at the same time.
/// </summary>
/// <param name="ffmpeg">Decodes and encodes.</param>
/// <param name="workspace">The only folder that is written.</param>
/// <param name="take">The take's frames.</param>
/// <param name="plan">The shots.</param>
/// <param name="track">Where the camera is.</param>
/// <param name="scene">Draws the frames.</param>
/// <param name="sound">The film's sound as <see cref="PressSounds"/> writes it, as long as the film; null for a silent film.</param>
/// <param name="film">How the film is encoded.</param>
internal sealed class CameraRun(IFfmpeg ffmpeg, string workspace, string take, ShotPlan plan, CameraTrack track, Scene scene, string? sound, FilmEncoding film)
{
    /// <summary>Frames under way on each side of the drawing: one being filled, one being used, one to keep either from waiting.</summary>
    private const int FramesUnderWay = 3;

    private readonly PictureSize source = scene.Take, target = scene.Film;
    private readonly Conveyor decoded = new(), composed = new();

    public async Task RunAsync(string path, Action<double> progress, CancellationToken cancellationToken)
    {
        for (var n = 0; n < FramesUnderWay; n++)
        {
            decoded.Return(FrameSampler.Frame(source));
            composed.Return(FrameSampler.Frame(target));
        }

        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var decode = Watched(ffmpeg.RunAsync(Decoder(), workspace, null, all.Token));
        var encode = Watched(ffmpeg.RunAsync(Encoder(path), workspace, now => progress((double)now.Frames / plan.FilmFrames), all.Token));
        var draw = Watched(Task.Run(() => DrawAsync(decode, all.Token), all.Token));

        // One that fails ends the others; of what they then say, the cause is what is not a cancellation.
        await Task.WhenAll(decode, encode, draw).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var part in new[] { decode, encode, draw }.OrderBy(part => part.IsFaulted ? 0 : 1))
            await part;

        async Task Watched(Task part)
        {
            try
            {
                await part;
            }
            finally
            {
                if (!part.IsCompletedSuccessfully)
                    await all.CancelAsync();
            }
        }
    }

    private FfmpegCommand Decoder() => new()
    {
        Inputs = [new FfmpegInput(take)],
        Graph = new FilterGraph(Filters.Chain("0:v:0", "take", Filters.Scale(source.Width, source.Height), Filters.PixelFormat("yuv420p"))),
        Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo", Maps = ["[take]"], Options = ["-fps_mode", "passthrough", "-frames:v", Text(plan.Frames)] }],
        Output = ReadAsync,
    };

    private FfmpegCommand Encoder(string path) => new()
    {
        Inputs =
        [
            new FfmpegInput("pipe:0")
            {
                Format = "rawvideo",
                Options = ["-pixel_format", "yuv420p", "-video_size", $"{Text(target.Width)}x{Text(target.Height)}", "-framerate", Text(plan.Fps)],
            },
            .. sound is null ? (FfmpegInput[])[] : [new FfmpegInput(sound) { Format = "s16le", Options = ["-ar", Text(PressSounds.SampleRate), "-ac", "1"] }],
        ],
        Outputs = [sound is null ? film.Output(path, "0:v", plan.Fps, plan.FilmFrames) : film.Output(path, "0:v", "1:a", plan.Fps)],
        Length = Composition.Length(plan),
        Input = WriteAsync,
    };

    private async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        for (var n = 0; n < plan.Frames; n++)
        {
            var frame = await decoded.EmptyAsync(cancellationToken);
            if (await stream.ReadAtLeastAsync(frame.AsMemory(0, source.Bytes), source.Bytes, throwOnEndOfStream: false, cancellationToken) < source.Bytes)
                break;
            decoded.Send(frame);
        }
        decoded.End();
    }

    private async Task DrawAsync(Task decode, CancellationToken cancellationToken)
    {
        for (var n = 0; n < plan.Frames; n++)
        {
            if (await decoded.NextAsync(cancellationToken) is not { } from)
            {
                await decode;
                throw new MediaException("capture.take_incomplete", true, $"The take ends after {n} of {plan.Frames} frames.");
            }

            if (!plan.Shows(n))
            {
                decoded.Return(from);
                continue;
            }

            var to = await composed.EmptyAsync(cancellationToken);
            scene.Draw(from, to, n, track.At(n));
            decoded.Return(from);
            composed.Send(to);
        }
        composed.End();
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (await composed.NextAsync(cancellationToken) is { } frame)
        {
            await stream.WriteAsync(frame.AsMemory(0, target.Bytes), cancellationToken);
            composed.Return(frame);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Frames on their way from one worker to the next, and empty ones back. As many as were put on it, so neither side can run away.</summary>
    private sealed class Conveyor
    {
        private readonly Channel<byte[]> full = Channel.CreateUnbounded<byte[]>(), empty = Channel.CreateUnbounded<byte[]>();

        public ValueTask<byte[]> EmptyAsync(CancellationToken cancellationToken) => empty.Reader.ReadAsync(cancellationToken);

        public void Send(byte[] frame) => full.Writer.TryWrite(frame);

        public void Return(byte[] frame) => empty.Writer.TryWrite(frame);

        public void End() => full.Writer.Complete();

        /// <summary>The next frame, or null after the last.</summary>
        public async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken) =>
            await full.Reader.WaitToReadAsync(cancellationToken) && full.Reader.TryRead(out var frame) ? frame : null;
    }
}
