using System.ComponentModel;

namespace Platform.Contracts;

/// <summary>Asks Caption to turn speech, or text that is known, into captions of a film.</summary>
public sealed record CaptionFilm
{
    public required StageRun Run { get; init; }
    public required CaptionParameters Parameters { get; init; }

    /// <summary>The files that the parameters name, by the string that names them.</summary>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <summary>Null for an intermediate film.</summary>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Parameters of a <c>caption</c> stage.</summary>
public sealed record CaptionParameters
{
    [Description("The film.")]
    public required Media Video { get; init; }
}
