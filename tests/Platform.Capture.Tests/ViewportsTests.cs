using Platform.Capture.Pages;
using Platform.Capture.Takes;
using Platform.Contracts;

namespace Platform.Capture.Tests;

public sealed class ViewportsTests
{
    [Theory]
    [InlineData(CaptureDevice.Desktop, 1920, 1080, 1280, 720)]
    [InlineData(CaptureDevice.Desktop, 1080, 1920, 720, 1280)]
    [InlineData(CaptureDevice.Desktop, 1080, 1080, 960, 960)]
    [InlineData(CaptureDevice.Desktop, 1080, 1350, 864, 1080)]
    [InlineData(CaptureDevice.Phone, 1080, 1920, 360, 640)]
    [InlineData(CaptureDevice.Phone, 1920, 1080, 712, 400)]
    [InlineData(CaptureDevice.Tablet, 1920, 1080, 1352, 760)]
    public void Takes_the_shape_of_the_film(CaptureDevice device, int width, int height, int viewportWidth, int viewportHeight) =>
        Assert.Equal((viewportWidth, viewportHeight), Viewports.For(device, new FrameFormat(width, height)));

    [Fact]
    public void Has_whole_even_pixels_at_every_scale_a_take_may_have()
    {
        for (var size = 16; size <= 3840; size += 2)
        {
            var (width, height) = Viewports.For(CaptureDevice.Desktop, new FrameFormat(size, 1080));
            for (var scale = 1.0; scale <= 4; scale += 0.25)
            {
                Assert.Equal((0.0, 0.0), (width * scale % 2, height * scale % 2));
            }
        }
    }

    [Theory, InlineData(1, 1), InlineData(1.2, 1.25), InlineData(1.25, 1.25), InlineData(1.26, 1.5), InlineData(9, 4), InlineData(0.3, 1)]
    public void Scales_go_up_to_the_next_quarter(double wanted, double scale) => Assert.Equal(scale, TakeScale.RoundUp(wanted));
}
