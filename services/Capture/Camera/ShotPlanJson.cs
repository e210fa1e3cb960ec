using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Capture.Camera;

/// <summary>The <c>shots</c> output: written for people who edit it and give it back.</summary>
internal static class ShotPlanJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    public static string Write(ShotPlan plan) => JsonSerializer.Serialize(plan, Options);

    /// <exception cref="JsonException">Not the JSON of a plan.</exception>
    public static ShotPlan Read(string json) => JsonSerializer.Deserialize<ShotPlan>(json, Options) ?? throw new JsonException("A plan is an object, not null.");

    /// <summary>Everything that would keep a plan given back from being filmed; empty for a good one.</summary>
    public static IReadOnlyList<string> Problems(ShotPlan plan)
    {
        List<string> problems = [];
        if (plan.Version != ShotPlan.CurrentVersion)
            problems.Add($"version {plan.Version} is not known; this is {ShotPlan.CurrentVersion}");
        if (plan.Fps <= 0 || plan.Frames <= 0 || !(plan.ViewportWidth > 0) || !(plan.ViewportHeight > 0))
            problems.Add("fps, frames and viewport must be greater than 0");
        if (plan.Shots.IsDefaultOrEmpty || plan.Scroll.IsDefaultOrEmpty)
            return [.. problems, "shots and scroll must not be empty"];

        var next = 0;
        foreach (var shot in plan.Shots)
        {
            if (shot.Start != next)
                problems.Add($"shot {shot.Name} starts at frame {shot.Start}, the one before ends at {next}");
            if (shot.End <= shot.Start || shot.Travel < 0 || shot.Arrival >= shot.End)
                problems.Add($"shot {shot.Name} has no frame at rest: start {shot.Start}, travel {shot.Travel}, end {shot.End}");
            foreach (var (format, camera) in shot.Cameras)
                if (!Sees(plan, camera.From) || !Sees(plan, camera.To))
                    problems.Add($"shot {shot.Name} looks past the page in {format}, or at nothing");
            next = shot.End;
        }
        if (next != plan.Frames)
            problems.Add($"the shots end at frame {next} of {plan.Frames}");

        if (plan.Scroll[0].Frame != 0)
            problems.Add("scroll must begin at frame 0");
        for (var i = 1; i < plan.Scroll.Length; i++)
            if (plan.Scroll[i].Frame <= plan.Scroll[i - 1].Frame)
                problems.Add($"scroll keys must rise: frame {plan.Scroll[i].Frame} follows {plan.Scroll[i - 1].Frame}");
        if (plan.Scroll.Any(key => !(key.Y >= 0)))
            problems.Add("scroll positions must not be negative");
        return problems;
    }

    // At least a part of the viewport, and from no farther than eight of them.
    private static bool Sees(ShotPlan plan, Takes.Box camera) =>
        camera.Width >= 1 && camera.Height >= 1 && camera.Width <= 8 * plan.ViewportWidth && camera.Height <= 8 * plan.ViewportHeight
        && camera.Intersect(new Takes.Box(0, 0, plan.ViewportWidth, plan.ViewportHeight)).Area > 0;
}
