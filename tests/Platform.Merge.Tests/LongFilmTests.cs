using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Merge.Films;

namespace Platform.Merge.Tests;

/// <summary>The longest film there may be, within the memory that it may take.</summary>
[Trait("Category", "Soak")]
public sealed class LongFilmTests
{
    [Fact]
    public async Task Makes_two_hundred_scenes_of_1080p_in_two_gigabytes()
    {
        var folder = Directory.CreateTempSubdirectory("merge-soak-").FullName;
        await using var provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Ffmpeg:MemoryBytes"] = (2L << 30).ToString(CultureInfo.InvariantCulture) }).Build())
            .AddFfmpeg()
            .BuildServiceProvider();
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
            var film = await new FilmMaker(ffmpeg, probe).MakeAsync(
                new FilmOrder
                {
                    Scenes = [.. Enumerable.Repeat(new SceneFiles(clip, null), 200)],
                    Parameters = new MergeParameters { Scenes = [.. Enumerable.Repeat(scene, 200)], Transition = new TransitionList([new Transition("fade", 0.2)], false) },
                    Folder = folder,
                },
                TestContext.Current.CancellationToken);

            Assert.Equal(200 * 9, film.Plan.Frames);
            Assert.Equal(72, film.Info.RequireDuration().TotalSeconds, 0.04);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
