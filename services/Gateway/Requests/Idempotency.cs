using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using Npgsql;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Requests;

/// <summary>A request that may come again: the caller's key for it, and what it says.</summary>
/// <param name="Tenant">Whose key.</param>
/// <param name="Key">The header's value.</param>
/// <param name="Hash">See <see cref="CanonicalJson.Hash"/>.</param>
internal sealed record RepeatableRequest(string Tenant, string Key, string Hash);

/// <summary>The <c>Idempotency-Key</c> header.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>False when there is one that is not valid: 1 to 255 visible ASCII characters, once. A null key: there is none.</summary>
    public static bool TryRead(IHeaderDictionary headers, out string? key)
    {
        key = null;
        if (!headers.TryGetValue(Header, out var values)) return true;
        if (!IsValid(values)) return false;
        key = values[0];
        return true;
    }

    private static bool IsValid(StringValues values) => values.Count == 1 && values[0] is { Length: >= 1 and <= 255 } text && text.All(c => c is > ' ' and <= '~');
}

/// <summary>Gives a request that comes again its first answer. The row is written in the transaction that does the work, so there is one or none.</summary>
internal sealed class Idempotency(JobDbContext db, TimeProvider time)
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>The answer that the key has already: the first one again, or a refusal because the request was another. Null when the key is new.</summary>
    public async Task<IResult?> FindAnswerAsync(RepeatableRequest? request, CancellationToken cancellation)
    {
        if (request is null) return null;
        var row = await db.Requests.AsNoTracking().SingleOrDefaultAsync(r => r.Tenant == request.Tenant && r.Key == request.Key, cancellation);
        if (row is null) return null;
        if (row.CreatedAt <= time.GetUtcNow() - Window)
        {
            await db.Requests.Where(r => r.Tenant == row.Tenant && r.Key == row.Key && r.CreatedAt == row.CreatedAt).ExecuteDeleteAsync(cancellation);
            return null;
        }
        if (row.BodyHash != request.Hash) return Problems.ReusedIdempotencyKey();
        return new JsonAnswer(row.StatusCode, row.Answer) { Replayed = true, Location = row.JobId is { } job ? $"/v1/jobs/{job}" : null };
    }

    /// <summary>Adds the row that will give the answer again; saved with the caller's work.</summary>
    public void Remember(RepeatableRequest? request, JsonAnswer answer, Guid? jobId)
    {
        if (request is null) return;
        db.Requests.Add(new IdempotentRequest
        {
            Tenant = request.Tenant,
            Key = request.Key,
            BodyHash = request.Hash,
            JobId = jobId,
            StatusCode = answer.Status,
            Answer = answer.Body,
            CreatedAt = time.GetUtcNow(),
        });
    }

    /// <summary>
    /// Saves the work with its row. When an equal request was faster, nothing of this one is saved and the other's answer is given.
    /// </summary>
    public async Task<IResult> SaveAsync(RepeatableRequest? request, JsonAnswer answer, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
            return answer;
        }
        catch (DbUpdateException e) when (request is not null && IsDuplicate(e))
        {
            db.ChangeTracker.Clear();
            return await FindAnswerAsync(request, cancellation) ?? throw new InvalidOperationException("The key's row went while it was read.", e);
        }
    }

    /// <summary>Whether a key was there already. Of a request that makes new ids it can only be its own.</summary>
    internal static bool IsDuplicate(DbUpdateException e) =>
        e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } or SqliteException { SqliteErrorCode: 19 };
}
