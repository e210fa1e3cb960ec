using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Processes;

namespace Platform.Ffmpeg;

/// <summary>Runs ffmpeg: within limits, in the sandbox, with only its inputs and one folder to see.</summary>
public interface IFfmpeg
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="workspace">The only folder it may write.</param>
    /// <param name="progress">Called about twice a second, from one thread at a time.</param>
    /// <param name="cancellationToken">Ends it, with all its processes.</param>
    /// <returns>What it said on standard error, its last 64 KB.</returns>
    /// <exception cref="MediaException">It failed, classified.</exception>
    Task<string> RunAsync(FfmpegCommand command, string workspace, Action<FfmpegProgress>? progress, CancellationToken cancellationToken);
}

internal sealed class Ffmpeg(IProcessRunner runner, IOptions<FfmpegOptions> options) : IFfmpeg
{
    public async Task<string> RunAsync(FfmpegCommand command, string workspace, Action<FfmpegProgress>? progress, CancellationToken cancellationToken)
    {
        var child = await ChildAsync(command, workspace, progress, cancellationToken);
        try
        {
            var result = await runner.RunAsync(child, cancellationToken);
            return result.Succeeded ? result.ErrorTail : throw FfmpegFailure.Classify(result with { ErrorTail = WithoutProgress(result.ErrorTail) }, workspace);
        }
        catch (ChildException e)
        {
            throw FfmpegFailure.Classify(e, workspace);
        }
    }

    private async Task<ChildProcess> ChildAsync(FfmpegCommand command, string workspace, Action<FfmpegProgress>? progress, CancellationToken cancellationToken)
    {
        var heart = new Heartbeat();
        var reader = new ProgressReader(command.Length);
        return new ChildProcess(options.Value.FfmpegPath, command.Arguments(await GraphFileAsync(command, workspace, cancellationToken)))
        {
            WorkingDirectory = workspace,
            Heartbeat = heart,
            Limits = Limits(options.Value),
            Confinement = new Confinement { Readable = Readable(command, workspace), Writable = [workspace] },
            Input = command.Input is { } write ? (stream, token) => write(heart.On(stream), token) : null,
            Output = command.Output is { } read ? (stream, token) => read(heart.On(stream), token) : ReadProgressAsync,
            OnErrorLine = command.Output is null ? null : OnLine,
        };

        async Task ReadProgressAsync(Stream stream, CancellationToken token)
        {
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(token) is { } line)
            {
                OnLine(line);
            }
        }

        void OnLine(string line)
        {
            if (reader.Read(line) is not var (moved, now))
            {
                return;
            }

            if (moved)
            {
                heart.Beat();
            }

            if (now is not null)
            {
                progress?.Invoke(now);
            }
        }
    }

    internal static ChildLimits Limits(FfmpegOptions options) => new()
    {
        WallTime = options.Timeout,
        MemoryBytes = options.MemoryBytes,
        FileBytes = options.FileBytes,
        Processes = 8,
        Grace = TimeSpan.Zero, // what a killed run wrote is thrown away, so there is nothing to wait for
    };

    private static ImmutableArray<string> Readable(FfmpegCommand command, string workspace) =>
        [.. command.Inputs.Select(input => input.Path).Where(path => Path.IsPathRooted(path) && !path.StartsWith(workspace.TrimEnd('/') + "/", StringComparison.Ordinal)), .. command.Readable];

    private static async Task<string?> GraphFileAsync(FfmpegCommand command, string workspace, CancellationToken cancellationToken)
    {
        if (command.Graph?.ToFilterString() is not { Length: > FfmpegCommand.LongestGraphArgument } graph)
        {
            return null;
        }

        var path = Path.Combine(workspace, $"graph-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(path, graph, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        return path;
    }

    private static string WithoutProgress(string stderr)
    {
        var reader = new ProgressReader(null);
        return string.Join('\n', stderr.Split('\n').Where(line => reader.Read(line) is null));
    }
}
