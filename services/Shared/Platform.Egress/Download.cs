using System.Net;
using System.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;

namespace Platform.Egress;

/// <summary>A file that was fetched. Named by the server and not to be believed: look at the content.</summary>
/// <param name="Bytes">Length of the file.</param>
/// <param name="ContentType">What the server called it; null when it said nothing.</param>
public sealed record Download(long Bytes, string? ContentType);

public sealed partial class EgressClient
{
    /// <summary>Fetches a file, by several ranges at once when it is long and the server allows it, and goes on where a connection broke.</summary>
    /// <param name="url">Checked by <see cref="UrlPolicy"/> here, its address at every connection.</param>
    /// <param name="path">Created or overwritten; deleted when the download fails.</param>
    /// <param name="maxBytes">Limit, checked against the declared length before the body is read and against the bytes as they come.</param>
    /// <param name="progress">0..1; told nothing when the length is unknown.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    /// <exception cref="EgressException">See <see cref="EgressCodes"/>.</exception>
    public async Task<Download> DownloadAsync(string url, string path, long maxBytes, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var start = Checked(url);
        try
        {
            return await FetchAsync(start, path, maxBytes, progress, cancellationToken);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private async Task<Download> FetchAsync(Uri start, string path, long maxBytes, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var (first, url) = await GetAsync(start, prepare: null, cancellationToken);
        using var response = first;
        var total = response.Content.Headers.ContentLength;
        if (total > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new EgressException(EgressCodes.HttpError, transient: false, $"The server answered {(int)response.StatusCode} to a plain GET.") { Status = (int)response.StatusCode };
        }

        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        using var pace = new Pace(_options.Limits, _time, cancellationToken);
        var transfer = new Transfer(this, url, ValidatorOf(response), file, maxBytes, total, pace, progress);
        try
        {
            await transfer.RunAsync(response);
        }
        catch (OperationCanceledException) when (pace.IsTooSlow)
        {
            throw new EgressException(
                EgressCodes.TooSlow, transient: true, $"The server sent less than {_options.Limits.MinBytesPerSecond / 1000} KB/s over {_options.Limits.SlowWindow.TotalSeconds:0.#} s.");
        }

        return new Download(transfer.Received, response.Content.Headers.ContentType?.MediaType);
    }

    private static EgressException TooLarge(long maxBytes) =>
        new(EgressCodes.TooLarge, transient: false, $"The file is larger than the limit of {maxBytes} bytes.");

    /// <summary>What proves that a later range is of the same file; null when the server gives no such thing or no ranges.</summary>
    private static RangeConditionHeaderValue? ValidatorOf(HttpResponseMessage response) =>
        response.Headers.AcceptRanges.Contains("none") ? null
        : response.Headers.ETag is { IsWeak: false } tag ? new RangeConditionHeaderValue(tag)
        : response.Content.Headers.LastModified is { } date ? new RangeConditionHeaderValue(date)
        : null;

    /// <summary>One file on its way: one or more segments of it, each filled by one connection after another.</summary>
    private sealed class Transfer(
        EgressClient client,
        Uri url,
        RangeConditionHeaderValue? validator,
        SafeFileHandle file,
        long maxBytes,
        long? total,
        Pace pace,
        IProgress<double>? progress)
    {
        private const int BufferSize = 128 * 1024;
        private long _received;

        public long Received => Interlocked.Read(ref _received);

        public async Task RunAsync(HttpResponseMessage first)
        {
            var limits = client._options.Limits;
            var parts = total >= limits.ParallelFrom && validator is not null && first.Headers.AcceptRanges.Contains("bytes") ? limits.Parallel : 1;
            if (parts == 1)
            {
                await FillAsync(0, total, first, pace.Token);
                return;
            }

            // The first answer goes on as the first segment. When one fails for good, the others stop.
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(pace.Token);
            var length = total!.Value;
            var segments = Enumerable.Range(0, parts).Select(async part =>
            {
                try
                {
                    await FillAsync(length * part / parts, length * (part + 1) / parts, part == 0 ? first : null, stop.Token);
                }
                catch
                {
                    await stop.CancelAsync();
                    throw;
                }
            }).ToList();
            await Task.WhenAll(segments).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            var failures = segments.Where(segment => segment.IsFaulted).Select(segment => segment.Exception!.InnerException!);
            if (failures.OfType<EgressException>().FirstOrDefault() is { } failure)
            {
                throw failure;
            }

            await Task.WhenAll(segments);
        }

        /// <summary>Fills the file from <paramref name="from"/> up to, not including, <paramref name="end"/>; to the end of the answer when that is unknown.</summary>
        private async Task FillAsync(long from, long? end, HttpResponseMessage? response, CancellationToken cancellationToken)
        {
            for (var at = from; ;)
            {
                var resumed = response is null;
                response ??= await ContinueAsync(at, end, cancellationToken);
                var before = at;
                Exception? broken = null;
                try
                {
                    at = await CopyAsync(response, at, end, cancellationToken);
                    if (end is null || at == end)
                    {
                        return;
                    }
                }
                catch (BrokenException e)
                {
                    (at, broken) = (e.At, e.InnerException);
                }
                finally
                {
                    response.Dispose();
                    response = null;
                }

                if (validator is null || (resumed && at == before))
                {
                    throw new EgressException(EgressCodes.Truncated, transient: true, "The connection ended before the file was complete.", broken);
                }
            }
        }

        /// <summary>Asks for the rest. An answer that is not exactly that part of the same file is no use.</summary>
        private async Task<HttpResponseMessage> ContinueAsync(long at, long? end, CancellationToken cancellationToken)
        {
            var (response, _) = await client.GetAsync(
                url,
                request =>
                {
                    request.Headers.Range = new RangeHeaderValue(at, end - 1);
                    request.Headers.IfRange = validator;
                },
                cancellationToken);
            if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is { } range
                && range.From == at && (total is null || range.Length is null || range.Length == total))
            {
                return response;
            }

            response.Dispose();
            throw new EgressException(EgressCodes.Truncated, transient: true, "The file changed, or the server gave no range, while it was fetched.");
        }

        private async Task<long> CopyAsync(HttpResponseMessage response, long at, long? end, CancellationToken cancellationToken)
        {
            try
            {
                await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                var buffer = new byte[BufferSize];
                while (end is null || at < end)
                {
                    var want = (int)Math.Min(buffer.Length, (end ?? long.MaxValue) - at);
                    var read = await body.ReadAsync(buffer.AsMemory(0, want), cancellationToken);
                    if (read == 0)
                    {
                        break;
                    }

                    if (at + read > maxBytes)
                    {
                        throw TooLarge(maxBytes);
                    }

                    await WriteAsync(buffer.AsMemory(0, read), at, cancellationToken);
                    at += read;
                    pace.Add(read);
                    var received = Interlocked.Add(ref _received, read);
                    if (total > 0)
                    {
                        progress?.Report((double)received / total.Value);
                    }
                }

                return at;
            }
            catch (Exception e) when (e is HttpIOException or HttpRequestException || e is IOException and not DiskException)
            {
                throw new BrokenException(at, e);
            }
        }

        private async Task WriteAsync(ReadOnlyMemory<byte> bytes, long at, CancellationToken cancellationToken)
        {
            try
            {
                await RandomAccess.WriteAsync(file, bytes, at, cancellationToken);
            }
            catch (IOException e)
            {
                throw new DiskException(e); // ours, not the server's: a new connection would not help
            }
        }
    }

    private sealed class BrokenException(long at, Exception inner) : Exception("The connection broke.", inner)
    {
        public long At { get; } = at;
    }

    private sealed class DiskException(IOException inner) : IOException(inner.Message, inner);
}
