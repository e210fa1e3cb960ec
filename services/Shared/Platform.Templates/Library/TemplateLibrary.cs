using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;

namespace Platform.Templates;

/// <summary>The templates that come with the product, usable by name.</summary>
public static class TemplateLibrary
{
    private static readonly ImmutableSortedDictionary<string, JsonElement> Templates = Load();

    /// <summary>Names, in order.</summary>
    public static IEnumerable<string> Names => Templates.Keys;

    /// <summary>A template of that name, or null.</summary>
    public static JsonElement? Find(string name) => Templates.TryGetValue(name, out var template) ? template : null;

    private static ImmutableSortedDictionary<string, JsonElement> Load()
    {
        const string prefix = "library/";
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(name => name[prefix.Length..], name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static JsonElement Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
