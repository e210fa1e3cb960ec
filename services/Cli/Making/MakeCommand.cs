using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Platform.Cli.Api;

namespace Platform.Cli.Making;

/// <summary><c>make</c>: one job from the terminal, with progress.</summary>
internal static class MakeCommand
{
    public static Command Create()
    {
        var job = new Argument<string?>("job") { Description = "A job document (JSON). Paths in it are relative to its folder.", Arity = ArgumentArity.ZeroOrOne };
        var url = new Option<string?>("--url") { Description = "Film this page instead: an http(s) URL or a folder with a static site." };
        var duration = new Option<double?>("--duration") { Description = "With --url: length in seconds." };
        var format = new Option<string?>("--format") { Description = "With --url: 16:9, 9:16, 1:1 or 4:5." };
        var music = new Option<string?>("--music") { Description = "With --url: a file or URL to lay under the film." };
        var set = new Option<string[]>("--set") { Description = "Replace a value of the document: /stages/page/duration=5. May be given several times.", DefaultValueFactory = _ => [] };
        var output = new Option<string?>("--output", "-o") { Description = "Where to put the result. Default: its own name in the current folder." };
        var allowPrivate = new Option<bool>("--allow-private") { Description = "Let pages and files come from this machine and its network." };
        var json = new Option<bool>("--json") { Description = "Progress as JSON lines on standard error." };
        var verbose = new Option<bool>("--verbose") { Description = "Show what the services log." };
        var hears = new Option<bool>("--hears") { Description = "Make nothing; exit code 0 when the job needs what writes down speech.", Hidden = true };

        var command = new Command("make", "Runs one job in this process. The last line of standard output is the result's path. Exit code 1: it failed; 2: the document is wrong.")
        {
            job, url, duration, format, music, set, output, allowPrivate, json, verbose, hears,
        };
        command.SetAction((parsed, cancellation) => CommandException.GuardAsync(() =>
        {
            var file = (parsed.GetValue(job), parsed.GetValue(url)) switch
            {
                ({ } path, null) => JobFile.Read(path),
                (null, { } page) => JobFile.ForPage(page, parsed.GetValue(duration), parsed.GetValue(format), parsed.GetValue(music)),
                _ => throw new CommandException(CommandLine.BadInput, "Give a job document or --url. See make --help."),
            };
            foreach (var assignment in parsed.GetValue(set)!) file.Set(assignment);
            if (parsed.GetValue(hears)) return Task.FromResult(file.HearsSpeech() ? 0 : CommandLine.Failed);
            var log = parsed.GetValue(verbose) ? LogLevel.Information : LogLevel.Error;
            return RunAsync(file, parsed.GetValue(output), parsed.GetValue(allowPrivate), ProgressView.Create(parsed.GetValue(json)), log, cancellation);
        }));
        return command;
    }

    private static async Task<int> RunAsync(JobFile file, string? output, bool allowPrivate, ProgressView view, LogLevel log, CancellationToken cancellation)
    {
        await using var host = await PrivateHost.StartAsync(CommandLine.Home, allowPrivate, log, cancellation);
        string id;
        try
        {
            foreach (var local in file.LocalFiles())
                file.Put(local.Pointer, local.IsSite ? await host.Api.UploadSiteAsync(local.Path, cancellation) : await host.Api.UploadAsync(local.Path, cancellation));
            id = await host.Api.SubmitAsync(file.Document, cancellation);
        }
        catch (ApiException e) { throw new CommandException(CommandLine.BadInput, e.Message); }

        try { await view.FollowAsync(host.Api.EventsAsync(id, cancellation)); }
        catch (OperationCanceledException)
        {
            await host.Api.CancelAsync(id, CancellationToken.None);
            throw new CommandException(130, "Cancelled.");
        }
        return await FinishAsync(host.Api, id, output, cancellation);
    }

    private static async Task<int> FinishAsync(ApiClient api, string id, string? output, CancellationToken cancellation)
    {
        var job = await api.GetAsync(id, cancellation);
        if (job["state"]!.GetValue<string>() != "completed")
            throw new CommandException(CommandLine.Failed, $"{job["error"]?["code"] ?? job["state"]}: {job["error"]?["detail"]}{Warnings(job)}");

        var results = job["results"]!.AsArray().Select(result => new MadeFile(result!["name"]!.GetValue<string>(), result["kind"]!.GetValue<string>() == "main")).ToList();
        var main = results.Where(file => file.IsMain).ToList();
        foreach (var file in results) await api.SaveResultAsync(id, file.Name, PathFor(file, main, output), cancellation);
        if (Warnings(job) is { Length: > 0 } warnings) await Console.Error.WriteLineAsync(warnings.TrimStart());
        Console.WriteLine(PathFor(main[^1], main, output));
        return 0;
    }

    /// <summary>
    /// Where a result is saved: -o names the only one, or else a folder for several, and for one of several files. What belongs to an only film lies beside it under its name.
    /// </summary>
    internal static string PathFor(MadeFile file, IReadOnlyList<MadeFile> main, string? output)
    {
        if (main.Count > 1 || Directory.Exists(output) || main[0].Name.Contains('/', StringComparison.Ordinal))
        {
            var saved = Path.GetFullPath(file.Name, Path.GetFullPath(output ?? "."));
            Directory.CreateDirectory(Path.GetDirectoryName(saved)!);
            return saved;
        }
        var path = Path.GetFullPath(output ?? main[0].Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return file.IsMain ? path : Path.ChangeExtension(path, file.Name[(file.Name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
    }

    private static string Warnings(JsonObject job) => string.Concat(
        (job["stages"] as JsonArray ?? []).SelectMany(stage => (stage!["warnings"] as JsonArray ?? []).Select(w => $"{Environment.NewLine}warning: {stage["name"]}: {w!["detail"]}")));
}

/// <summary>A result of a job.</summary>
/// <param name="Name">As the API names it.</param>
/// <param name="IsMain">Whether it was asked for; the others belong to one that was.</param>
internal sealed record MadeFile(string Name, bool IsMain);
