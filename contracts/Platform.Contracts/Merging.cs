using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

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
public sealed record MergeParameters : IDocumentRules
{
    [Description("The scenes, in order.")]
    [MinLength(1), MaxLength(200)]
    public required IReadOnlyList<MergeScene> Scenes { get; init; }

    [Description("Size of the film. Left out: the first scene's.")]
    public FrameFormat? Format { get; init; }

    [Description("Frames per second. Left out: the first scene's.")]
    [AllowedValues(24, 25, 30, 50, 60)]
    public int? Fps { get; init; }

    [Description("How a scene follows another: one transition for all joins, or a list with one for each. A film is as long as its scenes together, whatever the transitions.")]
    public TransitionList? Transition { get; init; }

    [Description("Seconds in which the scenes' own sound fades from one to the next; voices are never faded. Left out: as long as the join's transition.")]
    [Range(0.0, 5.0)]
    public double? Crossfade { get; init; }

    [Description("Move the joins onto the beats of a piece of music, the one that a music stage lays under the film. Voice-overs are never cut.")]
    public BeatSync? BeatSync { get; init; }

    [Description("Remove steady noise from the voice-overs.")]
    public bool Denoise { get; init; }

    [Description("Remove silence from the voice-overs' beginnings and ends.")]
    public bool TrimSilence { get; init; }

    [Description("Also deliver the voice-overs and the scenes' own sound apart, as the outputs voice and effects.")]
    public bool Stems { get; init; }

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Problems()
    {
        if (Transition is { IsList: true } list && list.Items.Count != Scenes.Count - 1)
        {
            yield return new DocumentProblem("/transition", "not_allowed", $"{Scenes.Count} scenes have {Scenes.Count - 1} joins, not {list.Items.Count}.");
        }

        for (var i = 0; i < Scenes.Count; i++)
        {
            if (Scenes[i].Trim is { End: { } end } trim && end <= trim.Start)
            {
                yield return new DocumentProblem($"/scenes/{i}/trim/end", "out_of_range", "Must be after start.");
            }

            if (Scenes[i] is { Length: { FollowsVoice: true }, Voiceover: null })
            {
                yield return new DocumentProblem($"/scenes/{i}/length", "not_allowed", "The scene has no voiceover to be as long as.");
            }
        }
    }
}

/// <summary>To which beats of which music a film is cut.</summary>
public sealed record BeatSync
{
    [Description("The piece whose beats count.")]
    public required Media Music { get; init; }

    [Description("Where in the music the film begins, in seconds: as the music stage's startAt.")]
    [Range(0.0, 86_400.0)]
    public double StartAt { get; init; }

    [Description("Cut at every beat (1), or at every second, third, … only; 4 is a bar of most music.")]
    [Range(1, 8)]
    public int Every { get; init; } = 1;
}

/// <summary>One scene of a film.</summary>
public sealed record MergeScene
{
    [Description("The picture, with its own sound: a film, or a still picture.")]
    public required Media Video { get; init; }

    [Description("A voice that speaks over the scene, from its beginning.")]
    public Media? Voiceover { get; init; }

    [Description("Which part of video is used. Left out: all of it.")]
    public SceneTrim? Trim { get; init; }

    [Description("Gain of the scene's own sound. Left out: 0.2 under a voice-over, else 1.")]
    [Range(0.0, 4.0)]
    public double? Volume { get; init; }

    [Description("Gain of the voice-over.")]
    [Range(0.0, 4.0)]
    public double VoiceVolume { get; init; } = 1;

    [Description("How a picture of another shape fills the frame: cut off what is beyond it, leave black bars, or fill the bars with the picture, blurred.")]
    public SceneFit Fit { get; init; } = SceneFit.Cover;

    [Description("How long the scene is: voice, video or seconds; never shorter than its voice-over. Left out: as its voice-over, else as its video.")]
    public SceneLength? Length { get; init; }

    [Description("What is seen when the scene is longer than its video: its last frame, or the video from its beginning.")]
    public SceneHold Hold { get; init; } = SceneHold.Freeze;
}

/// <summary>A part of a video.</summary>
public sealed record SceneTrim
{
    [Description("Seconds into the video.")]
    [Range(0.0, 86_400.0)]
    public double Start { get; init; }

    [Description("Seconds into the video. Left out: its end.")]
    [Range(0.0, 86_400.0)]
    public double? End { get; init; }
}

/// <summary>How a picture fills a frame of another shape.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SceneFit>))]
public enum SceneFit
{
    /// <summary>Fills it; what lies beyond is cut off.</summary>
    Cover,

    /// <summary>Is seen whole, between black bars.</summary>
    Contain,

    /// <summary>Is seen whole, before itself, enlarged and blurred.</summary>
    Blur,
}

/// <summary>What is seen of a scene that is longer than its video.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SceneHold>))]
public enum SceneHold
{
    /// <summary>The last frame.</summary>
    Freeze,

    /// <summary>The video, from its beginning.</summary>
    Loop,
}
