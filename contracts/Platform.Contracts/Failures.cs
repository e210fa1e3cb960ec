using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>Whether trying again can help.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureKind>))]
public enum FailureKind
{
    /// <summary>The cause may pass: the saga tries again, at most three attempts in all.</summary>
    Transient,

    /// <summary>The input or the request is at fault: no retry.</summary>
    Permanent,

    /// <summary>Nobody knows: treated as transient.</summary>
    Unknown,
}

/// <summary>Why a stage, or with it a job, failed.</summary>
/// <param name="Code">Stable, lower snake case with the area before a dot, such as <c>capture.http_error</c>.</param>
/// <param name="Kind">Whether trying again can help.</param>
/// <param name="Detail">One or two sentences for the job's owner: no path, host, query string or stack trace of ours.</param>
public sealed record StageFailure(string Code, FailureKind Kind, string Detail)
{
    /// <summary>Files that show what went wrong, by name, such as <c>screenshot</c>.</summary>
    public IReadOnlyDictionary<string, Artifact> Evidence { get; init; } = new Dictionary<string, Artifact>();
}
