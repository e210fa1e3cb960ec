using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Ffmpeg;
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

        try
        {
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
        }
        catch (MediaException e)
        {
            throw new StageException(e.Code, e.Transient ? FailureKind.Transient : FailureKind.Permanent, e.Message, e);
        }

        Task<string> FetchAsync(Media media) => message.Inputs.TryGetValue(media.Text, out var artifact)
            ? work.FetchAsync(artifact, cancellationToken)
            : throw new StageException("music.missing_input", FailureKind.Permanent, $"The file of \"{media.Text}\" was not handed over.");
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

        var files = new Dictionary<string, OutputFile> { ["video"] = new(laid.Path, order.IsResult ? "video/mp4" : "video/x-matroska", Facts(laid.Info)) };
        if (laid.Stem is { } stem)
        {
            files["music"] = new OutputFile(stem, "audio/flac", new MediaFacts { Duration = laid.Info.Duration?.TotalSeconds, AudioCodec = "flac" });
        }

        return new StageResult { Files = files, Facts = facts };
    }

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

internal sealed class AddMusicConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<AddMusicConsumer>(Queues.Music, options);
