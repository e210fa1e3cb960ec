using System.Collections.Immutable;
using System.Globalization;
using Platform.Ffmpeg;

namespace Platform.Capture.Camera;

/// <summary>Chooses the frame that a film is shown by: of moments at which camera and page rest, the one with the most to see.</summary>
internal sealed class Thumbnail(IFfmpeg ffmpeg, string workspace)
{
    /// <summary>Frames looked at; each costs a seek.</summary>
    private const int MostCandidates = 8;

    /// <summary>How late in a shot's rest it is looked at: what appears when a part of the page comes into view has appeared, and the camera has not left.</summary>
    private const double Late = 0.7;

    /// <summary>The hero says what the film is about: it wins unless another is clearly richer.</summary>
    private const double HeroBonus = 0.15;

    /// <summary>Size at which candidates are judged: noise is gone, layout and type are not.</summary>
    private const int JudgedWidth = 320, JudgedHeight = 180;

    /// <summary>Frames worth looking at, heaviest kinds first when there are too many; never the first of the film.</summary>
    internal static ImmutableArray<(int Frame, ShotKind Kind)> Candidates(ShotPlan plan) =>
    [
        .. plan.Shots
            .Where(shot => shot.Kind is not (ShotKind.Opening or ShotKind.Closing or ShotKind.EndCard) || plan.Shots.Length == 1)
            .OrderBy(shot => shot.Kind == ShotKind.Hero ? 0 : 1).ThenByDescending(shot => shot.End - shot.Arrival)
            .Take(MostCandidates)
            .Select(shot => (Math.Max(1, shot.Arrival + (int)(Late * (shot.End - 1 - shot.Arrival))), shot.Kind))
            .Where(candidate => candidate.Item1 < plan.Frames)
            .DefaultIfEmpty((plan.Frames - 1, ShotKind.Still)),
    ];

    /// <summary>Writes the chosen frame of the film at its full size; PNG or JPEG, as the path says.</summary>
    /// <exception cref="MediaException">The film could not be read.</exception>
    public async Task WriteAsync(string film, ShotPlan plan, string path, CancellationToken cancellationToken)
    {
        var candidates = Candidates(plan);
        var pictures = new byte[candidates.Length * JudgedWidth * JudgedHeight];
        await ffmpeg.RunAsync(Look(film, plan, candidates, pictures), workspace, null, cancellationToken);

        var best = Enumerable.Range(0, candidates.Length).MaxBy(n =>
            PictureScore.Of(pictures.AsSpan(n * JudgedWidth * JudgedHeight, JudgedWidth * JudgedHeight), JudgedWidth) + (candidates[n].Kind == ShotKind.Hero ? HeroBonus : 0));
        await ffmpeg.RunAsync(Frames.At(film, Time(candidates[best].Frame, plan), path), workspace, null, cancellationToken);
    }

    // All candidates by one run: an input for each, so that nothing but the way from its key frame is decoded.
    private static FfmpegCommand Look(string film, ShotPlan plan, ImmutableArray<(int Frame, ShotKind Kind)> candidates, byte[] pictures)
    {
        var chains = candidates.Select((_, n) => Filters.Chain(
            $"{n.ToString(CultureInfo.InvariantCulture)}:v:0", $"c{n.ToString(CultureInfo.InvariantCulture)}",
            new Filter("trim", ("end_frame", 1)), Filters.SetPts("PTS-STARTPTS"), Filters.Scale(JudgedWidth, JudgedHeight), Filters.PixelFormat("gray")));
        var all = new FilterChain([.. candidates.Select((_, n) => $"c{n.ToString(CultureInfo.InvariantCulture)}")], [new Filter("concat", ("n", candidates.Length), ("v", 1), ("a", 0))], ["all"]);
        return new FfmpegCommand
        {
            Inputs = [.. candidates.Select(candidate => new FfmpegInput(film) { Start = Time(candidate.Frame, plan), Duration = TimeSpan.FromSeconds(2.0 / plan.Fps) })],
            Graph = new FilterGraph([.. chains, all]),
            Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo", Maps = ["[all]"], Options = ["-fps_mode", "passthrough"] }],
            Output = async (stream, token) => await stream.ReadAtLeastAsync(pictures, pictures.Length, throwOnEndOfStream: false, token),
        };
    }

    // Half a frame early: rounding must not make it the next one.
    private static TimeSpan Time(int frame, ShotPlan plan) => TimeSpan.FromSeconds((plan.FilmFrame(frame) - 0.5) / plan.Fps);
}
