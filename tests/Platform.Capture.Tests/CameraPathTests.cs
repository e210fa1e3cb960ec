using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Pictures;
using CameraIntensity = Platform.Capture.Takes.CameraIntensity;

namespace Platform.Capture.Tests;

/// <summary>What the camera draws, measured at 1080p without an encoder between: a mark of the page against where the plan has it.</summary>
public sealed class CameraPathTests
{
    private static readonly PictureSize Film = new(1920, 1080);

    [Theory]
    [InlineData(CameraIntensity.None)]
    [InlineData(CameraIntensity.Calm)]
    [InlineData(CameraIntensity.Normal)]
    [InlineData(CameraIntensity.Lively)]
    internal void Keeps_a_mark_within_half_a_pixel_of_the_plan_in_every_frame(CameraIntensity intensity)
    {
        var settings = new PlanSettings { ViewportWidth = 1280, ViewportHeight = 720, Formats = [FrameFormat.Wide], Fps = 30, Duration = 12, Intensity = intensity };
        Follow(settings, new PictureSize(1920, 1080), 1.5);
    }

    [Fact]
    public void Keeps_it_on_a_window_as_well()
    {
        var settings = new PlanSettings { ViewportWidth = 1280, ViewportHeight = 720, Formats = [FrameFormat.Wide], Fps = 30, Duration = 8, Window = new Window(44, 40) };
        Follow(settings, new PictureSize(1920, 1080), 1.5);
    }

    private static void Follow(PlanSettings settings, PictureSize take, double scale)
    {
        var plan = Director.Plan(Pages.Product(), settings);
        var track = new CameraTrack(plan, FrameFormat.Wide);
        var timeline = new Timeline
        {
            Url = "http://site.invalid/", Title = "", Fps = plan.Fps, Frames = plan.Frames, ViewportWidth = 1280, ViewportHeight = 720, DeviceScale = scale,
            FrameWidth = take.Width, FrameHeight = take.Height, Page = Pages.Product(), ScrollY = [.. Enumerable.Range(0, plan.Frames).Select(plan.ScrollAt)],
        };
        var desk = Scene.DeskFor(timeline, track, take, settings.Window);
        desk?.Prepare(new Backdrop(new Colour(16, 128, 128), new Colour(16, 128, 128)), null);
        var scene = new Scene(timeline, take, Film, desk, []);
        byte[] from = FrameSampler.Frame(take), to = FrameSampler.Frame(Film);
        // On the page's middle: the camera of every shot sees it.
        double markX = 640.2, markY = 359.7;
        Marks.Draw(from, take, markX * scale, markY * scale, radius: 9);

        (double X, double Y)? last = null;
        double worst = 0, jump = 0;
        for (var n = 0; n < plan.Frames; n++)
        {
            var camera = track.At(n);
            scene.Draw(from, to, n, camera);
            var zoom = Film.Width / camera.Width;
            double x = (markX - camera.X) * zoom, y = (markY - camera.Y) * zoom;
            var found = Marks.Find(to.AsSpan(0, Film.Bytes), Film, x, y, 40);
            (double X, double Y) error = (found.X - x, found.Y - y);
            worst = Math.Max(worst, Math.Max(Math.Abs(error.X), Math.Abs(error.Y)));
            if (last is { } before)
                jump = Math.Max(jump, Math.Max(Math.Abs(error.X - before.X), Math.Abs(error.Y - before.Y)));
            last = error;
        }

        TestContext.Current.SendDiagnosticMessage($"{settings.Intensity}: at most {worst:0.000} px off, changing by at most {jump:0.000} px a frame");
        Assert.InRange(worst, 0, 0.5);
        Assert.InRange(jump, 0, 0.3);
    }
}
