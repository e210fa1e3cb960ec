using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Processes;
using Platform.Stages;

namespace Platform.Caption.Speech;

/// <summary>whisper.cpp's <c>whisper-cli</c> as a child, in the sandbox, with only the sound, the models and its folder to see.</summary>
internal sealed partial class WhisperCli(IProcessRunner runner, IOptions<CaptionOptions> options) : ITranscriber
{
    private const int IllegalInstruction = 4;

    public async Task<Transcript> TranscribeAsync(TranscriptionOrder order, CancellationToken cancellationToken)
    {
        var map = order.VoiceModel is null ? null : new VoiceMap();
        var made = Path.Combine(order.Folder, "transcript");
        var child = new ChildProcess(Executable(), Arguments(order, made))
        {
            WorkingDirectory = order.Folder,
            Limits = new ChildLimits { WallTime = options.Value.WhisperTimeout, Silence = null, MemoryBytes = options.Value.WhisperMemoryBytes, Grace = TimeSpan.Zero },
            Confinement = new Confinement { Readable = [order.Model, .. order.VoiceModel is { } voice ? [voice] : ImmutableArray<string>.Empty], Writable = [order.Folder] },
            OnErrorLine = line =>
            {
                map?.Read(line);
                if (ProgressLine().Match(line) is { Success: true } match)
                {
                    order.Report(double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / 100);
                }
            },
        };
        await RunAsync(child, order, cancellationToken);
        try
        {
            return WhisperJson.Read(await File.ReadAllBytesAsync($"{made}.json", cancellationToken), map);
        }
        catch (Exception e) when (e is FormatException or FileNotFoundException)
        {
            throw new StageException("caption.transcript_unreadable", FailureKind.Permanent, "whisper-cli wrote no transcript that can be read.", e);
        }
    }

    /// <summary>The argument list: as fast as whisper-cli is by itself, and everything it knows about each token.</summary>
    public ImmutableArray<string> Arguments(TranscriptionOrder order, string made) =>
    [
        "-m", order.Model, "-f", order.Sound, "-l", order.Language, "-t", options.Value.Threads.ToString(CultureInfo.InvariantCulture), "-pp", "-ojf", "-of", made,
        .. order.Translate ? (string[])["-tr"] : [],
        .. order.VoiceModel is { } voice ? (string[])["--vad", "-vm", voice] : [],
        .. options.Value.Gpu ? (string[])[] : ["-ng"],
    ];

    // The command builds it into its cache where the system has none.
    private string Executable() => options.Value.WhisperPath is { } path ? path : File.Exists(CaptionOptions.CachedWhisper) ? CaptionOptions.CachedWhisper : "whisper-cli";

    private async Task RunAsync(ChildProcess child, TranscriptionOrder order, CancellationToken cancellationToken)
    {
        try
        {
            var result = await runner.RunAsync(child, cancellationToken);
            if (!result.Succeeded)
            {
                throw result.Signal == IllegalInstruction
                    ? new StageException("caption.transcriber_failed", FailureKind.Permanent, "whisper-cli was built for a newer processor than this one.")
                    : new StageException("caption.transcriber_failed", FailureKind.Transient, $"whisper-cli exited with {result.ExitCode}: {Tail(result.ErrorTail, order.Folder)}");
            }
        }
        catch (ChildException e)
        {
            throw e.Reason == ChildFailure.NotStarted
                ? new StageException(
                    "caption.tool_missing", FailureKind.Permanent,
                    "whisper-cli is not here. ./platform serve, up and make install it; by hand: put whisper.cpp's whisper-cli on the PATH, or its path into Caption:WhisperPath.", e)
                : new StageException("caption.transcriber_failed", FailureKind.Transient, $"whisper-cli was ended: {e.Message}", e);
        }
    }

    private static string Tail(string errors, string folder)
    {
        const int length = 600;
        var said = errors.Replace(folder + "/", "", StringComparison.Ordinal).Trim();
        return said.Length > length ? said[^length..] : said;
    }

    [GeneratedRegex(@"progress = +([0-9]+)%")]
    private static partial Regex ProgressLine();
}
