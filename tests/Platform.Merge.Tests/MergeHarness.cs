using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.Contracts;

namespace Platform.Merge.Tests;

/// <summary>The merge service, and films to merge and to measure.</summary>
public sealed class MergeHarness() : StageHarness("merge", builder => builder.AddMerge(), bus => bus.AddMerge())
{
    private readonly Dictionary<string, string> made = [];

    /// <summary>Makes a file with ffmpeg, once.</summary>
    public new async Task<string> MakeAsync(string name, string arguments)
    {
        if (made.TryAdd(name, arguments))
        {
            await base.MakeAsync(name, arguments);
        }

        Assert.Equal(made[name], arguments);
        return PathOf(name);
    }

    /// <summary>A film of colour bars, with a tone or another lavfi source as its sound, or none.</summary>
    public Task<string> BarsAsync(string name, double seconds, string? sound = null, string size = "160x120", int rate = 25, string options = "") => MakeAsync(name, string.Create(
        CultureInfo.InvariantCulture,
        $"-f lavfi -i testsrc2=s={size}:r={rate}:d={seconds} {(sound is null ? "" : $"-f lavfi -i {sound}")} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 {(sound is null ? "" : "-c:a pcm_s16le")} {options} -t {seconds}"));

    /// <summary>A voice: speech, padded or cut to a length.</summary>
    public Task<string> VoiceAsync(double seconds, string voice = "slt") => MakeAsync(
        string.Create(CultureInfo.InvariantCulture, $"voice-{voice}-{seconds}.wav"),
        string.Create(CultureInfo.InvariantCulture, $"-f lavfi -i flite=voice={voice}:text='Open~the~page~and~press~the~button.~It~takes~less~than~a~minute,~and~it~looks~as~if~somebody~had~worked~on~it~for~a~day.' -af apad,volume=0.5 -t {seconds}"));

    /// <summary>Runs the stage; gives its answer and, when it was made, the paths of its outputs.</summary>
    public async Task<(object Answer, IReadOnlyDictionary<string, string> Outputs)> MergeAsync(
        IReadOnlyList<(string Video, string? Voice)> scenes, Func<MergeParameters, MergeParameters>? with = null, Func<MergeScene, int, MergeScene>? each = null, FinalEncode? encode = null, bool staged = true, string? music = null)
    {
        var inputs = new Dictionary<string, Artifact>();
        var parameters = new MergeParameters { Scenes = [.. await Task.WhenAll(scenes.Select(SceneAsync))] };
        if (music is not null)
        {
            parameters = parameters with { BeatSync = new BeatSync { Music = await NamedAsync("library:music", music) } };
        }

        var answer = await AnswerAsync(
            Queues.Merge, "merge", run => new MergeScenes { Run = run, Parameters = with?.Invoke(parameters) ?? parameters, Inputs = inputs, Encode = encode });
        return (answer, await FilesAsync(answer));

        async Task<MergeScene> SceneAsync((string Video, string? Voice) scene, int i)
        {
            var asked = new MergeScene { Video = await NamedAsync(staged ? "@scene" : "library:scene", scene.Video), Voiceover = scene.Voice is { } voice ? await NamedAsync("@voice", voice) : null };
            return each?.Invoke(asked, i) ?? asked;
        }

        async Task<Media> NamedAsync(string name, string path)
        {
            var media = Media.Parse($"{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16]}");
            var artifact = await PutAsync(path);
            lock (inputs)
            {
                inputs[media.Text] = artifact;
            }

            return media;
        }
    }

    /// <summary>What <see cref="MergeAsync"/> made, which must have been made.</summary>
    public async Task<(StageCompleted Answer, string Film, IReadOnlyDictionary<string, string> Outputs)> MergedAsync(
        IReadOnlyList<(string Video, string? Voice)> scenes, Func<MergeParameters, MergeParameters>? with = null, Func<MergeScene, int, MergeScene>? each = null, FinalEncode? encode = null, bool staged = true, string? music = null)
    {
        var (answer, outputs) = await MergeAsync(scenes, with, each, encode, staged, music);
        return (Completed(answer), outputs["video"], outputs);
    }

    /// <summary>Mean colour of each frame, read as BT.709 of limited range: red, green, blue from 0 to 255.</summary>
    public async Task<(int R, int G, int B)[]> ColoursAsync(string path, string crop = "null")
    {
        var bytes = await RunAsync(["-i", path, "-map", "0:v:0", "-vf", $"{crop},scale=1:1:flags=area,format=yuv444p", "-f", "rawvideo", "pipe:1"]);
        return [.. bytes.Chunk(3).Select(pixel => Rgb(1.164 * (pixel[0] - 16), pixel[1] - 128, pixel[2] - 128))];

        static (int, int, int) Rgb(double y, double u, double v) => (Byte(y + (1.793 * v)), Byte(y - (0.213 * u) - (0.533 * v)), Byte(y + (2.112 * u)));

        static int Byte(double value) => (int)Math.Clamp(Math.Round(value), 0, 255);
    }

    /// <summary>Time stamps of a film's packets as ffprobe reads them: pts and dts in seconds.</summary>
    public async Task<List<(double Pts, double Dts)>> PacketsAsync(string path, string stream)
    {
        var text = Encoding.UTF8.GetString(await Tools.RunAsync("ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time,dts_time", "-of", "csv=p=0", path));
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim(',').Split(','))
                .Select(parts => (double.Parse(parts[0], CultureInfo.InvariantCulture), double.TryParse(parts[1], CultureInfo.InvariantCulture, out var dts) ? dts : double.Parse(parts[0], CultureInfo.InvariantCulture))),
        ];
    }
}
