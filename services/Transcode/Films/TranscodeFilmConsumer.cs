using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Transcode.Films;

internal sealed class TranscodeFilmConsumer(IStageRunner stages, FilmMaker maker) : IConsumer<TranscodeFilm>
{
    public Task Consume(ConsumeContext<TranscodeFilm> context) =>
        stages.RunAsync(context, context.Message.Run, (work, cancellationToken) => MakeAsync(context.Message, work, cancellationToken));

    private async Task<StageResult> MakeAsync(TranscodeFilm message, StageWork work, CancellationToken cancellationToken)
    {
        var order = new FilmOrder
        {
            Film = await FetchAsync(message.Parameters.Video),
            Parameters = message.Parameters,
            Settings = message.Encode?.Settings ?? new EncodeSettings(),
            Folder = work.Folder,
            Report = work.Report,
            Warn = work.Warn,
        };
        try
        {
            return Result(await maker.MakeAsync(order, cancellationToken));
        }
        catch (MediaException e)
        {
            throw new StageException(e.Code, e.Transient ? FailureKind.Transient : FailureKind.Permanent, e.Message, e);
        }

        Task<string> FetchAsync(Media media) => message.Inputs.TryGetValue(media.Text, out var artifact)
            ? work.FetchAsync(artifact, cancellationToken)
            : throw new StageException("transcode.missing_input", FailureKind.Permanent, $"The file of \"{media.Text}\" was not handed over.");
    }

    private static StageResult Result(MadeFilm made) => new()
    {
        Files = new Dictionary<string, OutputFile> { ["video"] = new(made.Path, ContentType(made.Plan.Format), Facts(made.Info)) },
        Facts = new Dictionary<string, JsonElement>
        {
            ["copied"] = JsonSerializer.SerializeToElement(new { picture = made.Plan.CopiesPicture, sound = made.Plan.CopiesSound }),
        },
    };

    private static string ContentType(string format) => format == TranscodeParameters.Gif ? "image/gif" : $"video/{format}";

    private static MediaFacts Facts(MediaInfo info) => new()
    {
        Duration = info.Duration?.TotalSeconds,
        Width = info.Video?.Width,
        Height = info.Video?.Height,
        FrameRate = info.Video?.FrameRate.Value,
        VideoCodec = info.Video?.Codec,
        AudioCodec = info.Audio?.Codec,
    };
}

internal sealed class TranscodeFilmConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<TranscodeFilmConsumer>(Queues.Transcode, options);
