using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts;

/// <summary>Asks Merge to join scenes, with their voice-overs, into a film.</summary>
public sealed record MergeScenes
{
    public required StageRun Run { get; init; }
    public required MergeParameters Parameters { get; init; }

    /// <summary>The files that the parameters name, by the string that names them.</summary>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <summary>Null for an intermediate film.</summary>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Parameters of a <c>merge</c> stage.</summary>
public sealed record MergeParameters
{
    [Description("The scenes, in order.")]
    [MinLength(1), MaxLength(200)]
    public required IReadOnlyList<MergeScene> Scenes { get; init; }
}

/// <summary>One scene of a film.</summary>
public sealed record MergeScene
{
    [Description("The picture, with its own sound.")]
    public required Media Video { get; init; }

    [Description("A voice that speaks over the scene.")]
    public Media? Voiceover { get; init; }
}
