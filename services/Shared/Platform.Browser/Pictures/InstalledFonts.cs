using System.Collections.Immutable;
using Platform.Processes;

namespace Platform.Browser;

/// <summary>The fonts of this machine, by family, as fontconfig tells them to Chromium and libass alike.</summary>
public interface IInstalledFonts
{
    /// <summary>Every family that may be named, without regard to case: the generic ones of CSS, and names whose metric-compatible stand-in is there, included.</summary>
    Task<ImmutableHashSet<string>> FamiliesAsync(CancellationToken cancellationToken);
}

internal sealed class InstalledFonts(IProcessRunner runner) : IInstalledFonts
{
    private static readonly string[] Generic =
        ["serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded", "math", "emoji"];

    // What fontconfig puts in their place has the same widths, so that lines break where they would.
    private static readonly ILookup<string, string> StandIns = new[]
    {
        ("Liberation Sans", "Arial"), ("Liberation Sans", "Helvetica"), ("Liberation Serif", "Times New Roman"), ("Liberation Serif", "Times"),
        ("Liberation Mono", "Courier New"), ("Liberation Mono", "Courier"),
    }.ToLookup(pair => pair.Item1, pair => pair.Item2);

    private ImmutableHashSet<string>? families;

    public async Task<ImmutableHashSet<string>> FamiliesAsync(CancellationToken cancellationToken) => families ??= await ListAsync(cancellationToken);

    private async Task<ImmutableHashSet<string>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<string>(Generic);
        var child = new ChildProcess("fc-list", "--format", "%{family}\n")
        {
            Output = async (stream, token) =>
            {
                using var lines = new StreamReader(stream);
                while (await lines.ReadLineAsync(token) is { } line)
                {
                    found.AddRange(line.Split(','));
                }
            },
        };
        try
        {
            var result = await runner.RunAsync(child, cancellationToken);
            return result.Succeeded
                ? found.Concat(found.SelectMany(family => StandIns[family])).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase)
                : throw new BrowserException(BrowserFault.NotFound, $"fc-list ended with {result.ExitCode}: {result.ErrorTail}");
        }
        catch (ChildException e)
        {
            throw new BrowserException(BrowserFault.NotFound, $"The machine's fonts cannot be listed: {e.Message}", e);
        }
    }
}
