using Platform.Contracts;
using Platform.Egress;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Storage.Fetching;

/// <summary>Brings a user's remote file in: through the guard, probed, and typed by what it is. Media, or own captions.</summary>
internal sealed class MediaFetcher(EgressClient client, IMediaProbe probe)
{
    public async Task<StageResult> FetchAsync(FetchMedia message, StageWork work, CancellationToken cancellation)
    {
        var path = work.PathOf("media");
        await DownloadAsync(message, path, work, cancellation);
        work.Report(1, "checking");
        return new StageResult { Files = new Dictionary<string, OutputFile> { ["media"] = await FileAsync(path, cancellation) } };
    }

    private async Task DownloadAsync(FetchMedia message, string path, StageWork work, CancellationToken cancellation)
    {
        const int noSpace = 28; // ENOSPC: errno(3)
        try
        {
            await client.DownloadAsync(message.Url, path, message.MaxBytes, new DownloadProgress(work), cancellation);
        }
        catch (EgressException e)
        {
            throw new StageException(e.Code, e.Transient ? FailureKind.Transient : FailureKind.Permanent, e.Message, e);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) == noSpace || (e.InnerException?.HResult & 0xFFFF) == noSpace)
        {
            throw new StageException("stage.disk_full", FailureKind.Transient, "The worker has too little free disk space.", e);
        }
    }

    private async Task<OutputFile> FileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var info = await probe.ProbeAsync(path, cancellation);
            return new OutputFile(path, MediaType.Of(info), info.ToFacts());
        }
        catch (MediaException e)
        {
            return !e.Transient && new FileInfo(path).Length <= CaptionFile.MostBytes && CaptionFile.TypeOf(await File.ReadAllBytesAsync(path, cancellation)) is { } type
                ? new OutputFile(path, type)
                : throw e.ToStage();
        }
    }

    /// <summary>Told at once, in the order of the bytes: <see cref="Progress{T}"/> would go through the thread pool.</summary>
    private sealed class DownloadProgress(StageWork work) : IProgress<double>
    {
        public void Report(double value) => work.Report(value, "fetching");
    }
}
