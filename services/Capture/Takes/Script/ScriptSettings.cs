using System.Collections.Immutable;
using Platform.Contracts;

namespace Platform.Capture.Takes.Script;

/// <summary>A script and what it may do.</summary>
internal sealed record ScriptSettings
{
    public required ImmutableArray<CaptureStep> Steps { get; init; }

    /// <summary>Values that steps type by name.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>Where the script may lead the page: origins as <see cref="ScriptGuard.OriginOf"/> writes them.</summary>
    public required ImmutableHashSet<string> Origins { get; init; }

    public required int Fps { get; init; }

    /// <summary>Pixels of a frame per CSS pixel.</summary>
    public required double Scale { get; init; }

    public required int ViewportWidth { get; init; }

    public required int ViewportHeight { get; init; }
}

/// <summary>Why a script cannot go on.</summary>
internal static class ScriptFailure
{
    public static Stages.StageException Of(int step, CaptureAction action, string code, string detail) =>
        new(code, FailureKind.Permanent, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Step {step + 1} ({char.ToLowerInvariant(action.ToString()[0])}{action.ToString()[1..]}): {detail}"));
}
