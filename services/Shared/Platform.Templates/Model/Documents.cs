using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Platform.Templates;

/// <summary>Pieces of schemas, and how templates are read as JSON.</summary>
internal static class Documents
{
    /// <summary>As contracts read, and a clip's type may stand anywhere in it.</summary>
    public static JsonSerializerOptions Options { get; } = new(Contracts.ContractJson.Options) { AllowOutOfOrderMetadataProperties = true };

    public static JsonObject Number(double minimum, double maximum) => new() { ["type"] = "number", ["minimum"] = minimum, ["maximum"] = maximum };

    public static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => JsonValue.Create(name))]);

    public static JsonObject Enum<T>() where T : struct, Enum => new()
    {
        ["type"] = "string", ["enum"] = Names(System.Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)),
    };

    /// <summary>A name, or an object with the name and settings.</summary>
    public static JsonObject NameOrSettings(string nameField, IReadOnlyList<string>? names, JsonObject settings)
    {
        settings.Insert(0, nameField, Name());
        return new JsonObject
        {
            ["anyOf"] = new JsonArray(Name(), new JsonObject
            {
                ["type"] = "object", ["additionalProperties"] = false, ["required"] = new JsonArray(nameField), ["properties"] = settings,
            }),
        };

        JsonObject Name() => names is null ? new JsonObject { ["type"] = "string", ["maxLength"] = 40 } : new JsonObject { ["type"] = "string", ["enum"] = Names(names) };
    }
}

/// <summary>Reads a value that is a name, or an object with settings; always written as the object.</summary>
internal abstract class NameOrSettingsConverter<T, TSettings> : JsonConverter<T> where TSettings : notnull
{
    protected abstract T Named(string name);

    protected abstract T From(TSettings settings);

    protected abstract TSettings To(T value);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Named(reader.GetString()!) : From(JsonSerializer.Deserialize<TSettings>(ref reader, options)!);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, To(value), options);
}
