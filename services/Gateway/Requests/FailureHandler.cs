using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;
using Platform.Artifacts;

namespace Platform.Gateway.Requests;

/// <summary>Turns exceptions into problems: what the caller can do something about by its kind, a bug into a 500 that says nothing.</summary>
internal sealed partial class FailureHandler(TimeProvider time, ILogger<FailureHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(5);
    private long _lastOutageLog;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested) return true;        // nobody waits for an answer
        var problem = ProblemOf(exception);
        if (problem.Status == 500) LogBug(httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName ?? "none", exception);
        else if (problem.Status >= 503 && IsTimeToLog()) LogOutage(problem.Code, exception);
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>What a caller is told of an exception.</summary>
    public static ApiProblem ProblemOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => Problems.Of(bad.StatusCode),
        ArtifactStoreException { Code: "storage.full" } => Problems.StorageFull(),
        ArtifactStoreException { Transient: true } => Problems.StorageUnavailable(),
        ArtifactStoreException { Code: "storage.missing" } => Problems.NotFound(),
        _ when IsOutage(exception) => Problems.DatabaseUnreachable(),
        _ => Problems.Internal(),
    };

    /// <summary>Whether the database cannot be reached, or cannot do anything for the moment: not whether it refused a statement.</summary>
    public static bool IsOutage(Exception? exception) => exception switch
    {
        null => false,
        PostgresException e => e.IsTransient || e.SqlState is "57P01" or "57P02" or "57P03" or "57P05" || e.SqlState.StartsWith("08", StringComparison.Ordinal)
            || e.SqlState.StartsWith("53", StringComparison.Ordinal) || e.SqlState.StartsWith("58", StringComparison.Ordinal) || e.SqlState == "25006",
        NpgsqlException e => e.IsTransient || e.InnerException is SocketException or IOException or TimeoutException or null,
        SqliteException e => e.SqliteErrorCode is 5 or 6 or 10 or 13 or 14,     // busy, locked, I/O, full, cannot open
        TimeoutException e => e.TargetSite?.DeclaringType?.Namespace?.StartsWith("Platform.JobStore", StringComparison.Ordinal) is true,
        DbException e => e.IsTransient,
        _ => IsOutage(exception.InnerException),
    };

    private bool IsTimeToLog()
    {
        var (last, now) = (Interlocked.Read(ref _lastOutageLog), time.GetTimestamp());
        return (last == 0 || time.GetElapsedTime(last, now) >= LogInterval) && Interlocked.CompareExchange(ref _lastOutageLog, now, last) == last;
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} failed")]
    private partial void LogBug(string method, string endpoint, Exception e);

    [LoggerMessage(LogLevel.Warning, "Answered 503 {Code}, more of them are not logged for 5 s")]
    private partial void LogOutage(string code, Exception e);
}
