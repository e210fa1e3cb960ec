using Platform.Pictures;

namespace Platform.Capture.Tests;

public sealed class CameraFrameSamplerTests
{
    [Fact]
    public void Makes_the_same_frame_with_every_instruction_set()
    {
        var random = new Random(7);
        for (var n = 0; n < 40; n++)
        {
            var source = new PictureSize(random.Next(8, 200) * 2, random.Next(8, 120) * 2);
            var target = new PictureSize(random.Next(4, 200) * 2, random.Next(4, 120) * 2);
            var camera = Camera(random, source);
            var from = FrameSampler.Frame(source);
            random.NextBytes(from);

            var scalar = Draw(Instructions.Scalar);
            if (LineSampler.Best >= Instructions.Vector128)
                Assert.Equal(scalar, Draw(Instructions.Vector128));
            if (LineSampler.Best >= Instructions.Vector256)
                Assert.Equal(scalar, Draw(Instructions.Vector256));

            byte[] Draw(Instructions with)
            {
                var to = FrameSampler.Frame(target);
                new FrameSampler(source, target, with).Draw(from, to, camera);
                return to[..target.Bytes];
            }
        }
    }

    [Fact]
    public void Leaves_a_frame_as_it_is_when_the_camera_sees_all_of_it()
    {
        var size = new PictureSize(318, 186);
        byte[] from = FrameSampler.Frame(size), to = FrameSampler.Frame(size);
        new Random(3).NextBytes(from);

        new FrameSampler(size, size).Draw(from, to, new PictureArea(0, 0, size.Width, size.Height));

        Assert.Equal(from[..size.Bytes], to[..size.Bytes]);
    }

    [Fact]
    public void Leaves_an_even_colour_even_wherever_the_camera_looks()
    {
        var random = new Random(11);
        var size = new PictureSize(320, 180);
        byte[] from = FrameSampler.Frame(size), to = FrameSampler.Frame(size);
        var sampler = new FrameSampler(size, size);
        for (var value = 0; value < 256; value += 5)
        {
            Array.Fill(from, (byte)value);
            sampler.Draw(from, to, Camera(random, size));

            Assert.False(to.AsSpan(0, size.Bytes).ContainsAnyExcept((byte)value), $"{value} did not stay");
        }
    }

    // Anywhere in the source, of any shape, also beyond what the platform plans: enlarging and shrinking.
    private static PictureArea Camera(Random random, PictureSize source)
    {
        double width = source.Width * (0.3 + 0.7 * random.NextDouble()), height = source.Height * (0.3 + 0.7 * random.NextDouble());
        return new PictureArea(random.NextDouble() * (source.Width - width), random.NextDouble() * (source.Height - height), width, height);
    }
}
