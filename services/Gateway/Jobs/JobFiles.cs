using System.Globalization;
using Platform.Contracts;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Jobs;

/// <summary>A file of a job.</summary>
/// <param name="Name">What it is saved as: without folders.</param>
/// <param name="Artifact">Its content.</param>
/// <param name="IsResult">Whether it was published; the others are read from the store of artifacts.</param>
internal sealed record JobFile(string Name, Artifact Artifact, bool IsResult);

/// <summary>
/// Names of a job's files: results by their own (<c>final.mp4</c>), others by stage and output (<c>page.thumbnail</c>, <c>page.clips.0</c>); files that call each other by name lie in a folder of their stage
/// (<c>web/master.m3u8</c>), before they are results and after.
/// </summary>
internal static class JobFiles
{
    /// <summary>Name under which an output is found.</summary>
    public static string NameOf(StageState stage, string output, int index) =>
        stage.Type == StageTypes.Publish.Name ? output
        : stage.Outputs[output].Artifacts[index].Name is { } name ? $"{stage.Name}/{name}"
        : !stage.Outputs[output].IsList ? $"{stage.Name}.{output}"
        : string.Create(CultureInfo.InvariantCulture, $"{stage.Name}.{output}.{index}");

    /// <summary>The file of that name, or null.</summary>
    public static JobFile? Find(JobState job, string name)
    {
        if (job.Results.TryGetValue(name, out var result)) return new JobFile(Path.GetFileName(name), result, true);
        foreach (var stage in job.Stages.Where(stage => name.StartsWith(stage.Name, StringComparison.Ordinal)))
        {
            foreach (var (key, output) in stage.Outputs)
                for (var index = 0; index < output.Artifacts.Count; index++)
                    if (NameOf(stage, key, index) == name) return File(name, output.Artifacts[index]);
            if (stage.Failure?.Evidence.FirstOrDefault(file => $"{stage.Name}.{file.Key}" == name) is { Key: not null } evidence) return File(name, evidence.Value);
        }
        return null;
    }

    private static JobFile File(string name, Artifact artifact) => new(artifact.Name ?? name + MediaTypes.ExtensionOf(artifact.ContentType), artifact, false);
}
