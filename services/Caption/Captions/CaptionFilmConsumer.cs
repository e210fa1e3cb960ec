using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Caption.Captions;

internal sealed class CaptionFilmConsumer(IStageRunner stages, CaptionTools tools) : IConsumer<CaptionFilm>
{
    public Task Consume(ConsumeContext<CaptionFilm> context) =>
        stages.RunAsync(context, context.Message.Run, (work, cancellationToken) => CaptionAsync(context.Message, work, cancellationToken));

    private async Task<StageResult> CaptionAsync(CaptionFilm message, StageWork work, CancellationToken cancellationToken)
    {
        var order = new CaptionOrder
        {
            Film = await FetchAsync(message.Parameters.Video),
            Captions = message.Parameters.Source.File is { } file ? await FetchAsync(file) : null,
            Parameters = message.Parameters,
            Encode = message.Encode,
            Folder = work.Folder,
            Report = work.Report,
            Warn = work.Warn,
        };
        return Result(order, await new CaptionRun(tools, order, cancellationToken).MakeAsync());

        Task<string> FetchAsync(Media media) => work.FetchAsync(message.Inputs, media, cancellationToken);
    }

    private static StageResult Result(CaptionOrder order, CaptionedFilm made)
    {
        var files = new Dictionary<string, OutputFile> { ["video"] = new(made.Path, order.IsResult ? "video/mp4" : "video/x-matroska", made.Info.ToFacts()) };
        foreach (var (name, (path, type)) in made.Sidecars)
        {
            files[name] = new OutputFile(path, type);
        }

        return new StageResult
        {
            Files = files,
            Facts = new Dictionary<string, JsonElement>
            {
                ["language"] = JsonSerializer.SerializeToElement(made.Facts.Language),
                ["words"] = JsonSerializer.SerializeToElement(made.Facts.Words),
                ["cues"] = JsonSerializer.SerializeToElement(made.Facts.Cues),
                ["changedCues"] = JsonSerializer.SerializeToElement(made.Facts.Changed),
            },
        };
    }
}

internal sealed class CaptionFilmConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<CaptionFilmConsumer>(Queues.Caption, options);
