using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Capture.Camera;

/// <summary>The <c>shots</c> output: written for people who edit it and give it back.</summary>
internal static class ShotPlanJson
{
    /// <summary>What a capture may be long, and a page high.</summary>
    private const int LongestSeconds = 300, LowestScroll = 20_000;

    /// <summary>More than any film has, and few enough to look through at every frame.</summary>
    private const int MostEntries = 2000;

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
        if (plan.Fps is not (24 or 25 or 30 or 50 or 60) || plan.Frames <= 0 || plan.Frames > LongestSeconds * plan.Fps)
            problems.Add($"fps must be 24, 25, 30, 50 or 60, and frames at most {LongestSeconds} s of it");
        if (!(plan.ViewportWidth > 0) || !(plan.ViewportHeight > 0))
            problems.Add("the viewport must be greater than 0");
        if (plan.Shots.IsDefaultOrEmpty || plan.Scroll.IsDefaultOrEmpty || plan.Shots.Any(shot => shot is null))
            return [.. problems, "shots and scroll must not be empty"];
        if (plan.Shots.Length > MostEntries || plan.Scroll.Length > MostEntries || plan.Pauses is { IsDefault: false, Length: > MostEntries })
            return [.. problems, $"more than {MostEntries} entries"];

        var next = 0;
        foreach (var shot in plan.Shots)
        {
            if (shot.Start != next)
                problems.Add($"shot {shot.Name} starts at frame {shot.Start}, the one before ends at {next}");
            if (shot.End <= shot.Start || shot.Travel < 0 || shot.Arrival >= shot.End)
                problems.Add($"shot {shot.Name} has no frame at rest: start {shot.Start}, travel {shot.Travel}, end {shot.End}");
            if (!Enum.IsDefined(shot.Kind) || !Enum.IsDefined(shot.TravelEasing) || shot.Cameras.Values.Any(camera => !Enum.IsDefined(camera.Easing)))
                problems.Add($"shot {shot.Name} has a kind or an easing that is not known");
            foreach (var (format, camera) in shot.Cameras)
                if (!Shaped(format, camera.From) || !Shaped(format, camera.To))
                    problems.Add($"shot {shot.Name} has a camera that has not the shape of {format}");
                else if (!Sees(plan, camera.From) || !Sees(plan, camera.To))
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
        if (plan.Scroll.Any(key => !(key.Y is >= 0 and <= LowestScroll) || !Enum.IsDefined(key.Easing)))
            problems.Add($"scroll positions must be from 0 to {LowestScroll}, with an easing that is known");
        var free = 0;
        foreach (var pause in plan.Pauses.IsDefault ? [] : plan.Pauses)
        {
            if (pause.Start < free || pause.End <= pause.Start || pause.End > plan.Frames || !(pause.Speed > 1))
                problems.Add($"the pause from frame {pause.Start} to {pause.End} overlaps another, leaves the film, or is no faster");
            free = pause.End;
        }
        return problems;
    }

    // A hundredth of the shape: what rounding in an editor may do.
    private static bool Shaped(string format, Takes.Box camera) =>
        CameraTrack.AspectOf(format) is { } aspect && camera.Width > 0 && camera.Height > 0 && Math.Abs(camera.Width / camera.Height / aspect - 1) < 0.01;

    // At least a part of the viewport, and from no farther than eight of them.
    private static bool Sees(ShotPlan plan, Takes.Box camera) =>
        camera.Width >= 1 && camera.Height >= 1 && camera.Width <= 8 * plan.ViewportWidth && camera.Height <= 8 * plan.ViewportHeight
        && camera.Intersect(new Takes.Box(0, 0, plan.ViewportWidth, plan.ViewportHeight)).Area > 0;
}
