using System.ComponentModel;
using System.Text.Json;

namespace Platform.Contracts;

/// <summary>Asks Render to turn a template and its input into a clip.</summary>
public sealed record RenderTemplate
{
    public required StageRun Run { get; init; }
    public required RenderParameters Parameters { get; init; }

    /// <summary>The files that the parameters name, by the string that names them.</summary>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <summary>Null for a clip for a later stage.</summary>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Parameters of a <c>render</c> stage.</summary>
public sealed record RenderParameters
{
    [Description("Name of a stored template, or the template itself.")]
    public required JsonElement Template { get; init; }

    [Description("Values of the template's inputs.")]
    public IReadOnlyDictionary<string, JsonElement> Input { get; init; } = new Dictionary<string, JsonElement>();
}
