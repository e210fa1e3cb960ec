using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Platform.Contracts;

namespace Platform.Planning;

/// <summary>Names what a stage makes by all that it depends on: equal fingerprints within a tenant have equal outputs.</summary>
public static class Fingerprint
{
    /// <summary>SHA-256 over type, engine version, canonical parameters with files by their hashes, and encode settings; 64 hex digits.</summary>
    /// <param name="type">The stage's type.</param>
    /// <param name="parameters">Its parameters as in the document; spelled-out defaults count as left out.</param>
    /// <param name="inputs">The files that the parameters name, by the string that names them.</param>
    /// <param name="encode">How it encodes.</param>
    /// <param name="jobId">The job, which counts where the outside world is an input: a fetched URL, a filmed page, a publication.</param>
    public static string Of(StageType type, JsonElement parameters, IReadOnlyDictionary<string, Artifact> inputs, FinalEncode? encode, Guid jobId)
    {
        // Read into the record and written again, so that defaults, order and number forms do not matter.
        var canonical = JsonSerializer.SerializeToElement(parameters.Deserialize(type.Parameters, ContractJson.Options), type.Parameters, ContractJson.Options);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type.Name);
            writer.WriteNumber("engine", type.EngineVersion);
            if (IsOfThisJob(type, parameters)) writer.WriteString("job", jobId);
            writer.WritePropertyName("parameters");
            Write(writer, canonical, inputs);
            writer.WritePropertyName("encode");
            JsonSerializer.Serialize(writer, encode, ContractJson.Options);
            writer.WriteEndObject();
        }
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <summary>Whether a stage depends on the outside world at the job's time, so that another job does it anew.</summary>
    public static bool IsOfThisJob(StageType type, JsonElement parameters) =>
        type == StageTypes.Fetch || type == StageTypes.Publish
        || (type == StageTypes.Capture && !(Media.TryParse(parameters.GetProperty("url").GetString()!, out var page) && page.Kind == MediaKind.Site));

    private static void Write(Utf8JsonWriter writer, JsonElement value, IReadOnlyDictionary<string, Artifact> inputs)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, inputs);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, inputs);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when inputs.TryGetValue(value.GetString()!, out var artifact):
                writer.WriteStringValue($"artifact:{artifact.Sha256}");
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(SealedText.Fingerprint(value.GetString()!));
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(value.GetDouble().ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
