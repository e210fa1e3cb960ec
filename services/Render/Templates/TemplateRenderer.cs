using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Render.Films;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Templates;

/// <summary>Turns a template and its files into a clip.</summary>
internal interface ITemplateRenderer
{
    /// <exception cref="StageException">What is asked for cannot be done: track, clip and property are named.</exception>
    Task<StageResult> RenderAsync(RenderTemplate message, StageWork work, CancellationToken cancellationToken);
}

internal sealed class TemplateRenderer(IFilms films, AssetFiles files, FilmFiles results, IOptions<RenderOptions> options) : ITemplateRenderer
{
    public Task<StageResult> RenderAsync(RenderTemplate message, StageWork work, CancellationToken cancellationToken) => Failures.TypedAsync(async () =>
    {
        var template = Read(message.Parameters.Template);
        var assets = await files.FetchAsync(MediaUse.Of(template), message.Inputs, artifact => work.FetchAsync(artifact, cancellationToken), cancellationToken);
        var timeline = Schedule.Of(template, assets.ToDictionary(pair => pair.Key, pair => pair.Value.Info.ToFacts()));
        await films.CheckAsync(timeline, cancellationToken);
        var encoding = new FilmEncoding(message.Parameters.Format, message.Encode, options.Value.Encoder);
        var most = (int)(options.Value.ChunkSeconds * timeline.Fps);
        if (encoding.Format == "mp4" && timeline.Frames > most) return new StageResult { Files = new Dictionary<string, OutputFile>(), Expansion = FilmParts.Of(timeline, most, message.Encode) };
        var order = new FilmOrder
        {
            Timeline = encoding.Format == "png" ? At(timeline, message.Parameters.At) : timeline,
            Assets = assets,
            Encoding = encoding,
            Folder = work.Folder,
            Report = work.Report,
            Warn = work.Warn,
        };
        return await results.KeepAsync(await films.MakeAsync(order, cancellationToken), encoding, timeline.Length, work, cancellationToken);
    });

    /// <exception cref="StageException">It is none that was accepted.</exception>
    public static Template Read(JsonElement template)
    {
        // What was accepted: its placeholders are filled, and what they brought along is never filled again.
        try { return TemplateReader.ReadSnapshot(template); }
        catch (JsonException e) { throw new StageException("render.invalid_template", FailureKind.Permanent, "The template is not one that was accepted.", e); }
    }

    /// <summary>The one frame that is shown at a moment.</summary>
    public static Timeline At(Timeline timeline, double second)
    {
        var frame = Math.Clamp((int)Math.Round(second * timeline.Fps), 0, timeline.Frames - 1);
        return timeline.Slice(frame, frame + 1);
    }
}
