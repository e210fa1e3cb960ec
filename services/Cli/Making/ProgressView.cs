using System.Text.Json;
using Platform.Contracts;
using Spectre.Console;

namespace Platform.Cli.Making;

/// <summary>Shows how far a job is, on standard error: bars on a terminal, plain lines otherwise, JSON lines for programs.</summary>
internal abstract class ProgressView
{
    public static ProgressView Create(bool json) => json ? new JsonLines() : Console.IsErrorRedirected ? new PlainLines() : new Bars();

    /// <summary>Shows events until the job's end.</summary>
    public abstract Task FollowAsync(IAsyncEnumerable<(string Type, JsonElement Data)> events);

    private static string Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private sealed class JsonLines : ProgressView
    {
        public override async Task FollowAsync(IAsyncEnumerable<(string Type, JsonElement Data)> events)
        {
            await foreach (var (type, data) in events) await Console.Error.WriteLineAsync($$"""{"event":"{{type}}","data":{{data.GetRawText()}}}""");
        }
    }

    private sealed class PlainLines : ProgressView
    {
        public override async Task FollowAsync(IAsyncEnumerable<(string Type, JsonElement Data)> events)
        {
            var tenths = new Dictionary<string, int>();
            await foreach (var (type, data) in events)
            {
                var stage = Text(data, "stage");
                if (type == "job.progressed")
                {
                    var tenth = (int)(data.GetProperty("progress").GetDouble() * 10);
                    if (tenth <= tenths.GetValueOrDefault(stage)) continue;
                    tenths[stage] = tenth;
                    await Console.Error.WriteLineAsync($"{stage}: {tenth * 10} % {Text(data, "activity")}");
                }
                else if (Line(type, data) is { } line) await Console.Error.WriteLineAsync($"{stage}: {line}");
            }
        }

        private static string? Line(string type, JsonElement data) => type switch
        {
            JobEventTypes.StageStarted => "started",
            JobEventTypes.StageCompleted => data.TryGetProperty("reused", out var reused) && reused.GetBoolean() ? "made before, reused" : "done",
            JobEventTypes.StageRetrying => "failed, will be tried again",
            JobEventTypes.StageFailed => "failed",
            _ => null,
        };
    }

    private sealed class Bars : ProgressView
    {
        public override Task FollowAsync(IAsyncEnumerable<(string Type, JsonElement Data)> events) =>
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
                .Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
                .StartAsync(async progress =>
                {
                    var bars = new Dictionary<string, ProgressTask>();
                    await foreach (var (type, data) in events)
                    {
                        if (Text(data, "stage") is not { Length: > 0 } stage) continue;
                        if (!bars.TryGetValue(stage, out var bar)) bars[stage] = bar = progress.AddTask(Markup.Escape(stage), maxValue: 1);
                        Show(bar, stage, type, data);
                    }
                });

        private static void Show(ProgressTask bar, string stage, string type, JsonElement data)
        {
            switch (type)
            {
                case "job.progressed":
                    bar.Value = data.GetProperty("progress").GetDouble();
                    bar.Description = Markup.Escape($"{stage} {Text(data, "activity")}");
                    break;
                case JobEventTypes.StageCompleted:
                    bar.Value = 1;
                    bar.Description = Markup.Escape(data.TryGetProperty("reused", out var reused) && reused.GetBoolean() ? $"{stage} (made before)" : stage);
                    bar.StopTask();
                    break;
                case JobEventTypes.StageFailed:
                    bar.Description = $"[red]{Markup.Escape(stage)} failed[/]";
                    bar.StopTask();
                    break;
            }
        }
    }
}
