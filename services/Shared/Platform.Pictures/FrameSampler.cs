using System.Buffers;

namespace Platform.Pictures;

/// <summary>Draws what a camera sees of a frame. Frames are yuv420p: a luma plane and two of half its size, one after the other. One caller at a time.</summary>
public sealed unsafe class FrameSampler
{
    /// <summary>A camera may shrink by this much before fine patterns begin to shimmer: four neighbours are too few for more.</summary>
    public const double LargestShrink = 1.5;

    // Rows that one thread takes at a time: few enough to share out, enough to outweigh the sharing.
    private const int BandRows = 60;

    private readonly PictureSize source, target;
    private readonly Instructions instructions;
    private readonly ParallelOptions parallel;
    private readonly (Taps Columns, Taps Rows) luma, chroma;
    private readonly (int Plane, int Row)[] bands;

    public FrameSampler(PictureSize source, PictureSize target, Instructions? instructions = null, int? threads = null)
    {
        this.source = source;
        this.target = target;
        this.instructions = instructions ?? LineSampler.Best;
        parallel = new ParallelOptions { MaxDegreeOfParallelism = threads ?? Math.Clamp(Environment.ProcessorCount, 1, 8) };
        luma = (new Taps(target.Width, LineSampler.HorizontalBits), new Taps(target.Height, LineSampler.VerticalBits));
        chroma = (new Taps(target.Width / 2, LineSampler.HorizontalBits), new Taps(target.Height / 2, LineSampler.VerticalBits));
        bands = [.. Enumerable.Range(0, 3).SelectMany(plane => Steps(plane == 0 ? target.Height : target.Height / 2).Select(row => (plane, row)))];

        static IEnumerable<int> Steps(int rows)
        {
            for (var row = 0; row < rows; row += BandRows)
                yield return row;
        }
    }

    /// <summary>Memory for a frame of a size, with the bytes beyond its end that are read along with its last line.</summary>
    public static byte[] Frame(PictureSize size) => GC.AllocateUninitializedArray<byte>(size.Bytes + LineSampler.Slack, pinned: true);

    /// <summary>Draws into <paramref name="to"/> what the camera sees of <paramref name="from"/>.</summary>
    /// <param name="from">A frame of the source size, as <see cref="Frame"/> makes them.</param>
    /// <param name="to">A frame of the target size.</param>
    /// <param name="camera">In pixels of the source; whole pixels are between pixels: 0 is the left edge of the first.</param>
    public void Draw(byte[] from, byte[] to, PictureArea camera)
    {
        double stepX = camera.Width / target.Width, stepY = camera.Height / target.Height;
        luma.Columns.Fill(camera.X + stepX / 2 - 0.5, stepX, source.Width);
        luma.Rows.Fill(camera.Y + stepY / 2 - 0.5, stepY, source.Height);
        // A chroma sample of H.264 lies on the left one of its two luma columns, and between its two rows.
        chroma.Columns.Fill((camera.X + stepX / 2 - 0.5) / 2, stepX, source.Width / 2);
        chroma.Rows.Fill((camera.Y + stepY - 1) / 2, stepY, source.Height / 2);

        Parallel.For(0, bands.Length, parallel, band =>
        {
            var (plane, row) = bands[band];
            fixed (byte* read = from, write = to)
                DrawBand(plane, row, read, write);
        });
    }

    private void DrawBand(int plane, int first, byte* read, byte* write)
    {
        var (columns, rows) = plane == 0 ? luma : chroma;
        var half = plane == 0 ? 1 : 2;
        int width = source.Width / half, height = source.Height / half;
        var input = read + source.Offset(plane);
        var output = write + target.Offset(plane);

        // The columns that this camera needs, with their neighbours.
        var left = Math.Max(0, columns.Index[0] - 1);
        var right = Math.Min(width, columns.Index[^1] + 3);
        var buffer = ArrayPool<short>.Shared.Rent(width + 2 * LineSampler.Slack);
        try
        {
            fixed (short* space = buffer, columnWeights = columns.Weights, rowWeights = rows.Weights)
            fixed (int* index = columns.Index)
            {
                var sums = space + LineSampler.Slack / 2;
                for (var j = first; j < Math.Min(first + BandRows, rows.Length); j++)
                {
                    var k = rows.Index[j];
                    LineSampler.Vertical(instructions, Line(k - 1), Line(k), Line(k + 1), Line(k + 2), rowWeights + j * Taps.Reach, sums, left, right);
                    if (left == 0)
                        sums[-1] = sums[0];
                    if (right == width)
                        sums[width] = sums[width + 1] = sums[width - 1];
                    LineSampler.Horizontal(instructions, sums, index, columnWeights, output + (long)j * columns.Length, columns.Length);
                }
            }
        }
        finally
        {
            ArrayPool<short>.Shared.Return(buffer);
        }

        byte* Line(int row) => input + (long)Math.Clamp(row, 0, height - 1) * width;
    }
}

/// <summary>Size of a yuv420p picture in pixels, both even.</summary>
public readonly record struct PictureSize(int Width, int Height)
{
    /// <summary>Bytes of a frame.</summary>
    public int Bytes => Width * Height / 2 * 3;

    /// <summary>Where a plane begins: luma 0, then the two of colour.</summary>
    public int Offset(int plane) => plane switch { 0 => 0, 1 => Width * Height, _ => Width * Height / 4 * 5 };
}

/// <summary>A part of a picture, in its pixels and between them: 0 is the left edge of the first.</summary>
public readonly record struct PictureArea(double X, double Y, double Width, double Height);
