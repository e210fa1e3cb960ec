using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Music.Soundtracks;

/// <summary>What of the film matters to its music.</summary>
/// <param name="Length">Of the whole film.</param>
/// <param name="Layout">Of its sound, such as <c>5.1</c>; null for a film without sound.</param>
internal sealed record Film(TimeSpan Length, string? Layout)
{
    /// <summary>Reads what a probe found. PCM in Matroska does not say its layout; the usual one of as many channels is meant.</summary>
    public static Film Of(MediaInfo info) => new(info.RequireDuration(), info.Audio is { } sound
        ? sound.Layout ?? sound.Channels switch { 1 => "mono", 6 => "5.1", 8 => "7.1", _ => "stereo" }
        : null);
}

/// <summary>A piece of the list, from where it is used.</summary>
internal sealed record Piece(int Index, TimeSpan Start, TimeSpan Length);

/// <summary>How the music goes down under the film's own sound.</summary>
/// <param name="Attack">How fast it goes down.</param>
/// <param name="Release">How fast it comes back.</param>
/// <param name="Threshold">Level of the film's sound, 1 is full scale, above which the music goes down.</param>
/// <param name="Share">Share of the music that goes down; the rest stays, and is what makes the depth.</param>
internal sealed record Duck(double Threshold, double Share, TimeSpan Attack, TimeSpan Release);

/// <summary>Which music plays when: everything decided, nothing of ffmpeg yet.</summary>
internal sealed record MusicPlan
{
    /// <summary>Pieces are joined, and looped, with a crossfade of this length; of a shorter one where a piece is shorter than four of it.</summary>
    private static readonly TimeSpan LongestJoin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestPiece = TimeSpan.FromMilliseconds(50);

    /// <summary>Layouts of a film's sound that are kept; any other becomes stereo.</summary>
    private static readonly ImmutableArray<string> KeptLayouts = ["5.1", "5.1(side)", "7.1"];

    public required TimeSpan Length { get; init; }

    public required bool FilmHasSound { get; init; }

    public required string Layout { get; init; }

    public required ImmutableArray<Piece> Pieces { get; init; }

    public required TimeSpan Join { get; init; }

    /// <summary>Length of the pieces, joined.</summary>
    public required TimeSpan Available { get; init; }

    public required bool Loops { get; init; }

    public required double MusicVolume { get; init; }

    public required double VideoVolume { get; init; }

    public required TimeSpan FadeIn { get; init; }

    public required TimeSpan FadeOut { get; init; }

    public Duck? Duck { get; init; }

    /// <summary>Whether the music is wanted alone, too.</summary>
    public bool Stems { get; init; }

    /// <summary>Plans the music.</summary>
    /// <param name="film">The film.</param>
    /// <param name="pieces">Lengths of the pieces.</param>
    /// <param name="parameters">What is asked for.</param>
    /// <param name="hearing">What the film's sound is like; null when nobody listened, or it has none.</param>
    /// <exception cref="StageException"><c>music.start_after_end</c>, <c>music.too_short</c>.</exception>
    public static MusicPlan For(Film film, ImmutableArray<TimeSpan> pieces, MusicParameters parameters, Hearing? hearing)
    {
        var used = Used(film.Length, pieces, TimeSpan.FromSeconds(parameters.StartAt));
        var shortest = used.Min(piece => piece.Length);
        if (shortest < ShortestPiece)
        {
            throw new StageException("music.too_short", FailureKind.Permanent, $"A piece of music is shorter than {ShortestPiece.TotalMilliseconds:0} ms.");
        }

        var join = shortest / 4 < LongestJoin ? shortest / 4 : LongestJoin;
        var available = used.Aggregate(TimeSpan.Zero, (sum, piece) => sum + piece.Length) - (join * (used.Length - 1));
        var half = film.Length / 2;
        return new MusicPlan
        {
            Length = film.Length,
            FilmHasSound = film.Layout is not null,
            Layout = film.Layout is { } layout && KeptLayouts.Contains(layout) ? layout : "stereo",
            Pieces = used,
            Join = join,
            Available = available,
            Loops = parameters.Loop && available < film.Length,
            MusicVolume = parameters.MusicVolume,
            VideoVolume = parameters.VideoVolume,
            FadeIn = Shorter(TimeSpan.FromSeconds(parameters.FadeIn), half),
            FadeOut = Shorter(TimeSpan.FromSeconds(parameters.FadeOut), half),
            Duck = DuckFor(film, parameters, hearing),
            Stems = parameters.Stems,
        };
    }

    /// <summary>The duck for a level of speech, or null when there is nothing to go down under.</summary>
    private static Duck? DuckFor(Film film, MusicParameters parameters, Hearing? hearing)
    {
        var asked = parameters.Duck ?? new Ducking(hearing?.HasSpeech ?? false);
        if (!asked.Enabled || film.Layout is null || parameters.VideoVolume == 0 || hearing?.Level is not { } level)
        {
            return null;
        }

        // A compressor takes more away the louder the voice is. So it works well below the voice and on a share of the music only: what it takes from that share at a voice's
        // usual level is nearly all, more makes nearly no difference, and the share that stays is the depth.
        var below = Math.Max(24, asked.Depth + 6);
        var threshold = Math.Max(level - below, MusicGraph.LowestThreshold);
        var left = Math.Pow(10, -Math.Max(level - threshold, 0) * (1 - (1 / MusicGraph.DuckRatio)) / 20);
        var share = Math.Min(1, (1 - Math.Pow(10, -asked.Depth / 20)) / Math.Max(1 - left, 0.01));
        return new Duck(Math.Pow(10, threshold / 20), share, TimeSpan.FromSeconds(Math.Max(asked.Attack, 0.001)), TimeSpan.FromSeconds(asked.Release));
    }

    /// <summary>The pieces from a time on, as many as the film needs.</summary>
    private static ImmutableArray<Piece> Used(TimeSpan film, ImmutableArray<TimeSpan> pieces, TimeSpan startAt)
    {
        var used = ImmutableArray.CreateBuilder<Piece>();
        var heard = TimeSpan.Zero;
        for (var index = 0; index < pieces.Length && heard < film; index++)
        {
            if (startAt >= pieces[index])
            {
                startAt -= pieces[index];
                continue;
            }

            used.Add(new Piece(index, startAt, pieces[index] - startAt));
            heard += used[^1].Length - LongestJoin;
            startAt = TimeSpan.Zero;
        }

        return used.Count > 0
            ? used.ToImmutable()
            : throw new StageException("music.start_after_end", FailureKind.Permanent, "The music is over before the time at which it is to begin.");
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
