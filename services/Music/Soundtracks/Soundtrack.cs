using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Music.Soundtracks;

/// <summary>A film to lay music under, and where.</summary>
internal sealed record SoundtrackOrder
{
    /// <summary>Path of the film.</summary>
    public required string Film { get; init; }

    /// <summary>Paths of the pieces, in the order they play.</summary>
    public required ImmutableArray<string> Pieces { get; init; }

    public required MusicParameters Parameters { get; init; }

    /// <summary>Null for an intermediate film.</summary>
    public FinalEncode? Encode { get; init; }

    /// <summary>Everything is written here.</summary>
    public required string Folder { get; init; }

    /// <summary>Told how far it is, 0 to 1, and what is being done.</summary>
    public Action<double, string?> Report { get; init; } = (_, _) => { };

    /// <summary>Told what the film's owner should know: a code and a sentence.</summary>
    public Action<string, string> Warn { get; init; } = (_, _) => { };

    /// <summary>Whether this makes the result file: MP4 with AAC. Otherwise Matroska with PCM.</summary>
    public bool IsResult => Encode is { WritesResult: true };
}

/// <summary>A film with music; its loudness was measured in the file, and is null where none was asked for.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Info">What a probe found.</param>
/// <param name="Ducked">Whether the music goes down under speech.</param>
/// <param name="Looped">Whether it was repeated.</param>
/// <param name="Loudness">Of the whole.</param>
/// <param name="Stem">Path of the music alone, where that was asked for.</param>
internal sealed record LaidFilm(string Path, MediaInfo Info, bool Ducked, bool Looped, Loudness? Loudness, string? Stem);

/// <summary>Lays music under a film.</summary>
internal interface ISoundtrack
{
    /// <summary>Makes the film with music.</summary>
    /// <exception cref="MediaException">An input cannot be read, or the film not be made.</exception>
    /// <exception cref="StageException">What is asked for cannot be done.</exception>
    Task<LaidFilm> LayAsync(SoundtrackOrder order, CancellationToken cancellationToken);
}

internal sealed class Soundtrack(IFfmpeg ffmpeg, IMediaProbe probe) : ISoundtrack
{
    public Task<LaidFilm> LayAsync(SoundtrackOrder order, CancellationToken cancellationToken) => new SoundtrackRun(ffmpeg, probe, order, cancellationToken).LayAsync();
}
