using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace Platform.Gateway.Requests;

/// <summary>A body that was read, or why not.</summary>
internal readonly record struct JsonBodyReading(JsonElement Value, ApiProblem? Problem);

/// <summary>Reads a JSON body: at most 1 MB, 64 levels deep, valid UTF-8, no member twice.</summary>
internal static class JsonBody
{
    /// <summary>Largest body in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Where the server itself ends a body: later, since it counts the lines between chunks too.</summary>
    public const int ServerMaxBytes = MaxBytes + (64 << 10);

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static async Task<JsonBodyReading> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (CheckHeaders(request) is { } problem) return new(default, problem);
        if (request.ContentLength > MaxBytes) return new(default, Problems.BodyTooLarge(MaxBytes));
        var buffer = new byte[Math.Min(request.ContentLength ?? 16 * 1024, MaxBytes) + 1];
        var length = 0;
        while (await request.Body.ReadAsync(buffer.AsMemory(length), cancellation) is > 0 and var count)
        {
            length += count;
            if (length > MaxBytes) return new(default, Problems.BodyTooLarge(MaxBytes));
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, MaxBytes + 1));
        }
        return Parse(buffer.AsMemory(0, length));
    }

    /// <summary>Reads a body that is there.</summary>
    public static JsonBodyReading Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        if (!Utf8.IsValid(body.Span)) return new(default, Problems.MalformedBody("It is no valid UTF-8."));
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return document.RootElement.ValueKind == JsonValueKind.Null
                ? new(default, Problems.MalformedBody("It is null."))
                : new(document.RootElement.Clone(), null);
        }
        catch (JsonException e)
        {
            return new(default, Problems.MalformedBody(body.IsEmpty ? "It is empty." : $"It is no JSON that is taken here, from line {e.LineNumber + 1} on: at most 64 levels, no member twice."));
        }
        catch (InvalidOperationException)       // how the check for duplicates meets a name with half of a surrogate pair
        {
            return new(default, Problems.MalformedBody("A member's name is no valid Unicode."));
        }
    }

    private static ApiProblem? CheckHeaders(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Any(encoding => !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase)))
            return Problems.UnsupportedMediaType("Bodies are not taken compressed.");
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            ? null
            : Problems.UnsupportedMediaType("Send application/json in UTF-8.");
    }
}
