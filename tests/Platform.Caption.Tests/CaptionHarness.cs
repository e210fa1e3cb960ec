using System.Globalization;
using Platform.Contracts;

namespace Platform.Caption.Tests;

/// <summary>The caption service, and films to caption and to look at.</summary>
public sealed class CaptionHarness() : StageHarness("caption", builder => builder.AddCaption(), bus => bus.AddCaption())
{
    /// <summary>A film of one colour, with a sound file or without sound.</summary>
    public async Task<string> FilmAsync(string name, double seconds, int width = 640, int height = 360, string? sound = null, string color = "0x406080")
    {
        string[] source = ["-v", "error", "-y", "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"color=c={color}:s={width}x{height}:r=25:d={seconds}")];
        string[] audio = sound is null ? [] : ["-i", sound, "-c:a", "pcm_s16le", "-shortest"];
        await Tools.RunAsync("ffmpeg", [.. source, .. audio, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p", PathOf(name)]);
        return PathOf(name);
    }

    public async Task<string> TextAsync(string name, string content)
    {
        await File.WriteAllTextAsync(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>Runs the stage; gives its answer and, when they were made, the paths of its outputs.</summary>
    public async Task<(object Answer, IReadOnlyDictionary<string, string> Files)> CaptionAsync(string film, Func<CaptionParameters, CaptionParameters> with, string? captions = null, bool final = false)
    {
        var inputs = new Dictionary<string, Artifact> { ["@film"] = await PutAsync(film) };
        if (captions is not null)
        {
            inputs["@captions"] = await PutAsync(captions);
        }

        var answer = await AnswerAsync(Queues.Caption, "caption", run => new CaptionFilm
        {
            Run = run,
            Parameters = with(new CaptionParameters { Video = Media.Parse("@film") }),
            Inputs = inputs,
            Encode = final ? new FinalEncode { Settings = new EncodeSettings { Preset = "ultrafast" }, WritesResult = true } : null,
        });
        return (answer, await FilesAsync(answer));
    }

    /// <summary>What <see cref="CaptionAsync"/> made, which must have been made.</summary>
    public async Task<(StageCompleted Answer, IReadOnlyDictionary<string, string> Files)> CaptionedAsync(string film, Func<CaptionParameters, CaptionParameters> with, string? captions = null, bool final = false)
    {
        var (answer, files) = await CaptionAsync(film, with, captions, final);
        return (Completed(answer), files);
    }

    /// <summary>The picture at a time: RGB, three bytes a pixel.</summary>
    public static async Task<byte[]> FrameAsync(string film, double time) => await Tools.RunAsync(
        "ffmpeg", "-v", "error", "-i", film, "-vf", string.Create(CultureInfo.InvariantCulture, $"select=gte(t\\,{time})"), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1");
}

/// <summary>What differs between two pictures of the same size.</summary>
internal sealed record Ink(int Left, int Top, int Right, int Bottom, int Pixels)
{
    public double Height => Bottom - Top;

    public static Ink Of(byte[] picture, byte[] ground, int width)
    {
        var (left, top, right, bottom, pixels) = (int.MaxValue, int.MaxValue, -1, -1, 0);
        for (var i = 0; i + 2 < picture.Length; i += 3)
        {
            if (Math.Abs(picture[i] - ground[i]) + Math.Abs(picture[i + 1] - ground[i + 1]) + Math.Abs(picture[i + 2] - ground[i + 2]) < 60)
            {
                continue;
            }

            var (x, y) = (i / 3 % width, i / 3 / width);
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
            pixels++;
        }

        return new Ink(left, top, right, bottom, pixels);
    }
}
