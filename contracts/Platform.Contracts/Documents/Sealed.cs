using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>
/// A part of a document that is secret. Whoever writes the document gives an object; when the job is accepted it becomes one string, which is all that is
/// stored, sent and answered: <c>sealed:HASH:CIPHER</c>. HASH is a keyed hash of the object, so that equal secrets have equal fingerprints, and nothing else is known of them.
/// </summary>
[JsonConverter(typeof(SealedJsonConverterFactory))]
public sealed record Sealed<T> : IDocumentValue
    where T : class
{
    /// <summary>As it was given; null once it is sealed.</summary>
    public T? Plain { get; init; }

    /// <summary>As it travels; null until it is sealed.</summary>
    public string? Text { get; init; }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1000", Justification = "An interface's static member, which the schema asks of the closed type.")]
    public static JsonObject Schema
    {
        get
        {
            var schema = DocumentSchema.Of(typeof(T));
            schema["writeOnly"] = true;
            return schema;
        }
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => "sealed";
}

/// <summary>The form of sealed strings.</summary>
public static class SealedText
{
    private const string Prefix = "sealed:";

    public static string Of(string hash, string cipher) => $"{Prefix}{hash}:{cipher}";

    /// <summary>What a fingerprint may know of a string: of a sealed one its hash, for the cipher is another every time.</summary>
    public static string Fingerprint(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) && text.LastIndexOf(':') is var end && end >= Prefix.Length ? text[..end] : text;

    /// <summary>The cipher of a sealed string; null for any other.</summary>
    public static string? Cipher(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) ? text[(text.LastIndexOf(':') + 1)..] : null;
}

internal sealed class SealedJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Sealed<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Sealed<T>>
        where T : class
    {
        public override Sealed<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? new() { Text = reader.GetString() } : new() { Plain = JsonSerializer.Deserialize<T>(ref reader, options) };

        public override void Write(Utf8JsonWriter writer, Sealed<T> value, JsonSerializerOptions options)
        {
            if (value.Text is { } text) writer.WriteStringValue(text);
            else JsonSerializer.Serialize(writer, value.Plain, options);
        }
    }
}
