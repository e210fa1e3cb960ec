using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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

    [Description("What is made: a film (mp4: H.264; webm: VP9 with alpha; mov: ProRes 4444 with alpha), a GIF, a still picture (png), or the sound alone (mp3, wav).")]
    [AllowedValues("mp4", "webm", "mov", "gif", "png", "mp3", "wav")]
    public string Format { get; init; } = "mp4";

    [Description("Second that a still picture shows.")]
    [Range(0, 3600)]
    public double At { get; init; }

    [Description("The files that the filled template names; filled in by the platform.")]
    public IReadOnlyList<Media> Media { get; init; } = [];
}

/// <summary>Asks Render for a part of a film: the picture of some of its frames, or its whole sound.</summary>
public sealed record RenderPart
{
    public required StageRun Run { get; init; }
    public required PartParameters Parameters { get; init; }

    /// <inheritdoc cref="RenderTemplate.Inputs"/>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }
}

/// <summary>Parameters of a planned <c>render-part</c> stage: all that the part depends on, and nothing else, so that it is made again only when that has changed.</summary>
public sealed record PartParameters
{
    /// <summary>What is seen or heard, in Render's own form.</summary>
    public required JsonElement Timeline { get; init; }

    /// <summary>Whether it is the sound.</summary>
    public bool Sound { get; init; }

    /// <summary>The files that it names.</summary>
    public IReadOnlyList<Media> Media { get; init; } = [];

    /// <summary>How the film that it is a part of is encoded.</summary>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Asks Render to join the parts of a film by copying them.</summary>
public sealed record JoinParts
{
    public required StageRun Run { get; init; }
    public required JoinParameters Parameters { get; init; }

    /// <inheritdoc cref="RenderTemplate.Inputs"/>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <inheritdoc cref="RenderTemplate.Encode"/>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Parameters of a planned <c>render-join</c> stage.</summary>
public sealed record JoinParameters
{
    /// <summary>The pictures, in order.</summary>
    public required IReadOnlyList<Media> Parts { get; init; }

    /// <summary>How many frames each has.</summary>
    public required IReadOnlyList<int> Frames { get; init; }

    public required int Fps { get; init; }

    /// <summary>The sound, or null for a film without.</summary>
    public Media? Sound { get; init; }
}

/// <summary>Asks Render for one moment of a template. Who asks waits, and does not ask again by itself.</summary>
public sealed record PreviewTemplate
{
    public required string Tenant { get; init; }

    /// <summary>The template with its placeholders filled.</summary>
    public required JsonElement Template { get; init; }

    /// <summary>Seconds from the beginning; past the end it is the last frame.</summary>
    public required double At { get; init; }

    /// <summary>The files that the template names, by the string that names them.</summary>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }
}

/// <summary>The answer to <see cref="PreviewTemplate"/>: a picture, or why there is none.</summary>
public sealed record TemplatePreviewed
{
    /// <summary>A PNG in the tenant's store; nothing holds it there.</summary>
    public Artifact? Picture { get; init; }
    public StageFailure? Failure { get; init; }
}

/// <summary>Asks Render to look at how a template's texts lie in its picture. Who asks waits, and does not ask again by itself.</summary>
public sealed record LintTemplate
{
    public required string Tenant { get; init; }

    /// <inheritdoc cref="PreviewTemplate.Template"/>
    public required JsonElement Template { get; init; }

    /// <summary>What stays free of text: <c>title</c>, or what an app covers: <c>tiktok</c>, <c>reels</c>, <c>shorts</c>.</summary>
    public required string SafeZone { get; init; }

    /// <inheritdoc cref="PreviewTemplate.Inputs"/>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }
}

/// <summary>The answer to <see cref="LintTemplate"/>: what was noticed, or why it could not be looked at.</summary>
public sealed record TemplateLinted
{
    public IReadOnlyList<LayoutWarning> Warnings { get; init; } = [];
    public StageFailure? Failure { get; init; }
}

/// <summary>Something about a layout that its viewers would not like.</summary>
/// <param name="Pointer">The clip, in the template.</param>
/// <param name="Code">Which rule.</param>
/// <param name="Detail">For people: what was measured, and what it should be.</param>
/// <param name="At">Second of the film at which it shows.</param>
public sealed record LayoutWarning(string Pointer, string Code, string Detail, double At);
