using System.Text.Json;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using CameraIntensity = Platform.Capture.Takes.CameraIntensity;

namespace Platform.Capture.Tests;

public sealed class CameraShotPlanTests
{
    private static ShotPlan Sample() => Director.Plan(
        Pages.Product(), new PlanSettings { ViewportWidth = 1280, ViewportHeight = 720, Formats = [FrameFormat.Wide, FrameFormat.Tall], Fps = 30, Duration = 20, Intensity = CameraIntensity.Lively });

    [Fact]
    public void Comes_back_from_its_JSON_as_it_was()
    {
        var plan = Sample();
        var json = ShotPlanJson.Write(plan);
        var again = ShotPlanJson.Read(json);

        Assert.Equal(json, ShotPlanJson.Write(again));
        Assert.Equal(plan.Shots.SelectMany(shot => shot.Cameras), again.Shots.SelectMany(shot => shot.Cameras));
        Assert.Equal(plan.Scroll, again.Scroll);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"fps\":30,\"surprise\":1}")]
    public void Refuses_what_is_not_a_plan(string json) => Assert.Throws<JsonException>(() => ShotPlanJson.Read(json));

    [Fact]
    public void Names_every_fault_of_an_edited_plan()
    {
        var plan = Sample();
        var edited = plan with
        {
            Frames = plan.Frames + 1,
            Shots = plan.Shots.SetItem(1, plan.Shots[1] with { Start = plan.Shots[1].Start + 3, Cameras = plan.Shots[1].Cameras.SetItem("9:16", new CameraMove(new Box(2000, 0, 90, 160), new Box(0, 0, 90, 160), Easing.Cubic)) }),
            Scroll = [new ScrollKey(1, 0, Easing.Cubic), new ScrollKey(1, -5, Easing.Cubic)],
        };

        Assert.Equal(
            [
                "shot Films from any page starts at frame 33, the one before ends at 30".Replace("33", $"{plan.Shots[1].Start + 3}").Replace("30", $"{plan.Shots[1].Start}"),
                "shot Films from any page looks past the page in 9:16, or at nothing",
                "the shots end at frame 600 of 601",
                "scroll must begin at frame 0",
                "scroll keys must rise: frame 1 follows 1",
                "scroll positions must be from 0 to 20000, with an easing that is known",
            ],
            ShotPlanJson.Problems(edited));
    }

    [Fact]
    public void Refuses_what_would_film_for_ever_or_out_of_shape()
    {
        var plan = Sample();
        var stretched = new CameraMove(new Box(0, 0, 400, 400), new Box(0, 0, 400, 400), Easing.Cubic);

        Assert.Contains("at most 300 s", Assert.Single(ShotPlanJson.Problems(plan with { Fps = 1000 })), StringComparison.Ordinal);
        Assert.Contains("the shape of 16:9", Assert.Single(ShotPlanJson.Problems(plan with { Shots = plan.Shots.SetItem(0, plan.Shots[0] with { Cameras = plan.Shots[0].Cameras.SetItem("16:9", stretched) }) })), StringComparison.Ordinal);
        Assert.Contains("easing", Assert.Single(ShotPlanJson.Problems(plan with { Shots = plan.Shots.SetItem(1, plan.Shots[1] with { TravelEasing = (Easing)9 }) })), StringComparison.Ordinal);
        Assert.Contains("overlaps", Assert.Single(ShotPlanJson.Problems(plan with { Pauses = [new Pause(10, 60, 3), new Pause(50, 90, 2)] })), StringComparison.Ordinal);
        Assert.Contains("not be empty", Assert.Single(ShotPlanJson.Problems(plan with { Shots = [null!] })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Easing.Linear)]
    [InlineData(Easing.Cubic)]
    [InlineData(Easing.Spring)]
    [InlineData(Easing.Glide)]
    internal void Eases_from_0_to_1_without_turning_back(Easing easing)
    {
        Assert.Equal((0, 1), (easing.At(0), easing.At(1)));
        var way = Enumerable.Range(0, 1001).Select(i => easing.At(i / 1000.0)).ToArray();

        Assert.All(way.Zip(way.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0, 0.006));
    }
}
