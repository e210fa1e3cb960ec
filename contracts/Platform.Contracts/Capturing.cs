using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>Asks Capture to film a web page.</summary>
public sealed record CapturePage
{
    public required StageRun Run { get; init; }
    public required CaptureParameters Parameters { get; init; }

    /// <summary>The files that the parameters name (<c>site:ID</c>, logo), by the string that names them.</summary>
    public required IReadOnlyDictionary<string, Artifact> Inputs { get; init; }

    /// <summary>Null for an intermediate clip.</summary>
    public FinalEncode? Encode { get; init; }
}

/// <summary>Parameters of a <c>capture</c> stage.</summary>
public sealed record CaptureParameters : IDocumentRules
{
    [Description("The page: an http(s) URL, or site:ID for an uploaded static site.")]
    [DocumentFormat(DocumentFormats.Page), MaxLength(8192)]
    public required string Url { get; init; }

    [Description("Length of the clip in seconds. In script mode the steps decide how long it is.")]
    [Range(3.0, 300.0)]
    public double Duration { get; init; } = 20;

    [Description("Aspect ratio, or an exact even size in pixels.")]
    public FrameFormat Format { get; init; } = FrameFormat.Wide;

    [Description("Several films, each in its own shape, of one take: the page is laid out once, and cameras of every shape cut it. The outputs video and thumbnail are then lists in this order. Instead of format, for which the page is laid out.")]
    [MinLength(1), MaxLength(8)]
    public IReadOnlyList<FrameFormat>? Formats { get; init; }

    [Description("Frames per second.")]
    [AllowedValues(24, 25, 30, 50, 60)]
    public int Fps { get; init; } = 30;

    [Description("director plans shots from the page's map; scroll moves evenly down the page; still holds the first screen; script does the steps.")]
    public CaptureMode Mode { get; init; } = CaptureMode.Director;

    [Description("How the camera moves.")]
    public CameraParameters Camera { get; init; } = new();

    [Description("The shot list to film, instead of the director's own: a file as the output shots of a capture of this page has it, edited or not. It decides the length.")]
    public Media? Shots { get; init; }

    [Description("A logo over the film, and on its end card.")]
    public LogoParameters? Logo { get; init; }

    [Description("The last picture of a directed film: its title, and the logo.")]
    public EndCardParameters EndCard { get; init; } = new();

    [Description("Longest time in seconds that a script's film waits for the page: longer waits are played faster. 0: as long as they were.")]
    [Range(0.0, 60.0)]
    public double LongestWait { get; init; } = 2;

    [Description("Longest time in seconds that a script's film shows a picture in which nothing changes, beyond what new words in it take to read: more is played faster, whichever step asked for it. Left out: as long as the steps say.")]
    [Range(0.5, 60.0)]
    public double? LongestStill { get; init; }

    [Description("How a script's pointer and keys are shown.")]
    public PointerParameters Pointer { get; init; } = new();

    [Description("What is done on the page, in this order, in script mode.")]
    [MaxLength(200)]
    public IReadOnlyList<CaptureStep> Steps { get; init; } = [];

    [Description("Origins that steps may lead to beside the page's own, such as https://pay.example.com.")]
    [MaxLength(20), ItemMaxLength(300)]
    public IReadOnlyList<string> Origins { get; init; } = [];

    [Description("Whom the page takes the visitor for: headers, cookies, storage. Encrypted when the job is accepted; in no log, answer or file.")]
    public Sealed<CaptureSecrets>? Secrets { get; init; }

    [Description("In how many parts the take is filmed, by different workers at the same time: for long films. Each passes through the page without drawing until its part begins, so the page must do the same every time; where two parts do not meet, the capture fails. Not for scripts.")]
    [Range(1, 16)]
    public int Parts { get; init; } = 1;

    [Description("Use the take of an earlier job while the page looks the same: it is visited, and every screen of it compared. The fact takeReused tells. Without it each job films a URL anew. Not for scripts; an uploaded site is known by its content at any rate.")]
    public bool Reuse { get; init; }

    [Description("The device that the page sees.")]
    public CaptureDevice Device { get; init; } = CaptureDevice.Desktop;

    [Description("Least number of frame pixels per CSS pixel: 2 or 3 for a take that may be cut closely later. The planned shots may need more.")]
    [Range(1.0, 3.0)]
    public double Scale { get; init; } = 1;

    [Description("Whether the page sees a preference for dark colours.")]
    public bool Dark { get; init; }

    [Description("Language that the page sees, such as en-GB.")]
    [RegularExpression("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"), MaxLength(35)]
    public string? Locale { get; init; }

    [Description("CSS selectors of elements to hide.")]
    [MaxLength(50), ItemMaxLength(1000)]
    public IReadOnlyList<string> Hide { get; init; } = [];

    [Description("Hide cookie walls, chats and advertisements, by style only: nothing is pressed.")]
    public bool Cleanup { get; init; } = true;

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Problems() => [.. CaptureScript.Problems(this), .. LookProblems()];

    private IEnumerable<DocumentProblem> LookProblems()
    {
        if (Formats is { } formats && formats.Distinct().Count() < formats.Count) yield return new("/formats", "not_allowed", "A format is named twice.");
        if (Formats is not null && Format != FrameFormat.Wide) yield return new("/formats", "not_allowed", "Give either format or formats.");
        if (Parts > 1 && Mode == CaptureMode.Script) yield return new("/parts", "not_allowed", "A script is filmed in one part.");
        if (Reuse && Mode == CaptureMode.Script) yield return new("/reuse", "not_allowed", "What a script sees is not known before it is done.");
        if (Shots is not null && Mode != CaptureMode.Director) yield return new("/shots", "not_allowed", "Only director mode films a shot list.");
    }
}

/// <summary>Who decides where the page is scrolled to and what the camera shows.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CaptureMode>))]
public enum CaptureMode { Director, Scroll, Still, Script }

/// <summary>Viewport, touch and user agent that a page sees.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CaptureDevice>))]
public enum CaptureDevice { Desktop, Tablet, Phone }
