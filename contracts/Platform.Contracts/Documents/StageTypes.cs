using System.Text.Json;

namespace Platform.Contracts;

/// <summary>A kind of stage, as far as planning goes.</summary>
/// <param name="Name">The word for it in a document's <c>type</c>.</param>
/// <param name="Parameters">The record that its parameters are read into.</param>
/// <param name="EngineVersion">Raised by hand when the same parameters and inputs begin to give other outputs.</param>
/// <param name="Queue">Where its commands go.</param>
/// <param name="Outputs">Names of its outputs, the main one first.</param>
public sealed record StageType(string Name, Type Parameters, int EngineVersion, string Queue, IReadOnlyList<string> Outputs)
{
    /// <summary>The output that <c>"@stage"</c> stands for.</summary>
    public string MainOutput => Outputs[0];

    /// <summary>
    /// Whether, with these parameters, it copies the picture of its <c>video</c> input as it is, so that whoever makes that picture encodes it for the result.
    /// </summary>
    public Func<JsonElement, bool> CopiesPicture { get; init; } = _ => false;

    /// <summary>
    /// Names of the outputs that are published beside a result whose picture this stage made or passed on, where it made them: a thumbnail, subtitles.
    /// </summary>
    public IReadOnlyList<string> Sidecars { get; init; } = [];

    /// <summary>How many files its output of that name holds for other stages with these parameters, as far as they tell; 0: it makes none that they could use.</summary>
    public Func<JsonElement, string, int> FilesOf { get; init; } = (_, _) => 1;

    /// <summary>Whether a user may ask for it; the others are planned by us.</summary>
    public bool Public { get; init; } = true;

    /// <summary>Longest time that an attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Rough seconds of work for a dry run's estimate, per stage.</summary>
    public double EstimatedSeconds { get; init; } = 10;
}

/// <summary>Every kind of stage there is.</summary>
public static class StageTypes
{
    public static readonly StageType Capture = new("capture", typeof(CaptureParameters), 3, Queues.Capture, ["video", "take", "shots", "thumbnail"])
    {
        Sidecars = ["thumbnail"],
        FilesOf = (parameters, output) =>
            output is "video" or "thumbnail" && parameters.TryGetProperty("formats", out var formats) && formats.ValueKind == JsonValueKind.Array ? formats.GetArrayLength() : 1,
        EstimatedSeconds = 90,
    };

    /// <summary>Some frames of a long take. What a <see cref="Capture"/> stage expands to where it is asked for in parts.</summary>
    public static readonly StageType CapturePart = new("capture-part", typeof(CapturePartParameters), 1, Queues.Capture, ["frames", "timeline", "lead", "last"]) { Public = false, EstimatedSeconds = 60 };

    /// <summary>Joins the parts of a take, and makes its films.</summary>
    public static readonly StageType CaptureJoin = new("capture-join", typeof(JoinTakeParameters), 1, Queues.Capture, Capture.Outputs) { Public = false, EstimatedSeconds = 30 };

    public static readonly StageType Render = new("render", typeof(RenderParameters), 2, Queues.Render, ["video", "thumbnail"])
    {
        Sidecars = ["thumbnail"],
        EstimatedSeconds = 20,
    };

    public static readonly StageType Caption = new("caption", typeof(CaptionParameters), 3, Queues.Caption, ["video", "srt", "vtt", "ass", "words"])
    {
        Sidecars = ["srt", "vtt", "ass", "words"],
        CopiesPicture = parameters => parameters.TryGetProperty("burn", out var burn) && burn.ValueKind != JsonValueKind.True,
        EstimatedSeconds = 30,
    };

    public static readonly StageType Merge = new("merge", typeof(MergeParameters), 2, Queues.Merge, ["video", "voice", "effects"])
    {
        Sidecars = ["voice", "effects"],
        FilesOf = MainAndStems,
        EstimatedSeconds = 30,
    };

    public static readonly StageType Music = new("music", typeof(MusicParameters), 2, Queues.Music, ["video", "music"])
    {
        Sidecars = ["music"],
        FilesOf = MainAndStems,
        CopiesPicture = _ => true,
        EstimatedSeconds = 8,
    };

    public static readonly StageType Transcode = new("transcode", typeof(TranscodeParameters), 1, Queues.Transcode, ["video", "parts"])
    {
        Sidecars = ["parts"],
        FilesOf = (parameters, output) =>
            output == "video" && !(parameters.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String && format.ValueEquals(TranscodeParameters.Hls)) ? 1 : 0,
        EstimatedSeconds = 30,
    };

    /// <summary>A part of a long render: its picture for some frames, or its sound. What a <see cref="Render"/> stage expands to.</summary>
    public static readonly StageType RenderPart = new("render-part", typeof(PartParameters), 2, Queues.Render, ["video"]) { Public = false, EstimatedSeconds = 20 };

    /// <summary>Joins the parts of a long render.</summary>
    public static readonly StageType RenderJoin = new("render-join", typeof(JoinParameters), 1, Queues.Render, ["video", "thumbnail"]) { Public = false, EstimatedSeconds = 2 };

    /// <summary>Brings a remote file in: planned once per URL of a job.</summary>
    public static readonly StageType Fetch = new("fetch", typeof(FetchParameters), 1, Queues.Fetch, ["media"]) { Public = false, EstimatedSeconds = 5 };

    /// <summary>Publishes a job's results: planned once per job, after all others.</summary>
    public static readonly StageType Publish = new("publish", typeof(PublishParameters), 1, Queues.Publish, ["files"]) { Public = false, EstimatedSeconds = 2 };

    public static IReadOnlyList<StageType> All { get; } = [Capture, Render, Caption, Merge, Music, Transcode, CapturePart, CaptureJoin, RenderPart, RenderJoin, Fetch, Publish];

    private static int MainAndStems(JsonElement parameters, string output) =>
        output == "video" || (parameters.TryGetProperty("stems", out var stems) && stems.ValueKind == JsonValueKind.True) ? 1 : 0;

    /// <summary>The type of that name, or null.</summary>
    public static StageType? Find(string name) => All.FirstOrDefault(type => type.Name == name);
}

/// <summary>Parameters of a planned <c>fetch</c> stage.</summary>
public sealed record FetchParameters
{
    [DocumentFormat(DocumentFormats.Url)]
    public required string Url { get; init; }
}

/// <summary>Parameters of a planned <c>publish</c> stage.</summary>
public sealed record PublishParameters
{
    /// <summary>The job's outputs as references, such as <c>@final</c>.</summary>
    public required IReadOnlyList<Media> Outputs { get; init; }
}
