using Platform.Contracts;

namespace Platform.Caption.Captions;

/// <summary>A film to caption, and where.</summary>
internal sealed record CaptionOrder
{
    /// <summary>Path of the film.</summary>
    public required string Film { get; init; }

    /// <summary>Path of the own captions, where the words come from a file.</summary>
    public string? Captions { get; init; }

    public required CaptionParameters Parameters { get; init; }

    /// <summary>Null for an intermediate film.</summary>
    public FinalEncode? Encode { get; init; }

    /// <summary>Everything is written here.</summary>
    public required string Folder { get; init; }

    /// <summary>Told how far it is, 0 to 1, and what is being done.</summary>
    public Action<double, string?> Report { get; init; } = (_, _) => { };

    /// <summary>Told what the film's owner should know: a code and a sentence.</summary>
    public Action<string, string> Warn { get; init; } = (_, _) => { };

    /// <summary>Whether this makes the result file: MP4 with AAC. Otherwise Matroska.</summary>
    public bool IsResult => Encode is { WritesResult: true };

    public string PathOf(string name) => Path.Combine(Folder, name);
}
