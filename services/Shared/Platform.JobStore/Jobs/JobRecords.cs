using System.Text.Json;
using Platform.Contracts;

namespace Platform.JobStore.Jobs;

/// <summary>A state change of a job, numbered from 1 without gaps; replayed to live readers.</summary>
public sealed class JobEvent
{
    public required Guid JobId { get; init; }
    public required int Number { get; init; }

    /// <summary>One of <see cref="JobEventTypes"/>.</summary>
    public required string Type { get; init; }
    public required DateTimeOffset At { get; init; }
    public required JsonElement Data { get; init; }
}

/// <summary>How far an attempt is, and when it was last heard of: written in batches, outside the saga's row.</summary>
public sealed class StageProgress
{
    public required Guid JobId { get; init; }
    public required string Stage { get; init; }
    public required int Attempt { get; set; }

    /// <summary>Share done, 0 to 1.</summary>
    public required double Progress { get; set; }
    public string? Activity { get; set; }
    public required DateTimeOffset ReportedAt { get; set; }
}

/// <summary>A caller's own word about a job, searchable.</summary>
public sealed class JobMetadata
{
    public required Guid JobId { get; init; }
    public required string Key { get; init; }
    public required string Value { get; init; }
}

/// <summary>A request that was answered under an Idempotency-Key.</summary>
public sealed class IdempotentRequest
{
    public required string Tenant { get; init; }

    /// <summary>The header's value.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path and canonical body, 64 hex digits.</summary>
    public required string BodyHash { get; init; }

    /// <summary>The job that was made, or null for another kind of thing.</summary>
    public required Guid? JobId { get; init; }

    /// <summary>Status code of the first answer.</summary>
    public required int StatusCode { get; init; }

    /// <summary>Body of the first answer.</summary>
    public required string Answer { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>An uploaded file, or the index of an uploaded site.</summary>
public sealed class Upload
{
    public required Guid Id { get; init; }
    public required string Tenant { get; init; }

    /// <summary>File name as the caller gave it, for people.</summary>
    public string? FileName { get; init; }
    public required bool IsSite { get; init; }
    public required Artifact Artifact { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>One version of a tenant's template. Versions are never changed; the highest is in force.</summary>
public sealed class StoredTemplate
{
    public required string Tenant { get; init; }
    public required string Name { get; init; }

    /// <summary>Counted from 1.</summary>
    public required int Version { get; init; }

    /// <summary>The template, as it was given.</summary>
    public required JsonElement Content { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
