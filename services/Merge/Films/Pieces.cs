using System.Collections.Immutable;
using Platform.Contracts;

namespace Platform.Merge.Films;

/// <summary>Some frames of a film that are made the same way.</summary>
internal abstract record Segment(int Frames);

/// <summary>Frames of one scene.</summary>
/// <param name="Scene">Which.</param>
/// <param name="From">Its first frame, counted from the scene's beginning.</param>
/// <param name="Frames">How many.</param>
internal sealed record Body(PlannedScene Scene, int From, int Frames) : Segment(Frames);

/// <summary>Frames of a scene's end, beyond its length, that turn into the first frames of the next.</summary>
internal sealed record Passage(PlannedScene Before, PlannedScene After) : Segment(After.EntryFrames)
{
    public Transition Transition => After.Entry;
}

/// <summary>A part of a film that one run of ffmpeg makes.</summary>
internal sealed record Piece(ImmutableArray<Segment> Segments)
{
    public int Frames => Segments.Sum(segment => segment.Frames);

    /// <summary>The scenes it shows, in order.</summary>
    public IEnumerable<PlannedScene> Scenes => Segments.SelectMany(segment => segment switch
    {
        Body body => (PlannedScene[])[body.Scene],
        Passage passage => [passage.Before, passage.After],
        _ => [],
    }).Distinct();

    /// <summary>The parts of a scene that it shows: first frame and how many, counted from the scene's beginning.</summary>
    public ImmutableArray<(int From, int Frames)> PartsOf(PlannedScene scene)
    {
        var parts = ImmutableArray.CreateBuilder<(int From, int Frames)>();
        foreach (var segment in Segments)
        {
            switch (segment)
            {
                case Body body when body.Scene == scene: parts.Add((body.From, body.Frames)); break;
                case Passage passage when passage.After == scene: parts.Add((0, passage.Frames)); break;
                case Passage passage when passage.Before == scene: parts.Add((scene.Frames, passage.Frames)); break;
            }
        }

        return parts.DrainToImmutable();
    }
}

/// <summary>Cuts a film into what one run of ffmpeg can hold: each open video takes memory, so a run has so many of them at most, of so many pixels. Pure.</summary>
internal static class Pieces
{
    /// <summary>Scenes of one run.</summary>
    public const int MostScenes = 16;

    /// <summary>Pixels of one frame of each of a run's scenes: sixteen of 1080p, four of 4K.</summary>
    public const long MostPixels = 34_000_000;

    /// <summary>The film's segments, in order.</summary>
    public static IEnumerable<Segment> Segments(MergePlan plan)
    {
        for (var i = 0; i < plan.Scenes.Length; i++)
        {
            var scene = plan.Scenes[i];
            if (scene.EntryFrames > 0)
            {
                yield return new Passage(plan.Scenes[i - 1], scene);
            }

            yield return new Body(scene, scene.EntryFrames, scene.Frames - scene.EntryFrames);
        }
    }

    /// <summary>The film in pieces, one if that is possible. A piece begins within a scene, after the transition that leads to it: so every transition is whole.</summary>
    public static ImmutableArray<Piece> Of(MergePlan plan)
    {
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var segments = ImmutableArray.CreateBuilder<Segment>();
        var (scenes, pixels) = (0, 0L);
        foreach (var segment in Segments(plan))
        {
            if (segment is Body { Scene: var scene })
            {
                var size = (long)scene.Media.Picture.Width * scene.Media.Picture.Height;
                if (segments.Count > 0 && (scenes + 1 > MostScenes || pixels + size > MostPixels))
                {
                    pieces.Add(new Piece(segments.DrainToImmutable()));
                    (scenes, pixels) = (0, 0);
                }

                scenes++;
                pixels += size;
            }

            segments.Add(segment);
        }

        pieces.Add(new Piece(segments.DrainToImmutable()));
        return pieces.DrainToImmutable();
    }
}
