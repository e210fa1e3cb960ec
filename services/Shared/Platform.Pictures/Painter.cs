using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Platform.Pictures;

/// <summary>Draws pictures over pictures, anywhere between pixels.</summary>
public static class Painter
{
    /// <summary>Draws one picture over another.</summary>
    /// <param name="picture">What is drawn.</param>
    /// <param name="target">What it is drawn over.</param>
    /// <param name="toTarget">From the picture's pixels to those of the whole that the target is a part of.</param>
    /// <param name="opacity">0 to 1.</param>
    /// <param name="seen">The part of the picture that is drawn, in its pixels; null for all.</param>
    /// <param name="dx">Where in the whole the target begins. What is drawn does not depend on it, to the bit.</param>
    /// <param name="dy">The same, downwards.</param>
    public static void Draw(Picture picture, Picture target, Matrix3x2 toTarget, float opacity = 1, (float Left, float Top, float Right, float Bottom)? seen = null, int dx = 0, int dy = 0)
    {
        if (opacity <= 0) return;
        // Bilinear takes in four neighbours: what is drawn smaller than half begins with a half-size picture.
        while (Math.Abs(toTarget.GetDeterminant()) < 0.25f && picture is { Width: > 2, Height: > 2 })
        {
            var half = picture.Half();
            toTarget = Matrix3x2.CreateScale((float)picture.Width / half.Width, (float)picture.Height / half.Height) * toTarget;
            if (seen is { } s) seen = (s.Left / 2, s.Top / 2, s.Right / 2, s.Bottom / 2);
            picture = half;
        }
        if (!Matrix3x2.Invert(toTarget, out var back)) return;
        var (left, top, right, bottom) = Bounds(toTarget, picture.Width, picture.Height, target.Width + dx, target.Height + dy);
        (left, top, right, bottom) = (Math.Max(0, left - dx), Math.Max(0, top - dy), right - dx, bottom - dy);
        if (left >= right || top >= bottom) return;

        var plain = toTarget is { M11: 1, M12: 0, M21: 0, M22: 1 } && toTarget.M31 == MathF.Floor(toTarget.M31) && toTarget.M32 == MathF.Floor(toTarget.M32) && seen is null;
        if ((bottom - top) * (right - left) < 20_000)
            for (var y = top; y < bottom; y++) Line(y);
        else
            Parallel.For(top, bottom, Line);

        void Line(int y)
        {
            if (plain) CopyLine(picture, target, y, left, right, (int)toTarget.M31 - dx, (int)toTarget.M32 - dy, opacity);
            else SampleLine(picture, target, y, left, right, back, opacity, seen, dx, dy);
        }
    }

    /// <summary>The pixels, within an area that begins at 0, that a picture touches.</summary>
    public static (int Left, int Top, int Right, int Bottom) Bounds(Matrix3x2 toTarget, float width, float height, int areaWidth, int areaHeight)
    {
        Span<Vector2> corners = [Vector2.Transform(new(0, 0), toTarget), Vector2.Transform(new(width, 0), toTarget), Vector2.Transform(new(0, height), toTarget), Vector2.Transform(new(width, height), toTarget)];
        Vector2 low = corners[0], high = corners[0];
        foreach (var corner in corners) (low, high) = (Vector2.Min(low, corner), Vector2.Max(high, corner));
        return (Limit(MathF.Floor(low.X - 0.5f), areaWidth), Limit(MathF.Floor(low.Y - 0.5f), areaHeight), Limit(MathF.Ceiling(high.X + 0.5f), areaWidth), Limit(MathF.Ceiling(high.Y + 0.5f), areaHeight));

        static int Limit(float value, int most) => (int)Math.Clamp(value, 0, most);
    }

    private static void CopyLine(Picture picture, Picture target, int y, int left, int right, int dx, int dy, float opacity)
    {
        var from = y - dy;
        if (from < 0 || from >= picture.Height) return;
        (left, right) = (Math.Max(left, dx), Math.Min(right, dx + picture.Width));
        var share = (int)MathF.Round(opacity * 255);
        var source = picture.Pixels.AsSpan((from * picture.Width + left - dx) * 4);
        var output = target.Pixels.AsSpan((y * target.Width + left) * 4);
        for (var i = 0; i < (right - left) * 4; i += 4)
        {
            if (source[i + 3] == 0) continue;
            if (share == 255 && source[i + 3] == 255) { source.Slice(i, 4).CopyTo(output[i..]); continue; }
            var rest = 255 - Picture.Over255(source[i + 3] * share);
            for (var c = i; c < i + 4; c++) output[c] = (byte)(Picture.Over255(source[c] * share) + Picture.Over255(output[c] * rest));
        }
    }

    private static void SampleLine(Picture picture, Picture target, int y, int left, int right, Matrix3x2 back, float opacity, (float Left, float Top, float Right, float Bottom)? seen, int dx, int dy)
    {
        var source = MemoryMarshal.Cast<byte, uint>(picture.Pixels.AsSpan());
        var output = MemoryMarshal.Cast<byte, uint>(target.Pixels.AsSpan(y * target.Width * 4, target.Width * 4));
        for (var x = left; x < right; x++)
        {
            var at = Vector2.Transform(new Vector2(x + dx + 0.5f, y + dy + 0.5f), back) - new Vector2(0.5f);
            int u = (int)MathF.Floor(at.X), v = (int)MathF.Floor(at.Y);
            if (u < -1 || v < -1 || u >= picture.Width || v >= picture.Height) continue;
            float fx = at.X - u, fy = at.Y - v;
            var above = Vector128.Lerp(Pixel(source, picture, u, v), Pixel(source, picture, u + 1, v), Vector128.Create(fx));
            var below = Vector128.Lerp(Pixel(source, picture, u, v + 1), Pixel(source, picture, u + 1, v + 1), Vector128.Create(fx));
            var color = Vector128.Lerp(above, below, Vector128.Create(fy)) * (seen is { } s ? opacity * Cover(at, s) : opacity);
            var alpha = color.GetElement(3);
            if (alpha < 0.4f) continue;
            color += Unpack(output[x]) * (1 - alpha / 255) + Vector128.Create(0.5f);
            output[x] = Pack(color);
        }
    }

    private static float Cover(Vector2 at, (float Left, float Top, float Right, float Bottom) seen) =>
        Math.Clamp(at.X + 1 - seen.Left, 0, 1) * Math.Clamp(seen.Right - at.X, 0, 1) * Math.Clamp(at.Y + 1 - seen.Top, 0, 1) * Math.Clamp(seen.Bottom - at.Y, 0, 1);

    private static Vector128<float> Pixel(ReadOnlySpan<uint> source, Picture picture, int x, int y) =>
        (uint)x < (uint)picture.Width && (uint)y < (uint)picture.Height ? Unpack(source[y * picture.Width + x]) : Vector128<float>.Zero;

    private static Vector128<float> Unpack(uint pixel) => Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte()).AsUInt16()).AsInt32());

    private static uint Pack(Vector128<float> color)
    {
        var whole = Vector128.Min(Vector128.ConvertToInt32(color), Vector128.Create(255));
        return (uint)(whole[0] | whole[1] << 8 | whole[2] << 16 | whole[3] << 24);
    }
}
