using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Platform.Cli.Api;
using Platform.Cli.Making;

namespace Platform.Cli.Templates;

/// <summary><c>lint</c>: what viewers would not like about how a template's texts lie.</summary>
internal static class LintCommand
{
    public static Command Create()
    {
        var template = new Argument<string>("template") { Description = "A template (JSON), or the name of one of the library." };
        var input = new Option<string?>("--input") { Description = "Values of its inputs (JSON). Default: the template's own." };
        var zone = new Option<string>("--safe-zone") { Description = "What stays free of text.", DefaultValueFactory = _ => "title" };
        zone.AcceptOnlyFromAmong("title", "tiktok", "reels", "shorts");
        var command = new Command("lint", "Lays a template out and looks at its texts: in the picture, in what is safe, in their boxes, legible. Exit code 1: something was noticed; 2: the template is wrong.") { template, input, zone };
        command.SetAction((parsed, cancellation) => CommandException.GuardAsync(() => RunAsync(parsed.GetValue(template)!, parsed.GetValue(input), parsed.GetValue(zone)!, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(string template, string? input, string zone, CancellationToken cancellation)
    {
        var values = input is null ? null : Read(input);
        await using var host = await PrivateHost.StartAsync(CommandLine.Home, allowPrivate: false, LogLevel.Error, cancellation);
        try
        {
            var set = await TemplateOnStage.SetAsync(host.Api, template, values, Environment.CurrentDirectory, cancellation);
            var warnings = await host.Api.LintAsync(set.Name, set.Input, zone, cancellation);
            foreach (var warning in warnings) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{warning.Pointer} at {warning.At:0.##} s: {warning.Detail} ({warning.Code})"));
            return warnings.Count > 0 ? CommandLine.Failed : 0;
        }
        catch (ApiException e) { throw new CommandException(CommandLine.BadInput, e.Message); }
    }

    private static JsonObject Read(string path)
    {
        try { return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new CommandException(CommandLine.BadInput, $"{path}: must be a JSON object."); }
        catch (JsonException e) { throw new CommandException(CommandLine.BadInput, $"{path}: is not JSON: {e.Message}"); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new CommandException(CommandLine.BadInput, e.Message); }
    }
}
