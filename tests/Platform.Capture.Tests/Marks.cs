using Platform.Pictures;

namespace Platform.Capture.Tests;

/// <summary>A soft round mark on black, whose place can be measured to a fraction of a pixel.</summary>
internal static class Marks
{
    private const int Black = 16, White = 235, Grey = 128;

    /// <summary>Draws it round a point; 0 is the left (upper) edge of the first pixel.</summary>
    public static void Draw(byte[] frame, PictureSize size, double x, double y, double radius)
    {
        Array.Fill(frame, (byte)Grey);
        for (var j = 0; j < size.Height; j++)
            for (var i = 0; i < size.Width; i++)
            {
                var square = (i + 0.5 - x) * (i + 0.5 - x) + (j + 0.5 - y) * (j + 0.5 - y);
                frame[j * size.Width + i] = (byte)Math.Round(Black + (White - Black) * Math.Exp(-square / (radius * radius / 2)));
            }
    }

    /// <summary>Its centre of gravity, above a little noise, near to where it should be.</summary>
    public static (double X, double Y) Find(ReadOnlySpan<byte> frame, PictureSize size, double nearX, double nearY, int reach)
    {
        const byte dark = Black + 12;
        double sum = 0, x = 0, y = 0;
        for (var j = Math.Max(0, (int)nearY - reach); j < Math.Min(size.Height, (int)nearY + reach); j++)
        {
            var line = frame.Slice(j * size.Width, size.Width);
            for (var i = Math.Max(0, (int)nearX - reach); i < Math.Min(size.Width, (int)nearX + reach); i++)
            {
                double light = Math.Max(0, line[i] - dark);
                sum += light;
                x += light * (i + 0.5);
                y += light * (j + 0.5);
            }
        }
        return (x / sum, y / sum);
    }
}
