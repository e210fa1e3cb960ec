using System.Globalization;
using System.Text.Json;
using Platform.Contracts;

namespace Platform.Planning;

/// <summary>A stage of a plan.</summary>
/// <param name="Name">Its name; names with <c>~</c> are ours.</param>
/// <param name="Type">Its type.</param>
/// <param name="Parameters">Its parameters, without <c>type</c>.</param>
/// <param name="Inputs">Where each file that the parameters name comes from.</param>
/// <param name="Encode">Present when its picture or file reaches a result.</param>
public sealed record PlannedStage(string Name, StageType Type, JsonElement Parameters, IReadOnlyList<PlannedInput> Inputs, FinalEncode? Encode)
{
    /// <summary>Names of the stages whose outputs it needs.</summary>
    public IEnumerable<string> Needs => Inputs.Where(input => input.Stage is not null).Select(input => input.Stage!).Distinct();
}

/// <summary>Where a file that a stage's parameters name comes from: another stage's output, or a file known at acceptance.</summary>
/// <param name="Text">The string in the parameters.</param>
/// <param name="Stage">The stage that makes it, a planned fetch included; null for a known file.</param>
/// <param name="Output">Name of that stage's output; null for its main one.</param>
/// <param name="Index">Index into a list output.</param>
/// <param name="Known">The file known at acceptance.</param>
public sealed record PlannedInput(string Text, string? Stage, string? Output, int? Index, Artifact? Known);

/// <summary>Turns a checked document into a graph of stages: adds the fetches and the publication, and says which stage encodes for the result.</summary>
public static class JobPlanner
{
    /// <summary>Name of the stage that publishes the results.</summary>
    public const string PublishStage = "publish~";

    /// <summary>Plans a job. The order is one in which each stage comes after those that it needs.</summary>
    /// <param name="job">A document that <see cref="JobDocumentReader"/> found right.</param>
    /// <param name="outputs">Names of the stages whose main outputs are the results.</param>
    /// <param name="known">Files known at acceptance, by the string that names them.</param>
    public static IReadOnlyList<PlannedStage> Plan(JobDocument job, IReadOnlyList<string> outputs, IReadOnlyDictionary<string, Artifact> known)
    {
        var fetches = new Dictionary<string, PlannedStage>();
        var asked = job.Stages.ToDictionary(pair => pair.Key, pair => Read(pair.Key, pair.Value, known, fetches));
        var encodes = Encodes(job.Encode, outputs, asked);
        var stages = fetches.Values.Concat(asked.Values.Select(stage => stage with { Encode = encodes.GetValueOrDefault(stage.Name) })).ToList();
        stages.Add(Publication(outputs, asked));
        return Sort(stages);
    }

    /// <summary>Plans the stages that one stage turned into. They may name what it named, and each other.</summary>
    /// <param name="parent">The stage that was expanded.</param>
    /// <param name="expansion">What it turned into.</param>
    public static IReadOnlyList<PlannedStage> Expand(PlannedStage parent, StageExpanded expansion)
    {
        var inherited = parent.Inputs.ToDictionary(input => input.Text);
        return Sort([.. expansion.Stages.Select(pair => Part(pair.Key, pair.Value))], [.. parent.Needs]);

        PlannedStage Part(string name, JsonElement stage)
        {
            var type = StageTypes.Find(stage.GetProperty("type").GetString()!)!;
            var inputs = ParameterMedia.In(type, stage).Distinct()
                .Select(media => inherited.TryGetValue(media.Text, out var input) ? input : new PlannedInput(media.Text, media.Name, media.Output, media.Index, null));
            return new PlannedStage(name, type, ParameterMedia.WithoutType(stage), [.. inputs], name == expansion.Result ? parent.Encode : null);
        }
    }

