using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Processes;

namespace Platform.Ffmpeg;

/// <summary>The transitions that the installed ffmpeg has: newer ones have more.</summary>
public interface IInstalledTransitions
{
    /// <summary>Names of its filter <c>xfade</c>, asked for once.</summary>
    /// <exception cref="MediaException">ffmpeg does not say.</exception>
    Task<ImmutableHashSet<string>> NamesAsync(CancellationToken cancellationToken);
}

internal sealed class InstalledTransitions(IProcessRunner runner, IOptions<FfmpegOptions> options) : IInstalledTransitions
{
    private ImmutableHashSet<string>? _names;

    public async Task<ImmutableHashSet<string>> NamesAsync(CancellationToken cancellationToken) => _names ??= Read(await HelpAsync(cancellationToken));

    /// <summary>Reads what <c>-h filter=xfade</c> says: the values below <c>transition</c>, one a line, with what they mean to a video filter (<c>..FV</c>).</summary>
    internal static ImmutableHashSet<string> Read(string help) =>
    [
        .. help.Split('\n').Where(line => line.StartsWith("     ", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 2 && words[2].StartsWith("..FV", StringComparison.Ordinal) && words[0] != "custom").Select(words => words[0]),
    ];

    private async Task<string> HelpAsync(CancellationToken cancellationToken)
    {
        var help = "";
        var child = new ChildProcess(options.Value.FfmpegPath, "-hide_banner", "-h", "filter=xfade")
        {
            Output = async (stream, token) =>
            {
                using var reader = new StreamReader(stream);
                help = await reader.ReadToEndAsync(token);
            },
        };
        try
        {
            var result = await runner.RunAsync(child, cancellationToken);
            return result.Succeeded ? help : throw FfmpegFailure.Classify(result, "/");
        }
        catch (ChildException e)
        {
            throw FfmpegFailure.Classify(e, "/");
        }
    }
}
