using System.Globalization;
using Platform.Contracts;

namespace Platform.Music.Tests;

/// <summary>The music service, and films to lay music under.</summary>
public sealed class MusicHarness() : StageHarness("music", builder => builder.AddMusic(), bus => bus.AddMusic())
{
    /// <summary>A film of colour bars with a sound made of a lavfi source, or none; its length is the sound's or that given.</summary>
    public Task<string> FilmAsync(string name, double seconds, string? sound, string encode = "-c:a pcm_s16le") => MakeAsync(name, string.Create(
        CultureInfo.InvariantCulture,
        $"-f lavfi -i testsrc2=s=160x120:r=25:d={seconds} {(sound is null ? "" : $"-f lavfi -i {sound}")} -c:v libx264 -preset ultrafast -pix_fmt yuv420p {(sound is null ? "" : encode)} -t {seconds}"));

    /// <summary>Runs the stage; gives its answer and, when it was made, the film's path.</summary>
    public async Task<(object Answer, string Film)> LayAsync(string film, string[] music, Func<MusicParameters, MusicParameters> with, bool final = false)
    {
        var pieces = music.Select((_, i) => Media.Parse($"library:piece-{i}")).ToList();
        var inputs = new Dictionary<string, Artifact> { ["@film"] = await PutAsync(film) };
        foreach (var (piece, path) in pieces.Zip(music))
        {
            inputs[piece.Text] = await PutAsync(path);
        }

        var answer = await AnswerAsync(Queues.Music, "music", run => new AddMusic
        {
            Run = run,
            Parameters = with(new MusicParameters { Video = Media.Parse("@film"), Music = new MediaList(pieces) }),
            Inputs = inputs,
            Encode = final ? new FinalEncode { Settings = new EncodeSettings(), WritesResult = true } : null,
        });
        return (answer, answer is StageCompleted completed ? await FileAsync(completed, "video") : "");
    }

    /// <summary>A file that was made, brought out of the store.</summary>
    public Task<string> FileAsync(StageCompleted answer, string output) => FileAsync(answer.Outputs[output].Artifacts[0]);

    /// <summary>What <see cref="LayAsync"/> made, which must have been made.</summary>
    public async Task<(StageCompleted Answer, string Film)> LaidAsync(string film, string[] music, Func<MusicParameters, MusicParameters> with, bool final = false)
    {
        var (answer, made) = await LayAsync(film, music, with, final);
        return (Completed(answer), made);
    }
}