    private static PlannedStage Read(string name, JsonElement stage, IReadOnlyDictionary<string, Artifact> known, Dictionary<string, PlannedStage> fetches)
    {
        var type = StageTypes.Find(stage.GetProperty("type").GetString()!)!;
        var inputs = ParameterMedia.In(type, stage).Distinct().Select(media => Source(media, known, fetches)).ToList();
        return new PlannedStage(name, type, ParameterMedia.WithoutType(stage), inputs, null);
    }

    private static PlannedInput Source(Media media, IReadOnlyDictionary<string, Artifact> known, Dictionary<string, PlannedStage> fetches)
    {
        if (media.Kind == MediaKind.Stage) return new PlannedInput(media.Text, media.Name, media.Output, media.Index, null);
        if (media.Kind != MediaKind.Url) return new PlannedInput(media.Text, null, null, null, known[media.Text]);
        if (!fetches.TryGetValue(media.Text, out var fetch))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"fetch~{fetches.Count + 1}");
            var parameters = JsonSerializer.SerializeToElement(new FetchParameters { Url = media.Text }, ContractJson.Options);
            fetches[media.Text] = fetch = new PlannedStage(name, StageTypes.Fetch, parameters, [], null);
        }
        return new PlannedInput(media.Text, fetch.Name, null, null, null);
    }

    // Whoever writes a result file encodes for it; so does whoever makes a picture that only copying stages pass on to a result.
    private static Dictionary<string, FinalEncode> Encodes(EncodeSettings settings, IReadOnlyList<string> outputs, Dictionary<string, PlannedStage> stages)
    {
        var encodes = new Dictionary<string, FinalEncode>();
        foreach (var output in outputs)
        {
            encodes[output] = new FinalEncode { Settings = settings, WritesResult = true };
            for (var stage = stages[output]; stage.Type.CopiesPicture(stage.Parameters) && PictureOf(stage) is { } source; stage = stages[source])
                encodes.TryAdd(source, new FinalEncode { Settings = settings, WritesResult = false });
        }
        return encodes;
    }

    private static string? PictureOf(PlannedStage stage) =>
        stage.Parameters.TryGetProperty("video", out var video) ? stage.Inputs.FirstOrDefault(input => input.Text == video.GetString() && input.Text.StartsWith('@'))?.Stage : null;

    private static PlannedStage Publication(IReadOnlyList<string> outputs, Dictionary<string, PlannedStage> stages)
    {
        var parameters = new PublishParameters { Outputs = [.. outputs.Select(name => Media.Parse($"@{name}"))] };
        var inputs = outputs.Select(name => new PlannedInput($"@{name}", name, null, null, null)).Concat(outputs.SelectMany(name => Sidecars(name, stages)));
        return new PlannedStage(PublishStage, StageTypes.Publish, JsonSerializer.SerializeToElement(parameters, ContractJson.Options), [.. inputs.Distinct()], null);
    }

    // What belongs to a result: of each kind the nearest up the picture's way, so of two captions the later.
    private static IEnumerable<PlannedInput> Sidecars(string output, Dictionary<string, PlannedStage> stages)
    {
        var found = new HashSet<string>();
        for (var stage = stages[output]; ; stage = stages[PictureOf(stage)!])
        {
            foreach (var sidecar in stage.Type.Sidecars.Where(found.Add)) yield return new PlannedInput($"@{stage.Name}.{sidecar}", stage.Name, sidecar, null, null);
            if (PictureOf(stage) is null) yield break;
        }
    }

    private static List<PlannedStage> Sort(List<PlannedStage> stages, IReadOnlyCollection<string>? outside = null)
    {
        var sorted = new List<PlannedStage>(stages.Count);
        var done = new HashSet<string>(outside ?? []);
        while (sorted.Count < stages.Count)
            foreach (var stage in stages.Where(stage => !done.Contains(stage.Name) && stage.Needs.All(done.Contains)).ToList())
            {
                sorted.Add(stage);
                done.Add(stage.Name);
            }
        return sorted;
    }
}
