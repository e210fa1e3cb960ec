using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Music.Soundtracks;
using Platform.Stages;

namespace Platform.Music.Tests;

public sealed class MusicGraphTests
{
    private const string Prepared = "aresample=osr=48000:async=1:first_pts=0,aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo";

    [Fact]
    public void Lays_a_longer_piece_under_a_silent_film() => Assert.Equal(
        $"[1:a:0]{Prepared}[piece0];"
        + "[piece0]atrim=end=20.5,volume=volume=0.3:precision=float,afade=t=in:st=0:d=1,afade=t=out:st=18.5:d=2[music];"
        + "[music]apad=whole_dur=20.5,atrim=end=20.5[out]",
        Graph(new Film(TimeSpan.FromSeconds(20.5), null), [60], Parameters()));

    [Fact]
    public void Mixes_without_touching_the_film_s_level() => Assert.Equal(
        $"[1:a:0]{Prepared}[piece0];"
        + "[piece0]atrim=end=20,volume=volume=0.3:precision=float[music];"
        + $"[0:a:0]{Prepared},apad=whole_dur=20,atrim=end=20[film];"
        + "[film][music]amix=inputs=2:duration=first:dropout_transition=0:normalize=0[out]",
        Graph(new Film(TimeSpan.FromSeconds(20), "mono"), [60], Parameters() with { FadeIn = 0, FadeOut = 0 }));

    [Fact]
    public void Loops_a_shorter_piece_by_fading_its_end_into_its_beginning() => Assert.Equal(
        $"[1:a:0]{Prepared}[piece0];"
        + "[piece0]asplit=outputs=2[body][ahead];[ahead]atrim=end=1[head];"
        + "[body][head]acrossfade=d=1:c1=qsin:c2=qsin,aloop=loop=-1:size=1200000:start=48000,asetpts=expr=N/SR/TB[looped];"
        + "[looped]atrim=end=20,volume=volume=0.3:precision=float[music];"
        + "[music]apad=whole_dur=20,atrim=end=20[out]",
        Graph(new Film(TimeSpan.FromSeconds(20), null), [7.5], Parameters() with { FadeIn = 0, FadeOut = 0 }));

    [Fact]
    public void Joins_the_pieces_of_a_list_and_ducks_them_under_speech() => Assert.Equal(
        $"[1:a:0]{Prepared.Replace("stereo", "5.1", StringComparison.Ordinal)}[piece0];[2:a:0]{Prepared.Replace("stereo", "5.1", StringComparison.Ordinal)}[piece1];"
        + "[piece0][piece1]acrossfade=d=0.5:c1=qsin:c2=qsin[joined1];"
        + "[joined1]atrim=end=20,volume=volume=0.3:precision=float[music];"
        + $"[0:a:0]{Prepared.Replace("stereo", "5.1", StringComparison.Ordinal)},apad=whole_dur=20,atrim=end=20,asplit=outputs=2[own][key];"
        + "[music][key]sidechaincompress=threshold=0.00631:ratio=20:attack=50:release=600:detection=rms:mix=0.807295[ducked];"
        + "[own]volume=volume=0.5:precision=float[film];"
        + "[film][ducked]amix=inputs=2:duration=first:dropout_transition=0:normalize=0[out]",
        Graph(new Film(TimeSpan.FromSeconds(20), "5.1"), [2, 30], Parameters() with { FadeIn = 0, FadeOut = 0, VideoVolume = 0.5 }, new Hearing(true, -20)));

    [Fact]
    public void Writes_the_same_in_every_country()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Lays_a_longer_piece_under_a_silent_film();
            Joins_the_pieces_of_a_list_and_ducks_them_under_speech();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Levels_a_mix() => Assert.Equal(
        "[1:a:0]volume=volume=1.995262:precision=float,alimiter=limit=0.812831:attack=5:release=50:level=0:latency=1[out]",
        MusicGraph.Leveled(1, new Level(6, -1.8)).ToFilterString());

    private static string Graph(Film film, double[] pieces, MusicParameters parameters, Hearing? hearing = null) =>
        MusicGraph.Mix(MusicPlan.For(film, [.. pieces.Select(TimeSpan.FromSeconds)], parameters, hearing)).ToFilterString();

    private static MusicParameters Parameters() => Plans.Parameters();
}

public sealed class MusicPlanTests
{
    [Fact]
    public void Begins_where_it_is_told_and_takes_no_more_pieces_than_the_film_needs()
    {
        var plan = Plan(20, [10, 15, 30, 60], Plans.Parameters() with { StartAt = 12 });

        Assert.Equal([new Piece(1, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(13)), new Piece(2, TimeSpan.Zero, TimeSpan.FromSeconds(30))], plan.Pieces);
        Assert.False(plan.Loops);
    }

    [Fact]
    public void Refuses_to_begin_after_the_end() =>
        Assert.Equal("music.start_after_end", Assert.Throws<StageException>(() => Plan(20, [10, 15], Plans.Parameters() with { StartAt = 25 })).Failure.Code);

