using System.Text.Json.Nodes;
using Platform.Cli.Api;
using Platform.Cli.Making;

namespace Platform.Cli.Templates;

/// <summary>A template and its input where the API finds them: its files uploaded, a template from disk kept under a name.</summary>
/// <param name="Name">Of the template.</param>
/// <param name="Input">Values of its inputs.</param>
internal sealed record TemplateOnStage(string Name, JsonNode Input)
{
    /// <summary>Brings a template there.</summary>
    /// <param name="api">The API.</param>
    /// <param name="template">A file, or the name of a library template.</param>
    /// <param name="input">Values of its inputs; paths among them are files.</param>
    /// <param name="folder">What paths are relative to.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ApiException">It has mistakes.</exception>
    public static async Task<TemplateOnStage> SetAsync(ApiClient api, string template, JsonObject? input, string folder, CancellationToken cancellation)
    {
        var job = JobFile.ForTemplate(template, input, folder);
        foreach (var local in job.LocalFiles()) job.Put(local.Pointer, await api.UploadAsync(local.Path, cancellation));
        var stage = job.Document["stages"]![JobFile.TemplateStage]!;
        if (stage["template"] is not JsonObject content) return new TemplateOnStage(stage["template"]!.GetValue<string>(), stage["input"]!);
        var name = $"file-{Guid.NewGuid():N}";
        await api.PutTemplateAsync(name, content, cancellation);
        return new TemplateOnStage(name, stage["input"]!);
    }
}
