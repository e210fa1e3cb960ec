using System.Globalization;
using System.Text;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Transcode.Tests;

/// <summary>The transcode service, and films to transcode and to look at.</summary>
public class TranscodeHarness() : StageHarness("transcode", builder => builder.AddTranscode(), bus => bus.AddTranscode())
{
    private const string Film = "library:film";
    private const string Captions = "library:captions";

    /// <summary>A film of a test picture with a tone.</summary>
    public Task<string> FilmAsync(string name, double seconds, string picture = "s=160x120:r=25", string encode = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ac 2") => MakeAsync(
        name, string.Create(CultureInfo.InvariantCulture, $"-f lavfi -i testsrc2={picture}:d={seconds} -f lavfi -i sine=1000:d={seconds} {encode} -t {seconds}"));

    public Task<MediaInfo> ProbeAsync(string path) => Probe.ProbeAsync(path, CancellationToken.None);

    /// <summary>Runs the stage and gives its answer.</summary>
    /// <param name="film">Path of the film.</param>
    /// <param name="with">What is asked for.</param>
    /// <param name="media">What the document calls the film: an upload, or a stage's.</param>
    /// <param name="captions">Path of captions, or null.</param>
    public async Task<object> TranscodeAsync(string film, Func<TranscodeParameters, TranscodeParameters> with, string media = Film, string? captions = null)
    {
        var inputs = new Dictionary<string, Artifact> { [media] = await PutAsync(film) };
        if (captions is not null)
        {
            inputs[Captions] = await PutAsync(captions);
        }

        return await AnswerAsync(Queues.Transcode, "transcode", run => new TranscodeFilm
        {
            Run = run,
            Parameters = with(new TranscodeParameters { Video = Media.Parse(media), Captions = captions is null ? null : Media.Parse(Captions) }),
            Inputs = inputs,
            Encode = new FinalEncode { Settings = new EncodeSettings { Preset = "veryfast" }, WritesResult = true },
        });
    }

    /// <summary>What <see cref="TranscodeAsync"/> made, which must have been made.</summary>
    public async Task<(StageCompleted Answer, string Film)> MadeAsync(string film, Func<TranscodeParameters, TranscodeParameters> with, string media = Film, string? captions = null)
    {
        var answer = await TranscodeAsync(film, with, media, captions);
        var made = Completed(answer);
        return (made, await FileAsync(made.Outputs["video"].Artifacts[0]));
    }

    /// <summary>Brings every file of a streamed film into a folder of its own, by the names that they call each other; gives the folder.</summary>
    public async Task<string> FolderAsync(StageCompleted answer)
    {
        var made = Directory.CreateDirectory(PathOf($"stream-{Guid.NewGuid():N}")).FullName;
        foreach (var artifact in answer.Outputs.Values.SelectMany(output => output.Artifacts))
        {
            await Store.FetchAsync(Tenant, artifact, Path.Combine(made, artifact.Name!), CancellationToken.None);
        }

        return made;
    }

    /// <summary>A digest of one stream's packets as they lie in the file.</summary>
    public async Task<string> PacketsAsync(string path, string stream) =>
        Encoding.ASCII.GetString(await RunAsync("ffmpeg", ["-i", path, "-map", $"0:{stream}:0", "-c", "copy", "-f", "streamhash", "-hash", "sha256", "pipe:1"]));

    /// <summary>What ffprobe says, as lines of <c>key=value</c>.</summary>
    public async Task<string> EntriesAsync(string path, params string[] arguments) =>
        Encoding.UTF8.GetString(await RunAsync("ffprobe", [.. arguments, "-of", "default=nw=1", path]));

    /// <summary>One frame as pixels.</summary>
    public Task<byte[]> FrameAsync(string path, double time, string format, params string[] before) => RunAsync(
        "ffmpeg", [.. before, "-i", path, "-ss", time.ToString(CultureInfo.InvariantCulture), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", format, "pipe:1"]);

    public Task<byte[]> RunAsync(string tool, string[] arguments) => ToolAsync(tool, [.. tool == "ffmpeg" ? ["-nostdin"] : Array.Empty<string>(), "-v", "error", .. arguments]);
}
