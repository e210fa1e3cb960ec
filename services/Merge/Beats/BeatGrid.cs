using System.Collections.Immutable;
using Platform.Merge.Films;

namespace Platform.Merge.Beats;

/// <summary>Moments of a film at which scenes may end. Pure.</summary>
/// <param name="Beats">In samples of the film, in order.</param>
/// <param name="Spacing">Samples from one to the next, as a rule.</param>
internal sealed record BeatGrid(ImmutableArray<long> Beats, long Spacing)
{
    /// <summary>Those of a piece that begins with the film.</summary>
    public static BeatGrid Of(Pulse pulse) =>
        new([.. pulse.Times.Select(time => MergePlan.SamplesIn(TimeSpan.FromSeconds(time)))], MergePlan.SamplesIn(TimeSpan.FromSeconds(pulse.Period)));

    /// <summary>Whether a moment is one of them.</summary>
    public bool Holds(long sample) => Beats.BinarySearch(sample) >= 0;

    /// <summary>
    /// The length with which a scene ends on the beat nearest to where it would end; its own where none is within half a spacing, or, if that is more than there is to see, a whole one before. No scene
    /// loses more than half of itself.
    /// </summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">How long it would be.</param>
    /// <param name="most">How long it can be.</param>
    public long Fit(long start, long length, long most)
    {
        var end = start + length;
        var fits = Beats.Where(beat => beat - start <= most && beat - start >= (length + 1) / 2 && beat <= end + (Spacing / 2) && beat >= end - Spacing).ToList();
        return fits.Count == 0 ? length : fits.MinBy(beat => Math.Abs(beat - end)) - start;
    }
}
