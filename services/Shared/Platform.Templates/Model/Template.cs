using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>A template after its placeholders are filled: what a film shows and plays, and when.</summary>
public sealed record Template
{
    [Description("Size of the picture.")]
    public FrameFormat Size { get; init; } = FrameFormat.Wide;

    [Description("Frames per second.")]
    [AllowedValues(24, 25, 30, 50, 60)]
    public int Fps { get; init; } = 30;

    [Description("Seconds. Left out: as long as the clips.")]
    [Range(0.02, 3600)]
    public double? Duration { get; init; }

    [Description("Colour behind all tracks; \"transparent\" for films with an alpha channel.")]
    [MaxLength(100)]
    public string Background { get; init; } = "#000000";

    [Description("JSON Schema of the values that placeholders stand for; a property's default is used where the input leaves it out.")]
    public JsonElement? Inputs { get; init; }

    [Description("Fonts besides those of the installation.")]
    [MaxLength(16)]
    public IReadOnlyList<TemplateFont> Fonts { get; init; } = [];

    [Description("What is shown and played; a later track lies over an earlier one.")]
    [MinLength(1), MaxLength(100)]
    public required IReadOnlyList<Track> Tracks { get; init; }
}

/// <summary>A font file of the template's own.</summary>
public sealed record TemplateFont
{
    [Description("Name under which styles use it.")]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9 _-]{0,63}$")]
    public required string Family { get; init; }

    [Description("The font file: TTF, OTF, WOFF or WOFF2.")]
    public required Media Src { get; init; }

    [Description("Weight that the file has, or its range for a variable font (\"100 900\").")]
    [RegularExpression("^[1-9]00( [1-9]00)?$")]
    public string Weight { get; init; } = "400";

    [Description("Whether the file is the italic.")]
    public bool Italic { get; init; }
}

/// <summary>Clips one after another.</summary>
public sealed record Track
{
    [Description("A name for people and for problems.")]
    [MaxLength(100)]
    public string? Name { get; init; }

    [Description("A clip without a start begins where the one before it ends. Conditions may leave none.")]
    [MaxLength(1000)]
    public required IReadOnlyList<Clip> Clips { get; init; }
}
