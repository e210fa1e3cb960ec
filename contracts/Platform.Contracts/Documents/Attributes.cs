using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Platform.Contracts;

/// <summary>Names of formats that a string in a document may have, beyond what JSON Schema says.</summary>
public static class DocumentFormats
{
    /// <summary>A media value: see <see cref="Contracts.Media"/>.</summary>
    public const string Media = "media";

    /// <summary>A page to film: an http(s) URL or <c>site:ID</c>.</summary>
    public const string Page = "page";

    /// <summary>An http(s) URL.</summary>
    public const string Url = "url";

    /// <summary><c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    public const string WebhookSecret = "webhook-secret";
}

/// <summary>Says which of <see cref="DocumentFormats"/> a string has.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DocumentFormatAttribute(string format) : Attribute
{
    public string Format { get; } = format;
}

/// <summary>Pattern that every key of a map has.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyPatternAttribute(string pattern) : Attribute
{
    public string Pattern { get; } = pattern;
}

/// <summary>Largest length of the strings in a list or map.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemMaxLengthAttribute(int length) : Attribute
{
    public int Length { get; } = length;
}

/// <summary>Pattern that the strings in a list or map have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemPatternAttribute(string pattern) : Attribute
{
    public string Pattern { get; } = pattern;
}

/// <summary>A type with a JSON form of its own, which it describes itself.</summary>
public interface IDocumentValue
{
    /// <summary>JSON Schema of the form, made anew at each call.</summary>
    static abstract JsonObject Schema { get; }
}

/// <summary>Parameters with rules between their fields, which a schema cannot say.</summary>
public interface IDocumentRules
{
    /// <summary>What breaks them; pointers begin at the parameters. Asked only of a document that fits its schema.</summary>
    IEnumerable<DocumentProblem> Problems();
}

/// <summary>Writes an enum's names in camel case.</summary>
public sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
