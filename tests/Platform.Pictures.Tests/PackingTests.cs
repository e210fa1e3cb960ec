namespace Platform.Pictures.Tests;

public sealed class PackingTests
{
    [Theory]
    [InlineData(40, 6, true)]
    [InlineData(46, 6, true)]
    [InlineData(46, 6, false)]
    [InlineData(256, 128, true)]
    public void Writes_what_the_formulas_of_BT_709_say(int width, int height, bool withAlpha)
    {
        // Runs of transparent, opaque and half transparent pixels, of all lengths.
        var random = new Random(11);
        var picture = new Picture(width, height);
        for (int i = 0, left = 0, kind = 0; i < width * height; i++, left--)
        {
            if (left == 0) (left, kind) = (random.Next(1, 40), random.Next(3));
            var a = !withAlpha || kind == 1 ? 255 : kind == 0 ? 0 : random.Next(1, 255);
            for (var c = 0; c < 3; c++) picture.Pixels[i * 4 + c] = (byte)random.Next(a + 1);
            picture.Pixels[i * 4 + 3] = (byte)a;
        }
        var frame = new byte[withAlpha ? Packing.Yuva420Bytes(width, height) : Packing.Yuv420Bytes(width, height)];
        Packing.ToYuv420(picture, frame, withAlpha);

        var size = width * height;
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (r, g, b, a) = Pixel(x, y);
                var whole = a == 0 ? 0 : 255 / a;
                Assert.Equal(16 + (0.2126 * r + 0.7152 * g + 0.0722 * b) * whole * 219 / 255, frame[y * width + x], 1.01);
                if (withAlpha) Assert.Equal(a, frame[size / 2 * 3 + y * width + x]);
            }
        for (var y = 0; y < height; y += 2)
            for (var x = 0; x < width; x += 2)
            {
                var (r, g, b, a) = new[] { Pixel(x, y), Pixel(x + 1, y), Pixel(x, y + 1), Pixel(x + 1, y + 1) }.Aggregate((p, q) => (p.R + q.R, p.G + q.G, p.B + q.B, p.A + q.A));
                var whole = a == 0 ? 0 : 255 / a;
                var light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
                var at = y / 2 * (width / 2) + x / 2;
                Assert.Equal(128 + (b - light) * whole / 1.8556 * 224 / 255, frame[size + at], 1.01);
                Assert.Equal(128 + (r - light) * whole / 1.5748 * 224 / 255, frame[size / 4 * 5 + at], 1.01);
            }

        (double R, double G, double B, double A) Pixel(int x, int y)
        {
            var i = (y * width + x) * 4;
            return (picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2], picture.Pixels[i + 3]);
        }
    }
}
