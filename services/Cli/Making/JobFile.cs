using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Templates;

namespace Platform.Cli.Making;

/// <summary>A file or folder of this machine that a document names.</summary>
/// <param name="Pointer">Where it is named.</param>
/// <param name="Path">Its full path.</param>
/// <param name="IsSite">Whether it is a folder to serve as a site.</param>
internal sealed record LocalFile(string Pointer, string Path, bool IsSite);

/// <summary>A job document from disk, whose media may be paths.</summary>
internal sealed class JobFile
{
    /// <summary>The stage of a document that is a template alone.</summary>
    public const string TemplateStage = "film";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly string _folder;

    private JobFile(JsonObject document, string folder) => (Document, _folder) = (document, folder);

    public JsonObject Document { get; }

    /// <summary>Reads a document; paths in it are relative to its folder.</summary>
    /// <exception cref="CommandException">It cannot be read, or is not a JSON object.</exception>
    public static JobFile Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient) is JsonObject document
                ? new JobFile(document, Path.GetDirectoryName(Path.GetFullPath(path))!).WithTemplates()
                : throw new CommandException(CommandLine.BadInput, $"{path}: must be a JSON object.");
        }
        catch (JsonException e) { throw new CommandException(CommandLine.BadInput, $"{path}: is not JSON: {e.Message}"); }
        catch (IOException e) { throw new CommandException(CommandLine.BadInput, e.Message); }
        catch (UnauthorizedAccessException e) { throw new CommandException(CommandLine.BadInput, e.Message); }
    }

    /// <summary>The document of the commonest job: a page, and music under it. Paths are relative to the current folder.</summary>
    public static JobFile ForPage(string url, double? duration, string? format, string? music)
    {
        var page = new JsonObject { ["type"] = "capture", ["url"] = url };
        if (duration is { } seconds) page["duration"] = seconds;
        if (format is not null) page["format"] = format;
        var stages = new JsonObject { ["page"] = page };
        if (music is not null) stages["final"] = new JsonObject { ["type"] = "music", ["video"] = "@page", ["music"] = music };
        return new JobFile(new JsonObject { ["stages"] = stages }, Environment.CurrentDirectory);
    }

    /// <summary>A template with its input, as a job of one stage, <see cref="TemplateStage"/>. Paths are relative to a folder.</summary>
    /// <param name="template">A file, or the name of a template.</param>
    /// <param name="input">Values of its inputs.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CommandException">The file cannot be read, or is not a JSON object.</exception>
    public static JobFile ForTemplate(string template, JsonObject? input, string folder)
    {
        if (template.EndsWith(".json", StringComparison.Ordinal) && !File.Exists(Path.GetFullPath(template, folder))) throw new CommandException(CommandLine.BadInput, $"{template}: there is no such file.");
        try
        {
            return new JobFile(new JsonObject
            {
                ["stages"] = new JsonObject { [TemplateStage] = new JsonObject { ["type"] = StageTypes.Render.Name, ["template"] = template, ["input"] = input?.DeepClone() ?? new JsonObject() } },
            }, folder).WithTemplates();
        }
        catch (JsonException e) { throw new CommandException(CommandLine.BadInput, $"{template}: is not JSON: {e.Message}"); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new CommandException(CommandLine.BadInput, e.Message); }
    }

    /// <summary>Replaces or adds a value: <c>/stages/page/duration=5</c>. The value is JSON, or else a string.</summary>
    /// <exception cref="CommandException">The pointer leads nowhere.</exception>
    public void Set(string assignment)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || assignment[0] != '/') throw new CommandException(CommandLine.BadInput, $"--set {assignment}: must be /pointer=value.");
        Put(assignment[..equals], Value(assignment[(equals + 1)..]));
    }

    /// <summary>Puts a value where a pointer leads.</summary>
    public void Put(string pointer, JsonNode? value)
    {
        var names = pointer.Split('/')[1..].Select(name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToList();
        JsonNode? at = Document;
        foreach (var name in names[..^1]) at = Step(at, name);
        if (at is JsonObject members) members[names[^1]] = value;
        else if (at is JsonArray items && int.TryParse(names[^1], out var index) && index < items.Count) items[index] = value;
        else throw new CommandException(CommandLine.BadInput, $"{pointer}: there is no such place in the document.");
    }

    /// <summary>The files and folders of this machine that the document names where media or a page stand.</summary>
    public IReadOnlyList<LocalFile> LocalFiles()
    {
        var found = new List<LocalFile>();
        if (Document["stages"] is not JsonObject stages) return found;
        foreach (var (name, stage) in stages)
        {
            if (stage is not JsonObject parameters || Name(parameters["type"]) is not { } typeName || StageTypes.Find(typeName) is not { } type) continue;
            var check = new SchemaValidator();
            check.Check(JsonSerializer.SerializeToElement(stage), DocumentSchema.OfStage(type), SchemaValidator.Child("/stages", name));
            foreach (var value in check.Formatted)
                if (Resolve(value) is { } file) found.Add(file);
            if (type == StageTypes.Render) found.AddRange(TemplateFiles(parameters, SchemaValidator.Child("/stages", name)));
        }
        return found;
    }

    /// <summary>Whether a stage listens to speech: captions whose words are not in a file.</summary>
    public bool HearsSpeech() => (Document["stages"] as JsonObject ?? []).Any(stage =>
        stage.Value is JsonObject parameters && Name(parameters["type"]) == StageTypes.Caption.Name
        && (parameters["source"] is not JsonObject source || source.ContainsKey("text")));

    private IEnumerable<LocalFile> TemplateFiles(JsonObject stage, string pointer)
    {
        var input = stage["input"] is JsonObject values ? values.ToDictionary(value => value.Key, value => JsonSerializer.SerializeToElement(value.Value)) : [];
        foreach (var place in TemplateMedia.Places(JsonSerializer.SerializeToElement(stage["template"]), input))
            if (Resolve(place with { Pointer = pointer + place.Pointer }) is { } file) yield return file;
    }

    // A template that is a file is put in its place; paths in it are relative to its own folder.
    private JobFile WithTemplates()
    {
        foreach (var (_, stage) in Document["stages"] as JsonObject ?? [])
        {
            if (stage is not JsonObject render || Name(render["type"]) != StageTypes.Render.Name || Name(render["template"]) is not { } name || !File.Exists(Path.GetFullPath(name, _folder))) continue;
            var path = Path.GetFullPath(name, _folder);
            var template = new JobFile(JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient) as JsonObject ?? throw new CommandException(CommandLine.BadInput, $"{path}: must be a JSON object."), Path.GetDirectoryName(path)!);
            foreach (var place in TemplateMedia.Places(JsonSerializer.SerializeToElement(template.Document), new Dictionary<string, JsonElement>()))
                if (template.Resolve(place) is { } file) template.Put(place.Pointer["/template".Length..], file.Path);
            render["template"] = template.Document;
        }
        return this;
    }

    private LocalFile? Resolve(FormattedValue value)
    {
        if (value.Format is not (DocumentFormats.Media or DocumentFormats.Page) || Media.TryParse(value.Text, out _)) return null;
        var path = Path.GetFullPath(value.Text, _folder);
        if (value.Format == DocumentFormats.Page) return Directory.Exists(path) ? new LocalFile(value.Pointer, path, true) : null;
        return File.Exists(path) ? new LocalFile(value.Pointer, path, false) : null;
    }

    private static string? Name(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonNode? Step(JsonNode? at, string name) => at switch
    {
        JsonObject members => members[name] ??= new JsonObject(),
        JsonArray items when int.TryParse(name, out var index) && index < items.Count => items[index],
        _ => null,
    };

    private static JsonNode? Value(string text)
    {
        try { return JsonNode.Parse(text); }
        catch (JsonException) { return JsonValue.Create(text); }
    }
}
