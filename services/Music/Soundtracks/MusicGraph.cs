using System.Collections.Immutable;
using Platform.Ffmpeg;

namespace Platform.Music.Soundtracks;

/// <summary>Writes a plan as filters. Pure: the same plan always gives the same graph. Input 0 is the film, the pieces follow.</summary>
internal static class MusicGraph
{
    public const int SampleRate = 48_000;

    /// <summary>How much louder than the threshold makes 1 dB louder than it.</summary>
    public const double DuckRatio = 20;

    /// <summary>The lowest that the compressor takes, in dB.</summary>
    public const double LowestThreshold = -60;

    private static readonly Filter SameRate = Filters.Resample(SampleRate);

    /// <summary>Film and music as one sound, at <c>[out]</c>; where the plan wants stems, the music alone at <c>[stem]</c>.</summary>
    /// <param name="plan">What plays when.</param>
    /// <param name="after">What is done to the sum.</param>
    public static FilterGraph Mix(MusicPlan plan, params ImmutableArray<Filter> after) => new(
    [
        .. plan.Pieces.Select((_, number) => Filters.Chain($"{number + 1}:a:0", $"piece{number}", SameRate, Filters.AudioFormat(SampleRate, plan.Layout))),
        .. Joined(plan),
        .. plan.Loops ? Looped(plan) : [],
        Shaped(plan),
        .. plan.FilmHasSound ? WithFilm(plan, after) : Alone(plan, after),
    ]);

    /// <summary>A finished mix, louder or quieter, held under a ceiling where there is one; at <c>[out]</c>.</summary>
    /// <param name="input">Number of the input that is the mix.</param>
    /// <param name="level">Gain and ceiling.</param>
    /// <param name="after">What is done then.</param>
    public static FilterGraph Leveled(int input, Level level, params ImmutableArray<Filter> after) => new(Filters.Chain(
        $"{input}:a:0", "out", [Filters.Volume(Linear(level.Gain)), .. level.Ceiling is { } ceiling ? (Filter[])[Filters.Limit(Linear(ceiling))] : [], .. after]));

    /// <summary>Decibels as a factor, to six digits.</summary>
    public static double Linear(double decibels) => Math.Round(Math.Pow(10, decibels / 20), 6);

    private static IEnumerable<FilterChain> Joined(MusicPlan plan)
    {
        for (var number = 1; number < plan.Pieces.Length; number++)
        {
            yield return new FilterChain([number == 1 ? "piece0" : $"joined{number - 1}", $"piece{number}"], [Filters.CrossFade(plan.Join)], [$"joined{number}"]);
        }
    }

    /// <summary>Fades the music's end into its own beginning, once; what comes after that beginning then repeats without a seam.</summary>
    private static IEnumerable<FilterChain> Looped(MusicPlan plan)
    {
        yield return new FilterChain([All(plan)], [Filters.AudioSplit(2)], ["body", "ahead"]);
        yield return Filters.Chain("ahead", "head", Filters.AudioUntil(plan.Join));
        yield return new FilterChain(["body", "head"], [Filters.CrossFade(plan.Join), Filters.Repeat(Samples(plan.Join), Samples((plan.Available * 2) + TimeSpan.FromSeconds(10))), Filters.AudioSetPts("N/SR/TB")], ["looped"]);
    }

    private static FilterChain Shaped(MusicPlan plan) => new(
        [plan.Loops ? "looped" : All(plan)],
        [
            Filters.AudioUntil(plan.Length),
            Filters.Volume(plan.MusicVolume),
            .. plan.FadeIn > TimeSpan.Zero ? (Filter[])[Filters.FadeIn(TimeSpan.Zero, plan.FadeIn)] : [],
            .. plan.FadeOut > TimeSpan.Zero ? (Filter[])[Filters.FadeOut(plan.Length - plan.FadeOut, plan.FadeOut)] : [],
        ],
        ["music"]);

    private static IEnumerable<FilterChain> Alone(MusicPlan plan, ImmutableArray<Filter> after)
    {
        if (!plan.Stems)
        {
            return [new FilterChain(["music"], [.. Whole(plan), .. after], ["out"])];
        }

        return [Apart("music", plan), Filters.Chain("under", "out", after.IsEmpty ? [Filters.AudioNull()] : after)];
    }

    private static IEnumerable<FilterChain> WithFilm(MusicPlan plan, ImmutableArray<Filter> after)
    {
        Filter[] own = [SameRate, Filters.AudioFormat(SampleRate, plan.Layout), .. Whole(plan)];
        Filter[] volume = plan.VideoVolume == 1 ? [] : [Filters.Volume(plan.VideoVolume)];
        var music = "music";
        if (plan.Duck is { } duck)
        {
            yield return new FilterChain(["0:a:0"], [.. own, Filters.AudioSplit(2)], ["own", "key"]);
            yield return new FilterChain(["music", "key"], [Filters.Duck(duck.Threshold, DuckRatio, duck.Attack, duck.Release, duck.Share)], ["ducked"]);
            yield return Filters.Chain("own", "film", volume.Length > 0 ? [.. volume] : [Filters.AudioNull()]);
            music = "ducked";
        }
        else
        {
            yield return Filters.Chain("0:a:0", "film", [.. own, .. volume]);
        }

        if (plan.Stems)
        {
            yield return Apart(music, plan);
            music = "under";
        }

        yield return new FilterChain(["film", music], [Filters.Mix(2), .. after], ["out"]);
    }

    // As it is heard in the mix, and once more by itself.
    private static FilterChain Apart(string music, MusicPlan plan) => new([music], [.. Whole(plan), Filters.AudioSplit(2)], ["under", "stem"]);

    // Exactly as long as the film, in silence where there is nothing.
    private static Filter[] Whole(MusicPlan plan) => [Filters.AudioPad(plan.Length), Filters.AudioUntil(plan.Length)];

    private static string All(MusicPlan plan) => plan.Pieces.Length == 1 ? "piece0" : $"joined{plan.Pieces.Length - 1}";

    private static long Samples(TimeSpan time) => (long)Math.Round(time.TotalSeconds * SampleRate);
}
