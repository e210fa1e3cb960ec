using Platform.Capture.Camera;
using Platform.Capture.Takes;

namespace Platform.Capture.Tests;

public sealed class CameraPictureScoreTests
{
    private const int Width = 64, Height = 36;

    private static double Score(Func<int, int, int> pixel) =>
        PictureScore.Of([.. Enumerable.Range(0, Width * Height).Select(at => (byte)Math.Clamp(pixel(at % Width, at / Width), 0, 255))], Width);

    [Fact]
    public void Gives_an_empty_picture_nothing() => Assert.Equal(0, Score((x, y) => 200 + (x + y) % 3));

    [Fact]
    public void Prefers_what_is_sharp_to_what_is_blurred_and_rich_to_plain()
    {
        var rich = Score((x, y) => x * 97 % 256 / 8 * 8 ^ y * 31 % 128);
        var soft = Score((x, y) => 128 + (int)(100 * Math.Sin(x / 20.0) * Math.Cos(y / 14.0)));
        var plain = Score((x, y) => x < 32 ? 60 : 90);

        Assert.True(rich > soft && soft > plain && plain > 0, $"{rich}, {soft}, {plain}");
    }

    [Fact]
    public void Looks_for_a_thumbnail_where_shots_rest_and_never_at_the_first_frame()
    {
        foreach (var mode in Enum.GetValues<TakeMode>())
            foreach (var seconds in new[] { 3.0, 20, 90 })
            {
                var plan = Director.Plan(Pages.Product(), new PlanSettings
                {
                    ViewportWidth = 1280, ViewportHeight = 720, Formats = [Contracts.FrameFormat.Wide], Duration = seconds, Fps = 30, Mode = mode,
                });
                var candidates = Thumbnail.Candidates(plan);

                Assert.InRange(candidates.Length, 1, 8);
                Assert.All(candidates, candidate => Assert.Contains(plan.Shots, shot => candidate.Frame > 0 && candidate.Frame >= shot.Arrival && candidate.Frame < shot.End));
            }
    }
}