    [Fact]
    public void Loops_only_when_asked()
    {
        Assert.True(Plan(20, [10], Plans.Parameters()).Loops);
        Assert.False(Plan(20, [10], Plans.Parameters() with { Loop = false }).Loops);
        Assert.False(Plan(20, [20], Plans.Parameters()).Loops);
    }

    [Fact]
    public void Shortens_fades_and_joins_to_what_there_is()
    {
        var plan = Plan(3, [0.4], Plans.Parameters() with { FadeIn = 5, FadeOut = 9 });

        Assert.Equal((1.5, 1.5, 0.1), (plan.FadeIn.TotalSeconds, plan.FadeOut.TotalSeconds, plan.Join.TotalSeconds));
    }

    [Theory]
    [InlineData(null, true, true)] // by ear
    [InlineData(null, false, false)]
    [InlineData(true, false, true)] // as told
    [InlineData(false, true, false)]
    public void Ducks_when_there_is_speech_or_when_told(bool? asked, bool speech, bool ducks) =>
        Assert.Equal(ducks, Plan(20, [60], Plans.Parameters() with { Duck = asked is { } told ? new Ducking(told) : null }, new Hearing(speech, -20)).Duck is not null);

    [Fact]
    public void Does_not_duck_under_a_film_that_is_not_heard() =>
        Assert.Null(Plan(20, [60], Plans.Parameters() with { Duck = new Ducking(true), VideoVolume = 0 }, new Hearing(true, -20)).Duck);

    [Theory]
    [InlineData("stereo", "stereo")]
    [InlineData("mono", "stereo")]
    [InlineData("5.1", "5.1")]
    [InlineData("quad", "stereo")]
    public void Keeps_a_layout_that_players_know(string film, string result) =>
        Assert.Equal(result, MusicPlan.For(new Film(TimeSpan.FromSeconds(5), film), [TimeSpan.FromSeconds(9)], Plans.Parameters(), null).Layout);

    private static MusicPlan Plan(double film, double[] pieces, MusicParameters parameters, Hearing? hearing = null) =>
        MusicPlan.For(new Film(TimeSpan.FromSeconds(film), "stereo"), [.. pieces.Select(TimeSpan.FromSeconds)], parameters, hearing);
}

public sealed class LevelSearchTests
{
    private static readonly LoudnessTarget Target = new(true);

    [Fact]
    public void Needs_no_limiter_where_no_peak_comes_near() => Assert.Equal(new Level(4, null), new LevelSearch(new Loudness(-18, 3, -6), Target).Level);

    [Fact]
    public void Holds_peaks_under_the_ceiling_with_room_for_the_encoder() => Assert.Equal(new Level(12, -1.8), new LevelSearch(new Loudness(-26, 3, -6), Target).Level);

    [Fact]
    public void Leaves_silence_alone() => Assert.Equal(new Level(0, null), new LevelSearch(new Loudness(null, 0, null), Target).Level);

    [Fact]
    public void Corrects_by_what_was_missed()
    {
        var search = new LevelSearch(new Loudness(-18, 3, -6), Target);
        search.Learn(new Loudness(-14.4, 3, -0.7));

        Assert.Equal(4.4, search.Level.Gain, 3);
        Assert.Equal(-1.35, search.Level.Ceiling!.Value, 3);
    }

    [Theory]
    [InlineData(-14.2, -1.0, 0, true)]
    [InlineData(-14.3, -1.5, 0, false)]
    [InlineData(-14.0, -0.9, 0, false)]
    [InlineData(-14.0, -1.2, 0.4, false)]
    public void Knows_when_it_is_met(double integrated, double peak, double room, bool met) =>
        Assert.Equal(met, new LevelSearch(new Loudness(-18, 3, -6), Target).IsMet(new Loudness(integrated, 3, peak), room));

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(1.0)]
    public void Finds_the_level_behind_a_limiter_that_gives_in(double slope)
    {
        // Up to 6 dB of gain counts whole, what is above only in part; peaks come out 1.2 dB above the ceiling.
        Loudness Give(Level level) => new(-26 + Math.Min(level.Gain, 6) + (Math.Max(level.Gain - 6, 0) * slope), 3, (level.Ceiling ?? 5) + 1.2);
        var search = new LevelSearch(new Loudness(-26, 3, -6), Target);
        var tries = 1;
        for (; !search.IsMet(Give(search.Level)); tries++)
        {
            search.Learn(Give(search.Level));
        }

        Assert.InRange(tries, 1, 6);
    }
}

internal static class Plans
{
    public static MusicParameters Parameters() => new() { Video = Media("@film"), Music = new MediaList([Media("upload:4b0f3b53-6a54-4b4e-8b0a-0123456789ab")]) };

    public static Media Media(string text) => Contracts.Media.TryParse(text, out var media) ? media : throw new ArgumentException(text);
}
