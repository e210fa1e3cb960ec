using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Contracts.Tests;

/// <summary>What goes over the wire is approved: a change of a message shows as a change of a file, and messages of released versions stay readable.</summary>
public sealed class MessageContractTests
{
    private static readonly JsonSerializerOptions Json = new(ContractJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Guid Job = Guid.Parse("01900000-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Artifact File = new()
    {
        Sha256 = new string('a', 64),
        Bytes = 1234,
        ContentType = "video/mp4",
        Media = new MediaFacts { Duration = 20, Width = 1920, Height = 1080, FrameRate = 30, VideoCodec = "h264", AudioCodec = "aac" },
    };
    private static readonly StageRun Run = new()
    {
        JobId = Job,
        Tenant = "acme",
        Stage = "page",
        Attempt = 1,
        StageType = "capture",
        Fingerprint = new string('b', 64),
        Timeout = TimeSpan.FromHours(1),
    };
    private static readonly FinalEncode Encode = new() { Settings = new EncodeSettings(), WritesResult = true };
    private static readonly Dictionary<string, StageOutput> Outputs = new() { ["video"] = new StageOutput { Artifacts = [File] } };
    private static readonly StageFailure Failure = new("capture.http_error", FailureKind.Permanent, "The page answered 403.")
    {
        Evidence = new Dictionary<string, Artifact> { ["screenshot"] = File with { ContentType = "image/png", Media = null } },
    };

    private static readonly object[] Messages =
    [
        new CapturePage
        {
            Run = Run,
            Parameters = new CaptureParameters { Url = "https://example.com/", Format = new FrameFormat(640, 360) },
            Inputs = new Dictionary<string, Artifact> { ["site:1"] = File },
            Encode = Encode,
        },
        new CapturePart { Run = Run, Parameters = new CapturePartParameters { Capture = new CaptureParameters { Url = "site:1", Parts = 2 }, From = 600, To = 1200, Clock = DateTimeOffset.UnixEpoch }, Inputs = new Dictionary<string, Artifact> { ["site:1"] = File } },
        new JoinTake
        {
            Run = Run,
            Parameters = new JoinTakeParameters
            {
                Capture = new CaptureParameters { Url = "site:1", Parts = 2 },
                Parts = [new TakePartFiles { Frames = Media.Parse("@page~part-2.frames"), Timeline = Media.Parse("@page~part-2.timeline"), Lead = Media.Parse("@page~part-2.lead"), Last = Media.Parse("@page~part-2.last") }],
            },
            Inputs = new Dictionary<string, Artifact> { ["site:1"] = File },
            Encode = Encode,
        },
        new RenderTemplate { Run = Run, Parameters = new RenderParameters { Template = JsonElement.Parse("\"title-card\""), Input = new Dictionary<string, JsonElement> { ["title"] = JsonElement.Parse("\"Hello\"") }, Media = [Media.Parse("upload:01900000-0000-7000-8000-000000000002")] }, Inputs = new Dictionary<string, Artifact>(), Encode = Encode },
        new RenderPart { Run = Run, Parameters = new PartParameters { Timeline = JsonElement.Parse("{}"), Media = [Media.Parse("library:logo")], Encode = Encode }, Inputs = new Dictionary<string, Artifact> { ["library:logo"] = File } },
        new JoinParts { Run = Run, Parameters = new JoinParameters { Parts = [Media.Parse("@film~part-1")], Frames = [600], Fps = 30, Sound = Media.Parse("@film~sound") }, Inputs = new Dictionary<string, Artifact> { ["@film~part-1"] = File, ["@film~sound"] = File }, Encode = Encode },
        new CaptionFilm { Run = Run, Parameters = new CaptionParameters { Video = Media.Parse("@film") }, Inputs = new Dictionary<string, Artifact> { ["@film"] = File } },
        new MergeScenes
        {
            Run = Run,
            Parameters = new MergeParameters
            {
                Scenes = [new MergeScene { Video = Media.Parse("@page"), Voiceover = Media.Parse("@voice"), Trim = new SceneTrim { Start = 1, End = 4.5 }, Length = SceneLength.Voice, Fit = SceneFit.Blur }],
                Format = FrameFormat.Tall,
                Transition = new TransitionList([new Transition("fade", 1)], false),
            },
            Inputs = new Dictionary<string, Artifact> { ["@page"] = File, ["@voice"] = File },
        },
        new AddMusic
        {
            Run = Run,
            Parameters = new MusicParameters { Video = Media.Parse("@page"), Music = new MediaList([Media.Parse("library:bed")]), Duck = new Ducking(true), Loudness = new LoudnessTarget(false) },
            Inputs = new Dictionary<string, Artifact> { ["@page"] = File },
        },
        new TranscodeFilm { Run = Run, Parameters = new TranscodeParameters { Video = Media.Parse("@film"), Platform = "reels", Fps = 30, Size = FrameFormat.Tall }, Inputs = new Dictionary<string, Artifact> { ["@film"] = File }, Encode = Encode },
        new FetchMedia { Run = Run, Url = "https://cdn.example.com/bed.mp3", MaxBytes = 1 },
        new PreviewTemplate { Tenant = "acme", Template = JsonElement.Parse("{}"), At = 2.5, Inputs = new Dictionary<string, Artifact>() },
        new TemplatePreviewed { Picture = File },
        new LintTemplate { Tenant = "acme", Template = JsonElement.Parse("{}"), SafeZone = "title", Inputs = new Dictionary<string, Artifact>() },
        new TemplateLinted { Warnings = [new LayoutWarning("/tracks/0/clips/1", "text_low_contrast", "Contrast 2.1.", 1.5)] },
        new PublishResult { Run = Run, Files = [new ResultFile("final.mp4", File)] },
        new StageStarted { JobId = Job, Stage = "page", Attempt = 1, Worker = "host/1" },
        new StageProgressed { JobId = Job, Tenant = "acme", Stage = "page", Attempt = 1, Progress = 0.5, Activity = "filming" },
        new StageCompleted { JobId = Job, Stage = "page", Attempt = 1, Outputs = Outputs, Warnings = [new StageWarning("capture.no_headings", "The page has no headings.")] },
        new StageExpanded { JobId = Job, Stage = "film", Attempt = 1, Stages = new Dictionary<string, JsonElement> { ["film~1"] = JsonElement.Parse("""{"type":"music"}""") }, Result = "film~1" },
        new StageFailed { JobId = Job, Stage = "page", Attempt = 1, Failure = Failure },
        new CancelStage { JobId = Job, Tenant = "acme", Stage = "page", Attempt = 1 },
        new ArtifactsKept { JobId = Job, Tenant = "acme", Artifacts = [File.Sha256], Until = At },
        new JobSubmitted { JobId = Job },
        new CancelJob { JobId = Job },
        new RetryJob { JobId = Job },
        new ResumeJob { JobId = Job, Resend = true, WakeAt = At, Silent = new Dictionary<string, int> { ["page"] = 1 } },
        new JobEventRecorded { JobId = Job, Tenant = "acme", Number = 3, Type = JobEventTypes.Completed, At = At, Data = JsonElement.Parse("{}"), Webhook = new WebhookTarget("https://hooks.example.com/", "protected") },
        new JobProgressed { JobId = Job, Tenant = "acme", Stage = "page", Progress = 0.5, Activity = "filming" },
        new JobPurged { JobId = Job, Tenant = "acme" },
        new StageManifest { Fingerprint = Run.Fingerprint, StageType = "capture", EngineVersion = 1, CompletedAt = At, Outputs = Outputs },
        new SiteIndex { Files = new Dictionary<string, Artifact> { ["index.html"] = File } },
    ];

    public static TheoryData<string> Names => [.. Messages.Select(message => message.GetType().Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_written_as_approved(string name)
    {
        var approved = Path.Combine(Folder(), "Approved", name + ".json");
        var written = JsonSerializer.Serialize(Message(name), Json) + "\n";
        if (Environment.GetEnvironmentVariable("APPROVE") == "1") System.IO.File.WriteAllText(approved, written);

        Assert.Equal(System.IO.File.ReadAllText(approved), written);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_read_as_approved_and_unknown_members_do_no_harm(string name)
    {
        var approved = System.IO.File.ReadAllText(Path.Combine(Folder(), "Approved", name + ".json"));
        var newer = "{\"addedInALaterVersion\":1," + approved.TrimStart()[1..];

        var read = JsonSerializer.Deserialize(newer, Message(name).GetType(), ContractJson.Stored)!;

        Assert.Equal(approved, JsonSerializer.Serialize(read, Json) + "\n");
    }

    [Fact]
    public void Covers_every_message()
    {
        string[] parts = [nameof(StageRun), nameof(FinalEncode)];
        var messages = typeof(StageRun).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == "Platform.Contracts" && type.GetProperty("JobId") is not null && !type.IsInterface)
            .Select(type => type.Name).Except(parts);

        Assert.Empty(messages.Except(Messages.Select(message => message.GetType().Name)));
    }

    private static object Message(string name) => Messages.Single(message => message.GetType().Name == name);

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
