using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Merge.Films;

namespace Platform.Merge.Tests;

/// <summary>The longest film there may be, within the memory that it may take.</summary>
[Trait("Category", "Soak")]
public sealed class LongFilmTests(ITestOutputHelper output)
{
    private const double MostBytes = 2L << 30;

    [Fact]
    public async Task Makes_two_hundred_scenes_of_1080p_in_two_gigabytes()
    {
        var folder = Directory.CreateTempSubdirectory("merge-soak-").FullName;
        await using var provider = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddFfmpeg().BuildServiceProvider();
        var (ffmpeg, probe) = (provider.GetRequiredService<IFfmpeg>(), provider.GetRequiredService<IMediaProbe>());
        try
        {
            var clip = Path.Combine(folder, "clip.mp4");
            await ffmpeg.RunAsync(
                new FfmpegCommand
                {
                    Inputs = [new FfmpegInput("testsrc2=s=1920x1080:r=25:d=1") { Format = "lavfi" }, new FfmpegInput("sine=440:d=1") { Format = "lavfi" }],
                    Outputs = [new FfmpegOutput(clip) { Options = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac"] }],
                },
                folder, null, TestContext.Current.CancellationToken);
            var scene = new MergeScene { Video = Media.Parse("library:clip"), Length = new SceneLength(false, 0.36) };
            using var ended = new CancellationTokenSource();
            var watch = WatchAsync(ended.Token);
            var film = await new FilmMaker(ffmpeg, probe).MakeAsync(
                new FilmOrder
                {
                    Scenes = [.. Enumerable.Repeat(new SceneFiles(clip, null), 200)],
                    Parameters = new MergeParameters { Scenes = [.. Enumerable.Repeat(scene, 200)], Transition = new TransitionList([new Transition("fade", 0.2)], false) },
                    Encode = new FinalEncode { Settings = new EncodeSettings(), WritesResult = true },
                    Folder = folder,
                },
                TestContext.Current.CancellationToken);
            await ended.CancelAsync();
            var most = await watch;

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at most {most / (1 << 20):0} MB in this process and its children"));
            Assert.Equal(200 * 9, film.Plan.Frames);
            Assert.Equal(72, film.Info.RequireDuration().TotalSeconds, 0.04);
            Assert.InRange(most, 100 << 20, MostBytes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The most memory in use at one time, looked at ten times a second.</summary>
    private static async Task<double> WatchAsync(CancellationToken ended)
    {
        var most = 0.0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                most = Math.Max(most, InUse());
            }
        }
        catch (OperationCanceledException)
        {
            // looked at long enough
        }

        return most;
    }

    private static double InUse()
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(Read).OfType<(int Id, int Parent, double Bytes)>().ToList();
        var (tree, bytes) = (new HashSet<int> { Environment.ProcessId }, 0.0);
        for (var before = 0; before != tree.Count;)
        {
            before = tree.Count;
            tree.UnionWith(processes.Where(process => tree.Contains(process.Parent)).Select(process => process.Id));
        }

        foreach (var process in processes.Where(process => tree.Contains(process.Id)))
        {
            bytes += process.Bytes;
        }

        return bytes;
    }

    // Resident pages, shared ones counted for each process that has them.
    private static (int Id, int Parent, double Bytes)? Read(string? id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(id!, CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture), double.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }
}
