using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Merge.Films;

internal sealed class MergeScenesConsumer(IStageRunner stages, IFilmMaker films) : IConsumer<MergeScenes>
{
    public Task Consume(ConsumeContext<MergeScenes> context) =>
        stages.RunAsync(context, context.Message.Run, (work, cancellationToken) => MakeAsync(context.Message, work, cancellationToken));

    private async Task<StageResult> MakeAsync(MergeScenes message, StageWork work, CancellationToken cancellationToken)
    {
        var scenes = new List<SceneFiles>();
        foreach (var scene in message.Parameters.Scenes)
        {
            scenes.Add(new SceneFiles(await FetchAsync(scene.Video), scene.Voiceover is { } voice ? await FetchAsync(voice) : null));
        }

        return Result(await films.MakeAsync(
            new FilmOrder
            {
                Scenes = scenes,
                Music = message.Parameters.BeatSync is { } sync ? await FetchAsync(sync.Music) : null,
                Parameters = message.Parameters,
                Encode = message.Encode,
                Folder = work.Folder,
                Report = work.Report,
                Warn = work.Warn,
            },
            cancellationToken));

        Task<string> FetchAsync(Media media) => work.FetchAsync(message.Inputs, media, cancellationToken);
    }

    private static StageResult Result(Film film)
    {
        var files = film.Stems.ToDictionary(stem => stem.Key, stem => new OutputFile(stem.Value, "audio/flac", new MediaFacts { Duration = (double)film.Plan.Samples / MergePlan.SampleRate, AudioCodec = "flac" }));
        files["video"] = new OutputFile(film.Path, film.ContentType, film.Info.ToFacts());
        var facts = new Dictionary<string, JsonElement>
        {
            ["scenes"] = JsonSerializer.SerializeToElement(film.Plan.Scenes.Select(scene => new { start = Seconds(scene.FirstSample), length = Seconds(scene.Samples) })),
            ["copied"] = JsonSerializer.SerializeToElement(film.Copied),
            ["truePeak"] = JsonSerializer.SerializeToElement(film.TruePeak is { } peak && double.IsFinite(peak) ? Math.Round(peak, 2) : (double?)null),
        };
        if (film.Tempo is { } tempo)
        {
            facts["tempo"] = JsonSerializer.SerializeToElement(Math.Round(tempo, 1));
        }

        return new StageResult { Files = files, Facts = facts };
    }

    private static double Seconds(long samples) => Math.Round((double)samples / MergePlan.SampleRate, 6);
}

internal sealed class MergeScenesConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<MergeScenesConsumer>(Queues.Merge, options);
