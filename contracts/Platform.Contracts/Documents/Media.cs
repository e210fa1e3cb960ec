using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Platform.Contracts;

/// <summary>Where a media value comes from.</summary>
public enum MediaKind
{
    /// <summary>Another stage's output: <c>@film</c>, <c>@film.srt</c>, <c>@pages.clips[0]</c>.</summary>
    Stage,

    /// <summary>An uploaded file: <c>upload:ID</c>.</summary>
    Upload,

    /// <summary>A file in the store by its SHA-256, the tenant's own: <c>artifact:SHA</c>.</summary>
    Artifact,

    /// <summary>A file of the installation's library: <c>library:NAME</c>.</summary>
    Library,

    /// <summary>An uploaded static site: <c>site:ID</c>. A page, not media.</summary>
    Site,

    /// <summary>A remote file by http or https.</summary>
    Url,
}

/// <summary>A media value of a job document: a string that says where the file is.</summary>
[JsonConverter(typeof(MediaJsonConverter))]
public sealed partial record Media : IDocumentValue
{
    private Media(string text, MediaKind kind, string name) => (Text, Kind, Name) = (text, kind, name);

    /// <summary>The value as written; also the key under which a command's <c>Inputs</c> hold the file.</summary>
    public string Text { get; }
    public MediaKind Kind { get; }

    /// <summary>Stage name, id, SHA-256, library name or URL.</summary>
    public string Name { get; }

    /// <summary>Name of the stage's output, or null for its main one.</summary>
    public string? Output { get; private init; }

    /// <summary>Index into an output that is a list, from 0.</summary>
    public int? Index { get; private init; }

    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["type"] = "string", ["format"] = DocumentFormats.Media, ["maxLength"] = 8192,
        ["description"] = "\"@stage\", \"@stage.output\", \"@stage.output[0]\", \"upload:ID\", \"artifact:SHA256\", \"library:NAME\" or an http(s) URL",
    };

    /// <summary>Reads a value. False when it has none of the forms; whether the thing exists is not looked at.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Media? media)
    {
        media = null;
        if (StageForm().Match(text) is { Success: true } stage)
        {
            media = new Media(text, MediaKind.Stage, stage.Groups["stage"].Value)
            {
                Output = stage.Groups["output"] is { Success: true } output ? output.Value : null,
                Index = stage.Groups["index"] is { Success: true } index ? int.Parse(index.Value, CultureInfo.InvariantCulture) : null,
            };
        }
        else if (StoredForm().Match(text) is { Success: true } stored)
        {
            var kind = stored.Groups["kind"].Value switch
            {
                "upload" => MediaKind.Upload,
                "artifact" => MediaKind.Artifact,
                "library" => MediaKind.Library,
                _ => MediaKind.Site,
            };
            media = new Media(text, kind, stored.Groups["name"].Value);
        }
        else if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            media = new Media(text, MediaKind.Url, text);
        }
        return media is not null;
    }

    /// <summary>Reads a value that is known to be right.</summary>
    /// <exception cref="FormatException">It has none of the forms.</exception>
    public static Media Parse(string text) => TryParse(text, out var media) ? media : throw new FormatException("not a media value");

    /// <inheritdoc/>
    public override string ToString() => Text;

    [GeneratedRegex(@"^@(?<stage>[a-z][a-z0-9-]{0,31}(~[a-z0-9-]{1,16})?)(\.(?<output>[a-z][A-Za-z0-9]{0,31})(\[(?<index>[0-9]{1,4})\])?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex StageForm();

    [GeneratedRegex(@"^(((?<kind>upload|site):(?<name>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}))|((?<kind>artifact):(?<name>[0-9a-f]{64}))|((?<kind>library):(?<name>[a-z0-9][a-z0-9._-]{0,99})))$", RegexOptions.CultureInvariant)]
    private static partial Regex StoredForm();
}

internal sealed class MediaJsonConverter : JsonConverter<Media>
{
    public override Media Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Media.TryParse(reader.GetString()!, out var media) ? media : throw new JsonException("not a media value");

    public override void Write(Utf8JsonWriter writer, Media value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}

/// <summary>One media value or a list of 1 to 100.</summary>
[JsonConverter(typeof(MediaListJsonConverter))]
public sealed record MediaList(IReadOnlyList<Media> Items) : IDocumentValue, IEnumerable<Media>
{
    /// <inheritdoc/>
    public static JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(Media.Schema, new JsonObject { ["type"] = "array", ["items"] = Media.Schema, ["minItems"] = 1, ["maxItems"] = 100 }),
    };

    /// <inheritdoc/>
    public IEnumerator<Media> GetEnumerator() => Items.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(MediaList? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Count == 0 ? 0 : Items[0].GetHashCode();
}

internal sealed class MediaListJsonConverter : JsonConverter<MediaList>
{
    public override MediaList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.StartArray
            ? new MediaList(JsonSerializer.Deserialize<Media[]>(ref reader, options)!)
            : new MediaList([JsonSerializer.Deserialize<Media>(ref reader, options)!]);

    public override void Write(Utf8JsonWriter writer, MediaList value, JsonSerializerOptions options)
    {
        if (value.Items is [var only]) writer.WriteStringValue(only.Text);
        else JsonSerializer.Serialize(writer, value.Items, options);
    }
}
