using System.Numerics;

namespace Platform.Pictures.Tests;

public sealed class PainterTests
{
    [Fact]
    public void Draws_an_opaque_picture_exactly_where_it_belongs()
    {
        var target = new Picture(8, 8);
        Painter.Draw(Filled(4, 4, 200, 100, 50, 255), target, Matrix3x2.CreateTranslation(2, 3));

        Assert.Equal([200, 100, 50, 255], Pixel(target, 2, 3));
        Assert.Equal([200, 100, 50, 255], Pixel(target, 5, 6));
        Assert.Equal([0, 0, 0, 0], Pixel(target, 1, 3));
        Assert.Equal([0, 0, 0, 0], Pixel(target, 6, 6));
    }

    [Fact]
    public void Shares_an_edge_between_pixels_when_a_picture_lies_between_them()
    {
        var target = new Picture(8, 8);
        Painter.Draw(Filled(4, 4, 255, 255, 255, 255), target, Matrix3x2.CreateTranslation(2.5f, 2));

        Assert.Equal(128, Pixel(target, 2, 3)[3], 1.0);
        Assert.Equal(255, Pixel(target, 3, 3)[3]);
        Assert.Equal(128, Pixel(target, 6, 3)[3], 1.0);
    }

    [Fact]
    public void Lays_half_of_a_colour_over_another()
    {
        var target = Filled(4, 4, 0, 0, 255, 255);
        Painter.Draw(Filled(4, 4, 255, 0, 0, 255), target, Matrix3x2.Identity, 0.5f);

        Assert.Equal([128, 0, 127, 255], Pixel(target, 1, 1));
    }

    [Fact]
    public void Draws_a_part_of_a_whole_to_the_bit()
    {
        var random = new Random(5);
        var picture = new Picture(20, 14);
        random.NextBytes(picture.Pixels);
        for (var i = 3; i < picture.Pixels.Length; i += 4) picture.Pixels[i] = 255;
        var turned = Matrix3x2.CreateRotation(0.37f) * Matrix3x2.CreateScale(1.7f) * Matrix3x2.CreateTranslation(31.3f, 12.9f);
        Picture whole = new(80, 60), part = new(40, 30);

        Painter.Draw(picture, whole, turned, 0.7f);
        Painter.Draw(picture, part, turned, 0.7f, null, 22, 14);

        for (var y = 0; y < 30; y++)
            for (var x = 0; x < 40; x++) Assert.Equal(Pixel(whole, x + 22, y + 14), Pixel(part, x, y));
    }

    [Fact]
    public void Shows_only_the_part_that_is_seen()
    {
        var target = new Picture(8, 4);
        Painter.Draw(Filled(8, 4, 9, 9, 9, 255), target, Matrix3x2.Identity, 1, (0, 0, 5, 4));

        Assert.Equal(255, Pixel(target, 4, 1)[3]);
        Assert.Equal(0, Pixel(target, 5, 1)[3]);
    }

    [Fact]
    public void Packs_white_black_and_red_as_BT_709_has_them()
    {
        Assert.Equal((235, 128, 128), Yuv(255, 255, 255));
        Assert.Equal((16, 128, 128), Yuv(0, 0, 0));
        Assert.Equal((63, 102, 240), Yuv(255, 0, 0));
    }

    [Fact]
    public void Gives_a_transparent_neighbour_no_say_in_the_colour_of_an_edge()
    {
        var picture = new Picture(2, 2);
        new byte[] { 255, 0, 0, 255 }.CopyTo(picture.Pixels, 0);
        var frame = new byte[Packing.Yuva420Bytes(2, 2)];

        Packing.ToYuv420(picture, frame, withAlpha: true);

        Assert.Equal((102, 240), (frame[4], frame[5]));
        Assert.Equal([255, 0, 0, 0], frame[6..]);
    }

    private static (int, int, int) Yuv(byte r, byte g, byte b)
    {
        var frame = new byte[Packing.Yuv420Bytes(2, 2)];
        Packing.ToYuv420(Filled(2, 2, r, g, b, 255), frame, withAlpha: false);
        return (frame[0], frame[4], frame[5]);
    }

    private static byte[] Pixel(Picture picture, int x, int y) => picture.Pixels[((y * picture.Width + x) * 4)..((y * picture.Width + x) * 4 + 4)];

    private static Picture Filled(int width, int height, params byte[] color) =>
        Picture.FromStraight(width, height, Enumerable.Range(0, width * height).SelectMany(_ => color).ToArray());
}
