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
            if (!Inside(plan, shot.Camera.From) || !Inside(plan, shot.Camera.To))
                problems.Add($"shot {shot.Name} looks outside the viewport, or at nothing, or in another shape");
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

    // A hundredth of a pixel, and a hundredth of the shape: what rounding in an editor may do.
    private static bool Inside(ShotPlan plan, Takes.Box camera) =>
        camera.X >= -0.01 && camera.Y >= -0.01 && camera.Right <= plan.ViewportWidth + 0.01 && camera.Bottom <= plan.ViewportHeight + 0.01
        && camera.Width >= 1 && camera.Height >= 1
        && Math.Abs(camera.Width / camera.Height * plan.ViewportHeight / plan.ViewportWidth - 1) < 0.01;
}
