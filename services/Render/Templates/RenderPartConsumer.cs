using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Render.Films;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Templates;

/// <summary>Makes a part of a long film.</summary>
internal sealed class RenderPartConsumer(IStageRunner stages, IFilms films, AssetFiles files, IMediaProbe probe, IOptions<RenderOptions> options) : IConsumer<RenderPart>
{
    public Task Consume(ConsumeContext<RenderPart> context) =>
        stages.RunAsync(context, context.Message.Run, (work, cancellationToken) => Failures.TypedAsync(() => RenderAsync(context.Message, work, cancellationToken)));

    private async Task<StageResult> RenderAsync(RenderPart message, StageWork work, CancellationToken cancellationToken)
    {
        var timeline = Timeline.FromJson(message.Parameters.Timeline);
        var encoding = new FilmEncoding(message.Parameters.Sound ? FilmEncoding.SoundPart : "mp4", message.Parameters.Encode, options.Value.Encoder) { IsPart = !message.Parameters.Sound };
        var film = await films.MakeAsync(new FilmOrder
        {
            Timeline = timeline,
            Assets = await files.FetchAsync(MediaUse.Of(timeline), message.Inputs, artifact => work.FetchAsync(artifact, cancellationToken), cancellationToken),
            Encoding = encoding,
            Folder = work.Folder,
            Report = work.Report,
            Warn = work.Warn,
        }, cancellationToken);
        var facts = (await probe.ProbeAsync(film, cancellationToken)).ToFacts();
        return new StageResult { Files = new Dictionary<string, OutputFile> { ["video"] = new(film, encoding.ContentType, facts) } };
    }
}

internal sealed class RenderPartConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<RenderPartConsumer>(Queues.Render, options);
