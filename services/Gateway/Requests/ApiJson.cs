using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using Platform.Contracts;

namespace Platform.Gateway.Requests;

/// <summary>How answers are written: camel case, absent rather than null.</summary>
internal static class ApiJson
{
    public const string ContentType = "application/json; charset=utf-8";

    public static JsonSerializerOptions Options { get; } = new(ContractJson.Stored) { Converters = { new UtcTimeConverter() } };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);
}

/// <summary>Times in UTC to the millisecond, the same way everywhere: <c>2026-05-01T12:00:00.000Z</c>.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}

/// <summary>An answer whose text is already there: what is stored for an Idempotency-Key is what is sent, byte by byte.</summary>
internal sealed record JsonAnswer(int Status, string Body) : IResult
{
    /// <summary>Where the thing that was made is.</summary>
    public string? Location { get; init; }

    /// <summary>Whether it was given before, for the same Idempotency-Key.</summary>
    public bool Replayed { get; init; }

    /// <summary>Whether an unchanged answer may be left out (<c>If-None-Match</c>).</summary>
    public bool Tagged { get; init; }

    public static JsonAnswer Of<T>(int status, T value) => new(status, ApiJson.Write(value));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(Body);
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Location is not null) response.Headers.Location = Location;
        if (Replayed) response.Headers["Idempotency-Replayed"] = "true";
        if (Tagged)
        {
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..32]}\"");
            response.Headers.ETag = tag.ToString();
            if (EntityTags.Match(httpContext.Request.Headers.IfNoneMatch, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }
        response.ContentType = ApiJson.ContentType;
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(httpContext.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }
}

/// <summary>Comparison of ETags.</summary>
internal static class EntityTags
{
    /// <summary>Whether a tag is among those of an <c>If-None-Match</c>: weak comparison, as RFC 9110 asks there. Nonsense matches nothing.</summary>
    public static bool Match(Microsoft.Extensions.Primitives.StringValues header, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParseList([.. header.OfType<string>()], out var tags)
        && tags.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));
}
