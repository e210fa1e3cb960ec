using System.Diagnostics;
using Platform.Pictures;

namespace Platform.Bench.Capture;

/// <summary>Processor time that one frame of 1080p takes to draw: what it takes from the encoder beside it.</summary>
internal static class SamplerBench
{
    public static void Run()
    {
        PictureSize size = new(1920, 1080);
        byte[] from = FrameSampler.Frame(size), to = FrameSampler.Frame(size);
        new Random(1).NextBytes(from);
        foreach (var (instructions, threads) in new[] { (Instructions.Scalar, 1), (Instructions.Vector128, 1), (Instructions.Vector256, 1), (Instructions.Vector256, 2) })
        {
            if (instructions > LineSampler.Best)
                continue;

            var sampler = new FrameSampler(size, size, instructions, threads);
            foreach (var n in Enumerable.Range(0, 40))
                Draw(n / 40.0); // compiled and warm
            using var process = Process.GetCurrentProcess();
            var times = Enumerable.Range(0, 5).Select(_ => Round(process)).Order().ToArray();
            Console.WriteLine($"1080p, {instructions}, {threads} thread(s): {times[2]:0.00} ms of processor a frame");

            double Round(Process process)
            {
                const int frames = 40;
                process.Refresh();
                var before = process.TotalProcessorTime;
                foreach (var n in Enumerable.Range(0, frames))
                    Draw(n / (double)frames);
                process.Refresh();
                return (process.TotalProcessorTime - before).TotalMilliseconds / frames;
            }

            void Draw(double t)
            {
                var zoom = 1 + 0.25 * t;
                double w = size.Width / zoom, h = size.Height / zoom;
                sampler.Draw(from, to, new PictureArea((size.Width - w) / 2, (size.Height - h) / 2, w, h));
            }
        }
    }
}
