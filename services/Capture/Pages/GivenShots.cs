using System.Text.Json;
using Platform.Capture.Camera;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Capture.Pages;

/// <summary>Reads a shot list that a user gives back.</summary>
internal static class GivenShots
{
    /// <summary>A list of more bytes than this is none: a film of 300 s has some hundred shots.</summary>
    private const long MostBytes = 4 << 20;

    /// <exception cref="StageException"><c>capture.shots_invalid</c>, with everything that is wrong.</exception>
    public static async Task<ShotPlan> ReadAsync(string path, PlanSettings settings, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw Wrong(["it is larger than 4 MB"]);

        ShotPlan plan;
        try
        {
            plan = ShotPlanJson.Read(await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (JsonException e)
        {
            throw Wrong([e.Message]);
        }
        List<string> problems = [.. ShotPlanJson.Problems(plan)];
        if (plan.ViewportWidth != settings.ViewportWidth || plan.ViewportHeight != settings.ViewportHeight)
            problems.Add($"it was made for a page of {plan.ViewportWidth} × {plan.ViewportHeight}, this one is {settings.ViewportWidth} × {settings.ViewportHeight}");
        return problems.Count == 0 ? plan : throw Wrong(problems);
    }

    private static StageException Wrong(IEnumerable<string> problems) => new("capture.shots_invalid", FailureKind.Permanent, $"The shot list cannot be filmed: {string.Join("; ", problems)}.");
}
