using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts;

/// <summary>Asks Transcode to make of a film what a player or a platform wants.</summary>
public sealed record TranscodeFilm
{
    public required StageRun Run { get; init; }
    public required TranscodeParameters Parameters { get; init; }

    /// <summary>The files that the parameters name, by the string that names them.</summary>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <summary>Null when another stage works on what is made: it is made in the same way, with the usual settings.</summary>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Parameters of a <c>transcode</c> stage.</summary>
public sealed record TranscodeParameters : IDocumentRules
{
    /// <summary>The formats.</summary>
    public const string Mp4 = "mp4", Webm = "webm", Gif = "gif", Hls = "hls";

    [Description("The film.")]
    public required Media Video { get; init; }

    [Description("What is made: mp4 (H.264, AAC), webm (VP9, Opus; keeps transparency), gif (no sound), hls (a folder of playlists and renditions to stream, H.264 and AAC).")]
    [AllowedValues(Mp4, Webm, Gif, Hls)]
    public string Format { get; init; } = Mp4;

    [Description("Where the film is to be posted: sets size, rates and lengths to what is taken there. For mp4.")]
    [AllowedValues("youtube", "shorts", "tiktok", "reels", "x", "linkedin")]
    public string? Platform { get; init; }

    [Description("Frames per second. Left out: the film's own; of a GIF at most 15.")]
    [Range(1, 120)]
    public int? Fps { get; init; }

    [Description("Largest size. The film keeps its shape and is never enlarged. Left out: the film's own; of a GIF at most 640 wide and high.")]
    public FrameFormat? Size { get; init; }

    [Description("Captions in WebVTT, beside the film's own subtitle tracks. For hls.")]
    public Media? Captions { get; init; }

    [Description("Sign the film with content credentials (C2PA) that say how it came to be: a term of IPTC's Digital Source Type. For mp4 of a film that the job made; the installation needs a certificate.")]
    [AllowedValues("screenCapture", "digitalCreation", "composite", "compositeSynthetic", "algorithmicMedia", "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia")]
    public string? Provenance { get; init; }

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Problems()
    {
        if (Platform is not null && Format != Mp4)
        {
            yield return new DocumentProblem("/platform", "not_allowed", "Platforms are sent mp4: leave the format out.");
        }

        if (Captions is not null && Format != Hls)
        {
            yield return new DocumentProblem("/captions", "not_allowed", "Only hls takes captions of its own; in other formats a film keeps the tracks it has: see caption with burn: \"soft\".");
        }

        if (Provenance is not null && (Format != Mp4 || Video.Kind != MediaKind.Stage))
        {
            yield return new DocumentProblem("/provenance", "not_allowed", "Only an mp4 of a film that this job made can be signed: of a file that was brought in we do not know how it came to be.");
        }
    }
}
