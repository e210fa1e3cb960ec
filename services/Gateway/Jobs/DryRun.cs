using Platform.Artifacts;
using Platform.Contracts;
using Platform.Planning;

namespace Platform.Gateway.Jobs;

/// <summary>What a job would do.</summary>
/// <param name="Stages">Every stage, in an order in which each comes after those it needs.</param>
/// <param name="Order">Their names in that order.</param>
/// <param name="Outputs">The stages whose main outputs are the results.</param>
/// <param name="EstimatedSeconds">Rough time of work, with stages that need not wait for each other side by side.</param>
internal sealed record PlanAnswer(IReadOnlyList<PlannedStageAnswer> Stages, IReadOnlyList<string> Order, IReadOnlyList<string> Outputs, double EstimatedSeconds);

/// <summary>A stage of a plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Internal">Whether it was planned by us rather than asked for.</param>
/// <param name="Needs">Stages whose outputs it needs.</param>
/// <param name="Fingerprint">Under what its outputs are kept; absent while its inputs are not known.</param>
/// <param name="Reused">Whether its outputs lie ready.</param>
/// <param name="EstimatedSeconds">Rough time of work; 0 when reused.</param>
internal sealed record PlannedStageAnswer(string Name, string Type, bool Internal, IReadOnlyList<string> Needs, string? Fingerprint, bool Reused, double EstimatedSeconds);

/// <summary>Says what a job would do, and what of it is there already, without storing anything.</summary>
internal sealed class DryRun(IArtifactStore store)
{
    public async Task<PlanAnswer> PlanAsync(string tenant, CheckedJob job, CancellationToken cancellation)
    {
        var made = new Dictionary<string, IReadOnlyDictionary<string, StageOutput>>();
        var ends = new Dictionary<string, double>();
        var answers = new List<PlannedStageAnswer>();
        var types = new Dictionary<string, StageType>();
        foreach (var stage in JobPlanner.Plan(job.Document!, job.Outputs, job.Inputs))
        {
            types[stage.Name] = stage.Type;
            var fingerprint = InputsOf(stage, made, types) is { } inputs && !Fingerprint.IsOfThisJob(stage.Type, stage.Parameters)
                ? Fingerprint.Of(stage.Type, stage.Parameters, inputs, stage.Encode, Guid.Empty)
                : null;
            var outputs = fingerprint is null ? null : await FindAsync(tenant, fingerprint, cancellation);
            if (outputs is not null) made[stage.Name] = outputs;
            var seconds = outputs is null ? stage.Type.EstimatedSeconds : 0;
            ends[stage.Name] = stage.Needs.Select(need => ends[need]).DefaultIfEmpty(0).Max() + seconds;
            answers.Add(new PlannedStageAnswer(stage.Name, stage.Type.Name, !stage.Type.Public, [.. stage.Needs], fingerprint, outputs is not null, seconds));
        }
        return new PlanAnswer(answers, [.. answers.Select(stage => stage.Name)], job.Outputs, ends.Values.DefaultIfEmpty(0).Max());
    }

    /// <summary>The files that a stage names, or null when one of them would have to be made.</summary>
    private static Dictionary<string, Artifact>? InputsOf(PlannedStage stage, Dictionary<string, IReadOnlyDictionary<string, StageOutput>> made, Dictionary<string, StageType> types)
    {
        var inputs = new Dictionary<string, Artifact>();
        foreach (var input in stage.Inputs)
        {
            var file = input.Known ?? (made.TryGetValue(input.Stage!, out var outputs)
                ? outputs.GetValueOrDefault(input.Output ?? types[input.Stage!].MainOutput)?.Artifacts.ElementAtOrDefault(input.Index ?? 0)
                : null);
            if (file is null) return null;
            inputs[input.Text] = file;
        }
        return inputs;
    }

    // A hit counts only when every file is still there.
    private async Task<IReadOnlyDictionary<string, StageOutput>?> FindAsync(string tenant, string fingerprint, CancellationToken cancellation)
    {
        if (await store.FindManifestAsync(tenant, fingerprint, cancellation) is not { } manifest) return null;
        foreach (var file in manifest.Outputs.Values.SelectMany(output => output.Artifacts))
            if (!await store.ExistsAsync(tenant, file.Sha256, cancellation)) return null;
        return manifest.Outputs;
    }
}
