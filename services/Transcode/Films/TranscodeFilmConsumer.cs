using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Stages;
using Platform.Transcode.Streams;

namespace Platform.Transcode.Films;

internal sealed class TranscodeFilmConsumer(IStageRunner stages, FilmMaker films, StreamMaker streams) : IConsumer<TranscodeFilm>
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
        return message.Parameters.Format == TranscodeParameters.Hls
            ? Result(await streams.MakeAsync(order, message.Parameters.Captions is { } captions ? await FetchAsync(captions) : null, cancellationToken))
            : Result(await films.MakeAsync(order, cancellationToken));

        Task<string> FetchAsync(Media media) => work.FetchAsync(message.Inputs, media, cancellationToken);
    }

    private static StageResult Result(MadeFilm made) => new()
    {
        Files = new Dictionary<string, OutputFile> { ["video"] = new(made.Path, ContentType(made.Plan.Format), made.Info.ToFacts()) },
        Facts = new Dictionary<string, JsonElement>
        {
            ["copied"] = JsonSerializer.SerializeToElement(new { picture = made.Plan.CopiesPicture, sound = made.Plan.CopiesSound }),
        },
    };

    private static StageResult Result(StreamedFilm made) => new()
    {
        Files = new Dictionary<string, OutputFile> { ["video"] = Named(made.Master, null) },
        Lists = new Dictionary<string, IReadOnlyList<OutputFile>>
        {
            ["parts"] = [.. made.Parts.Select(path => Named(path, made.Renditions.FirstOrDefault(rendition => Path.GetFileName(path) == $"{rendition.Rendition.Name}.mp4")))],
        },
        Facts = new Dictionary<string, JsonElement>
        {
            ["copied"] = JsonSerializer.SerializeToElement(new { picture = false, sound = made.Plan.CopiesSound }),
            ["renditions"] = JsonSerializer.SerializeToElement(made.Renditions.Select(rendition => new
            {
                width = rendition.Rendition.Width, height = rendition.Rendition.Height, codec = rendition.Index.Codec, bandwidth = Playlists.Peak(rendition.Index),
            })),
        },
    };

    private static OutputFile Named(string path, MadeRendition? rendition) => new(path, Path.GetExtension(path) switch
    {
        ".m3u8" => "application/vnd.apple.mpegurl",
        ".mpd" => "application/dash+xml",
        ".vtt" => "text/vtt",
        _ => rendition is null ? "audio/mp4" : "video/mp4",
    })
    {
        Name = Path.GetFileName(path),
        Media = rendition is null ? null : new MediaFacts
        {
            Duration = rendition.Index.Seconds, Width = rendition.Rendition.Width, Height = rendition.Rendition.Height, VideoCodec = "h264",
        },
    };

    private static string ContentType(string format) => format == TranscodeParameters.Gif ? "image/gif" : $"video/{format}";
}

internal sealed class TranscodeFilmConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<TranscodeFilmConsumer>(Queues.Transcode, options);
