using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Render.Films;
using Platform.Stages;

namespace Platform.Render.Templates;

/// <summary>Joins the parts of a long film by copying them.</summary>
internal sealed class JoinPartsConsumer(IStageRunner stages, IFfmpeg ffmpeg, FilmFiles results) : IConsumer<JoinParts>
{
    public Task Consume(ConsumeContext<JoinParts> context) =>
        stages.RunAsync(context, context.Message.Run, (work, cancellationToken) => Failures.TypedAsync(() => JoinAsync(context.Message, work, cancellationToken)));

    private async Task<StageResult> JoinAsync(JoinParts message, StageWork work, CancellationToken cancellationToken)
    {
        var parameters = message.Parameters;
        var list = new StringBuilder("ffconcat version 1.0\n");
        foreach (var (part, frames) in parameters.Parts.Zip(parameters.Frames))
        {
            var path = await work.FetchAsync(message.Inputs[part.Text], cancellationToken);
            list.Append(CultureInfo.InvariantCulture, $"file '{path}'\nduration {(double)frames / parameters.Fps:0.000000}\n");      // the path is ours: no quote is in it
        }
        var listed = work.PathOf("parts.ffconcat");
        await File.WriteAllTextAsync(listed, list.ToString(), cancellationToken);

        var encoding = new FilmEncoding("mp4", message.Encode);
        var film = work.PathOf($"film{encoding.Extension}");
        var sound = parameters.Sound is { } media ? await work.FetchAsync(message.Inputs[media.Text], cancellationToken) : null;
        await ffmpeg.RunAsync(new FfmpegCommand
        {
            Inputs = [new FfmpegInput(listed) { Format = "concat", Options = ["-safe", "0"] }, .. sound is null ? ImmutableArray<FfmpegInput>.Empty : [new FfmpegInput(sound)]],
            Outputs =
            [
                new FfmpegOutput(film)
                {
                    Maps = sound is null ? ["0:v:0"] : ["0:v:0", "1:a:0"],
                    Options = ["-c", "copy", "-map_metadata", "-1", .. encoding.IsMatroska ? ImmutableArray<string>.Empty : ["-movflags", "+faststart"]],
                    Format = encoding.IsMatroska ? "matroska" : "mp4",
                },
            ],
        }, work.Folder, null, cancellationToken);
        return await results.KeepAsync(film, encoding, TimeSpan.FromSeconds((double)parameters.Frames.Sum() / parameters.Fps), work, cancellationToken);
    }
}

internal sealed class JoinPartsConsumerDefinition(IOptions<StagesOptions> options) : StageConsumerDefinition<JoinPartsConsumer>(Queues.Render, options);
