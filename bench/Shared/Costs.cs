using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Ffmpeg;

namespace Platform.Bench;

/// <summary>Wall time and processor time, in seconds.</summary>
internal sealed record Cost(double Wall, double Processor)
{
    public string Beside(Cost other) => string.Create(CultureInfo.InvariantCulture, $"{this} = {Wall / other.Wall:0.00} ×, {Processor / other.Processor:0.00} × of the processor");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Wall:0.00} s ({Processor:0.00} s)");
}

/// <summary>Measures works in turn, so that whatever else the machine does meets all of them. <c>BENCH_ROUNDS</c> (5) says how often.</summary>
internal static class Costs
{
    public static readonly int Rounds = Setting("BENCH_ROUNDS", 5);

    /// <summary>A number from the environment.</summary>
    public static int Setting(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : usual;

    /// <summary>The medians; a round before the first warms up.</summary>
    public static async Task<ImmutableArray<Cost>> MeasureAsync(MeasuredFfmpeg ffmpeg, params ImmutableArray<Func<Task>> works)
    {
        var costs = works.Select(_ => new List<Cost>()).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < works.Length; i++)
            {
                var (clock, before) = (Stopwatch.StartNew(), Processor());
                await works[i]();
                if (round > 0)
                {
                    costs[i].Add(new Cost(clock.Elapsed.TotalSeconds, Processor() - before));
                }
            }
        }

        return [.. costs.Select(all => new Cost(Median(all.Select(cost => cost.Wall)), Median(all.Select(cost => cost.Processor))))];

        double Processor() => Environment.CpuUsage.TotalTime.TotalSeconds + ffmpeg.ProcessorSeconds;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}

/// <summary>Adds up what ffmpeg says of its own processor time: within the sandbox it is no child of ours whose time the system would tell.</summary>
internal sealed partial class MeasuredFfmpeg(IFfmpeg ffmpeg) : IFfmpeg
{
    /// <summary>Of all runs so far.</summary>
    public double ProcessorSeconds { get; private set; }

    public async Task<string> RunAsync(FfmpegCommand command, string workspace, Action<FfmpegProgress>? progress, CancellationToken cancellationToken)
    {
        var said = await ffmpeg.RunAsync(
            command with { LogLevel = "info", Outputs = [command.Outputs[0] with { Options = [.. command.Outputs[0].Options, "-benchmark"] }, .. command.Outputs[1..]] }, workspace, progress, cancellationToken);
        ProcessorSeconds += Times().Match(said) is { Success: true } match
            ? match.Groups.Values.Skip(1).Sum(group => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException("ffmpeg did not say how long it took.");
        return said;
    }

    [GeneratedRegex(@"bench: utime=([\d.]+)s stime=([\d.]+)s")]
    private static partial Regex Times();
}
