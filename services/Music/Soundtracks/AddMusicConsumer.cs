using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Music.Soundtracks;

internal sealed class AddMusicConsumer(IStageRunner stages, ISoundtrack soundtrack) : IConsumer<AddMusic>
{
    public Task Consume(ConsumeContext<AddMusic> context) =>
        stages.RunAsync(context, context.Message.Run, (work, cancellationToken) => LayAsync(context.Message, work, cancellationToken));

    private async Task<StageResult> LayAsync(AddMusic message, StageWork work, CancellationToken cancellationToken)
    {
        var film = await FetchAsync(message.Parameters.Video);
        var pieces = new List<string>();
        foreach (var piece in message.Parameters.Music)
        {
            pieces.Add(await FetchAsync(piece));
        }

        var order = new SoundtrackOrder
        {
            Film = film,
            Pieces = [.. pieces],
            Parameters = message.Parameters,
            Encode = message.Encode,
            Folder = work.Folder,
            Report = work.Report,
            Warn = work.Warn,
        };
        return Result(order, await soundtrack.LayAsync(order, cancellationToken));

        Task<string> FetchAsync(Media media) => work.FetchAsync(message.Inputs, media, cancellationToken);
    }

    private static StageResult Result(SoundtrackOrder order, LaidFilm laid)
    {
        var facts = new Dictionary<string, JsonElement>
        {
            ["ducked"] = JsonSerializer.SerializeToElement(laid.Ducked),
            ["looped"] = JsonSerializer.SerializeToElement(laid.Looped),
        };
        if (order.Parameters.License is { } license)
        {
            facts["license"] = JsonSerializer.SerializeToElement(license);
        }

        if (laid.Loudness is { } loudness)
        {
            facts["loudness"] = JsonSerializer.SerializeToElement(new { integrated = loudness.Integrated, range = loudness.Range, truePeak = loudness.TruePeak });
        }

        var files = new Dictionary<string, OutputFile> { ["video"] = new(laid.Path, order.IsResult ? "video/mp4" : "video/x-matroska", laid.Info.ToFacts()) };
        if (laid.Stem is { } stem)
        {
            files["music"] = new OutputFile(stem, "audio/flac", new MediaFacts { Duration = laid.Info.Duration?.TotalSeconds, AudioCodec = "flac" });
        }

        return new StageResult { Files = files, Facts = facts };
    }
}

internal sealed class AddMusicConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<AddMusicConsumer>(Queues.Music, options);
