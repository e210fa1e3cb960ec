using System.Text.Json.Serialization;
using Platform.Contracts;

namespace Platform.Gateway.Requests;

/// <summary>An error as callers get it: RFC 9457, with a stable code. Says nothing about our inside and is the same for equal requests.</summary>
internal sealed record ApiProblem(int Status, string Code, string Title) : IResult
{
    [JsonPropertyOrder(-1)]
    public string Type => $"urn:platform:problem:{Code}";

    public string? Detail { get; init; }

    /// <summary>Every single problem, with its place, where there are several.</summary>
    public IReadOnlyList<DocumentProblem>? Errors { get; init; }

    /// <summary>When to try again, in seconds.</summary>
    [JsonIgnore]
    public int? RetryAfter { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        if (RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return response.WriteAsync(ApiJson.Write(this), httpContext.RequestAborted);
    }
}

/// <summary>Every deliberate error of the API.</summary>
internal static class Problems
{
    // A body of 1 MB can have a mistake every few bytes: the answer must not be many times as long.
    private const int MaxErrors = 100;

    public static ApiProblem MalformedBody(string detail) => new(400, "malformed_body", "The body cannot be read.") { Detail = detail };
    public static ApiProblem MalformedRequest() => new(400, "malformed_request", "The request is no valid HTTP.");
    public static ApiProblem InvalidIdempotencyKey() =>
        new(400, "idempotency_key_invalid", "The Idempotency-Key is not valid.") { Detail = "One header of 1 to 255 visible ASCII characters." };
    public static ApiProblem Unauthenticated() => new(401, "unauthenticated", "A valid API key is needed.") { Detail = "Send it as X-Api-Key, or as Authorization: Bearer." };
    public static ApiProblem InsufficientScope() => new(403, "insufficient_scope", "The API key does not allow this.");
    public static ApiProblem NotFound() => new(404, "not_found", "There is no such thing.");
    public static ApiProblem MethodNotAllowed() => new(405, "method_not_allowed", "The method is not allowed here.");
    public static ApiProblem Timeout() => new(408, "request_timeout", "The body came too slowly.");
    public static ApiProblem Conflict(string code, string title) => new(409, code, title);
    public static ApiProblem BodyTooLarge(long limit) => new(413, "body_too_large", "The body is too large.") { Detail = $"At most {limit} bytes are taken." };
    public static ApiProblem UnsupportedMediaType(string detail) => new(415, "unsupported_media_type", "The body's type is not supported.") { Detail = detail };
    public static ApiProblem RangeNotSatisfiable() => new(416, "range_not_satisfiable", "The range lies outside the file.");
    public static ApiProblem Invalid(IReadOnlyList<DocumentProblem> errors) => new(422, "validation_failed", "The request has mistakes.")
    {
        Detail = errors.Count == 1 ? "One mistake." : errors.Count <= MaxErrors ? $"{errors.Count} mistakes." : $"{errors.Count} mistakes, of which the first {MaxErrors} are listed.",
        Errors = [.. errors.Take(MaxErrors)],
    };
    public static ApiProblem Refused(string code, string detail) => new(422, code, "The file is not taken.") { Detail = detail };
    public static ApiProblem ReusedIdempotencyKey() =>
        new(422, "idempotency_key_reused", "The Idempotency-Key was used before.") { Detail = "It came with another request; use a new key for a new request." };
    public static ApiProblem TooManyStreams() => new(429, "too_many_streams", "Too many event streams are open.") { RetryAfter = 5 };
    public static ApiProblem Internal() => new(500, "internal_error", "Something went wrong on our side.");
    public static ApiProblem DatabaseUnreachable() => new(503, "database_unavailable", "The service cannot answer for the moment.") { RetryAfter = 2 };
    public static ApiProblem StorageUnavailable() => new(503, "storage_unavailable", "Files cannot be reached for the moment.") { RetryAfter = 5 };
    public static ApiProblem PreviewUnavailable() => new(503, "preview_unavailable", "No render worker answered in time.") { RetryAfter = 2 };
    public static ApiProblem StorageFull() => new(507, "storage_full", "There is no room for the file.");

    /// <summary>The problem for an answer that the framework left without a body.</summary>
    public static ApiProblem Of(int status) => status switch
    {
        404 => NotFound(),
        405 => MethodNotAllowed(),
        408 => Timeout(),
        413 => new(413, "body_too_large", "The body is too large."),
        415 => UnsupportedMediaType("See the documentation of this call."),
        431 => new(431, "headers_too_large", "The headers are too large."),
        >= 500 => new(status, "internal_error", "Something went wrong on our side."),
        400 => MalformedRequest(),
        _ => new(status, "request_refused", "The request was refused."),
    };
}
