using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Merge.Films;

/// <summary>Files of a scene.</summary>
/// <param name="Video">Path of its picture.</param>
/// <param name="Voice">Path of its voice-over.</param>
internal sealed record SceneFiles(string Video, string? Voice);

/// <summary>A film to make, and where.</summary>
internal sealed record FilmOrder
{
    /// <summary>Files of each scene.</summary>
    public required IReadOnlyList<SceneFiles> Scenes { get; init; }

    /// <summary>Path of the music to whose beats the film is cut; null without.</summary>
    public string? Music { get; init; }

    public required MergeParameters Parameters { get; init; }

    /// <summary>Null for an intermediate film.</summary>
    public FinalEncode? Encode { get; init; }

    /// <summary>Everything is written here.</summary>
    public required string Folder { get; init; }

    /// <summary>Told how far it is, 0 to 1, and what is being done.</summary>
    public Action<double, string?> Report { get; init; } = (_, _) => { };

    /// <summary>Told what the film's owner should know: a code and a sentence.</summary>
    public Action<string, string> Warn { get; init; } = (_, _) => { };
}

/// <summary>A finished film.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Info">What a probe found.</param>
/// <param name="Plan">What was made.</param>
/// <param name="Copied">Whether the picture was copied, not encoded.</param>
/// <param name="TruePeak">Highest point of its sound in dBTP, measured in the file; null without sound.</param>
/// <param name="Tempo">Beats per minute of the music that it was cut to; null without, or where none was found.</param>
/// <param name="Stems">Paths of the stems that were asked for, by output name.</param>
internal sealed record Film(string Path, string ContentType, MediaInfo Info, MergePlan Plan, bool Copied, double? TruePeak, double? Tempo, IReadOnlyDictionary<string, string> Stems);

/// <summary>Makes films of scenes.</summary>
internal interface IFilmMaker
{
    /// <summary>Makes the film.</summary>
    /// <exception cref="MediaException">An input cannot be read, or the film not be made.</exception>
    /// <exception cref="StageException">What is asked for cannot be done.</exception>
    Task<Film> MakeAsync(FilmOrder order, CancellationToken cancellationToken);
}

internal sealed class FilmMaker(IFfmpeg ffmpeg, IMediaProbe probe) : IFilmMaker
{
    public Task<Film> MakeAsync(FilmOrder order, CancellationToken cancellationToken) => new FilmRun(ffmpeg, probe, order, cancellationToken).MakeAsync();
}
