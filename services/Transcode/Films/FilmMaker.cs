using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;
using Platform.Transcode.Provenance;

namespace Platform.Transcode.Films;

/// <summary>A film to make another of.</summary>
internal sealed record FilmOrder
{
    /// <summary>Path of the film.</summary>
    public required string Film { get; init; }

    public required TranscodeParameters Parameters { get; init; }

    public required EncodeSettings Settings { get; init; }

    /// <summary>Everything is written here.</summary>
    public required string Folder { get; init; }

    /// <summary>Told how far it is, 0 to 1, and what is being done.</summary>
    public Action<double, string?> Report { get; init; } = (_, _) => { };

    /// <summary>Told what the film's owner should know: a code and a sentence.</summary>
    public Action<string, string> Warn { get; init; } = (_, _) => { };
}

/// <summary>What was made.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Info">What a probe found in it.</param>
/// <param name="Plan">What was decided.</param>
internal sealed record MadeFilm(string Path, MediaInfo Info, FilmPlan Plan);

/// <summary>Makes one file of a film.</summary>
internal sealed class FilmMaker(IFfmpeg ffmpeg, IMediaProbe probe, Signature signature)
{
    /// <summary>Makes it.</summary>
    /// <exception cref="MediaException">The film cannot be read or made.</exception>
    /// <exception cref="StageException">What is asked for is not possible.</exception>
    public async Task<MadeFilm> MakeAsync(FilmOrder order, CancellationToken cancellationToken)
    {
        if (order.Parameters.Provenance is not null)
        {
            signature.Require();
        }

        var film = await probe.ProbeAsync(order.Film, cancellationToken);
        var plan = FilmPlan.For(film, order.Parameters, order.Settings);
        foreach (var (code, detail) in plan.Remarks(film))
        {
            order.Warn(code, detail);
        }

        var result = Path.Combine(order.Folder, $"out.{plan.Format}");
        var command = FilmCommand.For(plan, film, order.Film, result, order.Settings);
        await ffmpeg.RunAsync(command, order.Folder, now => order.Report(now.Share ?? 0, plan.CopiesPicture ? "copying" : "encoding"), cancellationToken);
        if (order.Parameters.Provenance is { } sourceType)
        {
            var signed = Path.Combine(order.Folder, "signed.mp4");
            await signature.SignAsync(result, signed, plan, sourceType, cancellationToken);
            result = signed;
        }

        var made = await probe.ProbeAsync(result, cancellationToken);
        MediaInfo.RequireSameDuration(plan.Length, made.Duration ?? TimeSpan.Zero);
        var most = plan.Platform?.MaxBytesFor(plan.Length) ?? long.MaxValue;
        return made.Bytes <= most
            ? new MadeFilm(result, made, plan)
            : throw new StageException("transcode.too_large", FailureKind.Permanent, $"{plan.Platform!.Name} takes {most} bytes, the film has {made.Bytes}.");
    }
}
