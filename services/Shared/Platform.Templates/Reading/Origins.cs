using System.Text.Json;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>Where in the caller's template or input each part of the filled template comes from.</summary>
internal sealed class Origins
{
    private readonly Dictionary<string, string> _origins = new() { [""] = "/template" };

    /// <summary>Notes that what stands at a place of the filled template was written elsewhere.</summary>
    public void Note(string at, string origin) => _origins[at] = origin;

    /// <summary>The caller's place of a place in the filled template.</summary>
    public string Of(string at)
    {
        for (var end = at.Length; ; end = at.LastIndexOf('/', end - 1))
            if (_origins.TryGetValue(at[..end], out var origin)) return origin + at[end..];
    }
}

/// <summary>Names of tracks and clips, for whoever reads about a problem.</summary>
internal sealed class ClipNames(JsonElement template)
{
    /// <summary><c>Track "titles", clip "headline": </c>, or as much of it as applies.</summary>
    public string Before(string pointer)
    {
        var (at, words) = (template, new List<string>());
        var steps = pointer.Split('/');
        for (var i = 1; i + 1 < steps.Length && steps[i] is "tracks" or "clips"; i += 2)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(steps[i], out var list) || list.ValueKind != JsonValueKind.Array
                || !int.TryParse(steps[i + 1], out var index) || index >= list.GetArrayLength()) break;
            at = list[index];
            var kind = steps[i] == "tracks" ? "track" : "clip";
            words.Add(at.ValueKind == JsonValueKind.Object && at.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                ? $"{kind} \"{SchemaValidator.Text(name)}\"" : $"{kind} {index + 1}");
        }
        return words.Count == 0 ? "" : char.ToUpperInvariant(words[0][0]) + string.Join(", ", words)[1..] + ": ";
    }
}
