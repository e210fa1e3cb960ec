using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Notification.Webhooks;

/// <summary>What an endpoint is told about an event: ids, states, codes and names, from which it asks the API for more. Pure.</summary>
internal static class Payload
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };      // it is no part of a web page

    /// <summary>Whether endpoints are told about it. Stages that we planned ourselves, such as fetches, are nobody's business.</summary>
    public static bool IsTold(JobEventRecorded e) => e.Type switch
    {
        JobEventTypes.Started or JobEventTypes.Completed or JobEventTypes.Failed or JobEventTypes.Cancelled => true,
        JobEventTypes.StageCompleted => Text(e.Data, "type") is not { } type || StageTypes.Find(type) is not { Public: false },
        _ => false,
    };

    /// <summary>The id of the message about an event: always the same, so that receivers know a repeat.</summary>
    public static string MessageId(Guid job, int number)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{job:N}.{number}")));
        return "msg_" + Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    /// <summary>The body.</summary>
    /// <param name="e">The event.</param>
    /// <param name="publicUrl">Put before links.</param>
    public static string Of(JobEventRecorded e, Uri? publicUrl)
    {
        var data = new JsonObject { ["jobId"] = e.JobId, ["number"] = e.Number, ["state"] = State(e.Type) };
        Copy("stage", "stage");
        Copy("type", "stageType");
        Copy("attempt", "attempt");
        Copy("reused", "reused");
        Copy("code", "code");
        if (e.Data.ValueKind == JsonValueKind.Object && e.Data.TryGetProperty("results", out var results) && results.ValueKind == JsonValueKind.Array)
            data["results"] = new JsonArray([.. results.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => JsonValue.Create(name.GetString()))]);
        var job = $"{publicUrl?.AbsoluteUri.TrimEnd('/')}/v1/jobs/{e.JobId}";
        data["links"] = new JsonObject { ["self"] = job, ["events"] = $"{job}/events" };
        return new JsonObject
        {
            ["type"] = e.Type,
            ["timestamp"] = e.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["data"] = data,
        }.ToJsonString(Plain);

        // Only what is known to be harmless is passed on, and never an object, which might grow.
        void Copy(string name, string to)
        {
            if (e.Data.ValueKind == JsonValueKind.Object && e.Data.TryGetProperty(name, out var value)
                && value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                data[to] = JsonNode.Parse(value.GetRawText());
        }
    }

    // What the event made of the job.
    private static string State(string type) => type switch
    {
        JobEventTypes.Completed => "completed",
        JobEventTypes.Failed => "failed",
        JobEventTypes.Cancelled => "cancelled",
        _ => "running",
    };

    private static string? Text(JsonElement data, string name) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
