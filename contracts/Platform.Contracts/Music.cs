using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts;

/// <summary>Asks Music to lay sound under a film, whose picture stays as it is, bit for bit.</summary>
public sealed record AddMusic
{
    public required StageRun Run { get; init; }
    public required MusicParameters Parameters { get; init; }

    /// <summary>The files that the parameters name, by the string that names them.</summary>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <summary>Null for an intermediate film.</summary>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Parameters of a <c>music</c> stage.</summary>
public sealed record MusicParameters
{
    [Description("The film.")]
    public required Media Video { get; init; }

    [Description("The music, or several pieces that follow each other.")]
    public required MediaList Music { get; init; }

    [Description("Gain of the music, 1 as it is.")]
    [Range(0.0, 4.0)]
    public double MusicVolume { get; init; } = 0.3;

    [Description("Gain of the film's own sound, 1 as it is.")]
    [Range(0.0, 4.0)]
    public double VideoVolume { get; init; } = 1;

    [Description("Lower the music under speech: true, false, or settings. Left out: when there is speech.")]
    public Ducking? Duck { get; init; }

    [Description("Fade in of the music in seconds.")]
    [Range(0.0, 60.0)]
    public double FadeIn { get; init; } = 1;

    [Description("Fade out of the music at the film's end in seconds.")]
    [Range(0.0, 60.0)]
    public double FadeOut { get; init; } = 2;

    [Description("Repeat the music, with a seamless crossfade, until the film ends.")]
    public bool Loop { get; init; } = true;

    [Description("Where in the music to begin, in seconds.")]
    [Range(0.0, 86400.0)]
    public double StartAt { get; init; }

    [Description("off, or a loudness to reach. Left out: -14 LUFS and -1 dBTP for a stage that makes the result, off otherwise.")]
    public LoudnessTarget? Loudness { get; init; }

    [Description("Also deliver the music alone, as the output music: faded, lowered under speech, at its volume, before the whole is brought to its loudness.")]
    public bool Stems { get; init; }

    [Description("By what right the music is used: title, author, licence. Kept with the result as the fact license.")]
    [MinLength(1), MaxLength(2000)]
    public string? License { get; init; }
}
