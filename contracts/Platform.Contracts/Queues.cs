namespace Platform.Contracts;

/// <summary>Names of the queues, as operators read them on the management page.</summary>
public static class Queues
{
    /// <summary>The job saga.</summary>
    public const string Jobs = "jobs";

    /// <summary>Progress of stages.</summary>
    public const string Progress = "progress";
    public const string Capture = "capture";
    public const string Render = "render";

    /// <summary>Questions for one moment of a template, which somebody waits for.</summary>
    public const string Preview = "render-preview";

    /// <summary>Questions for a template's layout, which take longer than those for a moment.</summary>
    public const string Lint = "render-lint";
    public const string Caption = "caption";
    public const string Merge = "merge";
    public const string Music = "music";
    public const string Transcode = "transcode";
    public const string Fetch = "fetch";
    public const string Publish = "publish";

    /// <summary>References to artifacts.</summary>
    public const string Artifacts = "artifacts";

    /// <summary>Job events on their way to webhooks.</summary>
    public const string Notification = "notification";
}
