using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;
using Platform.Processes;

namespace Platform.Ffmpeg;

/// <summary>Says what a file is, and refuses what we do not take.</summary>
public interface IMediaProbe
{
    /// <summary>Looks at a file on this machine.</summary>
    /// <exception cref="MediaException">
    /// <c>media.unreadable</c>, <c>media.truncated</c>, <c>media.unsupported_container</c>, <c>media.unsupported_codec</c>, <c>media.too_many_pixels</c>,
    /// <c>media.no_video_stream</c>, <c>media.encrypted</c>, <c>media.timestamps_invalid</c>, <c>media.timeout</c>, <c>media.tool_missing</c>.
    /// </exception>
    Task<MediaInfo> ProbeAsync(string path, CancellationToken cancellationToken);
}

internal sealed class MediaProbe(XabeProbe xabe, IProcessRunner runner, IFfmpeg ffmpeg, IOptions<FfmpegOptions> options) : IMediaProbe
{
    private const int MostErrors = 1 << 20;

    public async Task<MediaInfo> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        var demuxer = FileShape.Check(path);
        var child = new ChildProcess(options.Value.FfprobePath, ProbeReport.Arguments(path, demuxer))
        {
            Confinement = new Confinement { Readable = [path] },
            Limits = Ffmpeg.Limits(options.Value) with { WallTime = options.Value.ProbeTimeout, CpuTime = options.Value.ProbeTimeout, FileBytes = MostErrors },
        };
        var (json, errors) = await RunAsync(child, path, cancellationToken);
        var info = ProbeReport.Read(json, errors, path);
        return info.Duration is null && !ProbeReport.IsStill(info) ? info with { Duration = await MeasureAsync(path, cancellationToken) } : info;
    }

    private async Task<(string Json, string Errors)> RunAsync(ChildProcess child, string path, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Value.ProbeTimeout);
        try
        {
            return XabeProbe.Works ? await RunXabeAsync(child, timeout.Token) : await RunRunnerAsync(child, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MediaException("media.timeout", true, "Looking at the file took too long.");
        }
        catch (ChildException e)
        {
            throw FfmpegFailure.Classify(e, Path.GetDirectoryName(path) ?? "");
        }
    }

    private async Task<(string Json, string Errors)> RunXabeAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        using var errors = NamelessFile();
        var json = await xabe.RunAsync(child, $"/proc/{Environment.ProcessId}/fd/{errors.DangerousGetHandle()}", cancellationToken);
        cancellationToken.ThrowIfCancellationRequested(); // Xabe returns what it has when it is cancelled
        var said = new byte[Math.Min(RandomAccess.GetLength(errors), ErrorLength)];
        RandomAccess.Read(errors, said, 0);
        return (json, System.Text.Encoding.UTF8.GetString(said));
    }

    private const int ErrorLength = 64 * 1024;

    private async Task<(string Json, string Errors)> RunRunnerAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        var json = "";
        var result = await runner.RunAsync(child with { Output = async (stream, token) => json = await new StreamReader(stream).ReadToEndAsync(token) }, cancellationToken);
        return (json, result.ErrorTail);
    }

    /// <summary>A file that is gone from its folder before anything is written, so that nothing stays behind a killed service.</summary>
    private static SafeFileHandle NamelessFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"platform-probe-{Guid.NewGuid():N}");
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
        File.Delete(path);
        return handle;
    }

    /// <summary>Recorders that stream write no duration: reads every packet to find it.</summary>
    private async Task<TimeSpan> MeasureAsync(string path, CancellationToken cancellationToken)
    {
        var length = TimeSpan.Zero;
        var folder = Directory.CreateTempSubdirectory("platform-probe-");
        try
        {
            await ffmpeg.RunAsync(
                new FfmpegCommand { Inputs = [new FfmpegInput(path)], Outputs = [new FfmpegOutput("-") { Maps = ["0"], Options = ["-c", "copy"], Format = "null" }] },
                folder.FullName,
                now => length = now.Time,
                cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return length;
    }
}
