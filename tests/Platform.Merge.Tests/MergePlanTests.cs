using System.Collections.Immutable;
using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Merge.Beats;
using Platform.Merge.Films;
using Platform.Stages;

namespace Platform.Merge.Tests;

public sealed class MergePlanTests
{
    [Fact]
    public void Places_sounds_to_the_sample_and_pictures_at_the_nearest_frame()
    {
        var plan = Plans.Of(Enumerable.Range(0, 101).Select(_ => Plans.Scene(10, voice: 15_061)).ToArray(), p => p with { Fps = 30 });

        Assert.Equal(100 * 15_061L, plan.Scenes[100].FirstSample);
        Assert.Equal(101 * 15_061L, plan.Samples);
        Assert.All(plan.Scenes, scene => Assert.InRange((scene.FirstFrame / 30.0) - (scene.FirstSample / 48_000.0), -0.5 / 30, 0.5 / 30));
        Assert.Equal(plan.Frames, plan.Scenes.Sum(scene => scene.Frames));
    }

    [Fact]
    public void Does_not_let_transitions_shorten_anything()
    {
        var scenes = new[] { Plans.Scene(4), Plans.Scene(4), Plans.Scene(4) };
        var plan = Plans.Of(scenes, p => p with { Transition = new TransitionList([new Transition("fade", 1)], false) });

        Assert.Equal(300, plan.Frames);
        Assert.Equal([0, 25, 25], plan.Scenes.Select(scene => scene.EntryFrames));
        Assert.Equal([25, 25, 0], plan.Scenes.Select(scene => scene.ExitFrames));
    }

    [Fact]
    public void Keeps_a_transition_shorter_than_its_scene() =>
        Assert.Equal(9, Plans.Of([Plans.Scene(4), Plans.Scene(0.4)], p => p with { Transition = new TransitionList([new Transition("fade", 5)], false) }).Scenes[1].EntryFrames);

    [Theory]
    [InlineData(null, null, 4)]
    [InlineData(null, 2.0, 2)]
    [InlineData("voice", 6.0, 6)]
    [InlineData("video", 2.0, 4)]
    [InlineData("video", 6.0, 6)] // nobody's words are cut
    [InlineData("3", null, 3)]
    [InlineData("3", 5.0, 5)]
    public void Is_as_long_as_asked_and_never_shorter_than_the_voice(string? asked, double? voice, double expected)
    {
        var length = asked switch { null => null, "voice" => SceneLength.Voice, "video" => SceneLength.Video, _ => new SceneLength(false, double.Parse(asked, CultureInfo.InvariantCulture)) };

        Assert.Equal(expected, Plans.Of([Plans.Scene(4, voice: (long?)(voice * 48_000)) with { }], each: scene => scene with { Length = length }).Samples / 48_000.0);
    }

    [Fact]
    public void Takes_the_first_film_s_size_and_rate_where_none_is_asked_for()
    {
        var plan = Plans.Of([Plans.Scene(2, "641x363", "30000/1001"), Plans.Scene(2)], p => p with { Fps = null, Format = null });

        Assert.Equal((640, 362, new Rational(30_000, 1001)), (plan.Width, plan.Height, plan.Rate));
    }

    [Theory]
    [InlineData("1000000/1", "1000000/1")]
    [InlineData("1/1000000", "1/1000000")]
    [InlineData("23/1", "90000/1")] // wavers
    public void Does_not_take_a_rate_that_no_film_has(string mean, string tick) =>
        Assert.Equal(new Rational(30, 1), Plans.Of([Plans.Scene(2, "64x64", mean, tick)], p => p with { Fps = null }).Rate);

    [Fact]
    public void Refuses_a_still_picture_of_no_length_a_part_after_the_end_and_a_film_of_days()
    {
        Assert.Equal("merge.no_length", Code(() => Plans.Of([Plans.Still()])));
        Assert.Equal("merge.trim_after_end", Code(() => Plans.Of([Plans.Scene(4)], each: scene => scene with { Trim = new SceneTrim { Start = 4 } })));
        Assert.Equal("merge.too_long", Code(() => Plans.Of([.. Enumerable.Repeat(Plans.Scene(3600), 7)])));

        static string Code(Action plan) => Assert.Throws<StageException>(plan).Failure.Code;
    }

    [Fact]
    public void Loops_only_what_is_too_short()
    {
        Assert.True(Plans.Of([Plans.Scene(2, voice: 480_000)], each: scene => scene with { Hold = SceneHold.Loop }).Scenes[0].Loops);
        Assert.False(Plans.Of([Plans.Scene(20, voice: 480_000)], each: scene => scene with { Hold = SceneHold.Loop }).Scenes[0].Loops);
        Assert.False(Plans.Of([Plans.Still() with { VoiceSamples = 480_000 }], each: scene => scene with { Hold = SceneHold.Loop }).Scenes[0].Loops);
    }
}

/// <summary>Scenes that end on beats.</summary>
public sealed class BeatPlanTests
{
    private static readonly BeatGrid Beats = new([.. Enumerable.Range(0, 20).Select(beat => beat * 24_000L)], 24_000); // every half second

    [Fact]
    public void Ends_scenes_on_the_nearest_beat_and_the_film_where_it_would() =>
        Assert.Equal([2.0, 1.5, 1.2], Lengths([Plans.Scene(2.2), Plans.Scene(1.6), Plans.Scene(1.2)]));

    [Fact]
    public void Never_cuts_a_voice() =>
        Assert.Equal([1.8, 1.2, 1.0], Lengths([Plans.Scene(4, voice: 86_400), Plans.Scene(1.5), Plans.Scene(1)]));

    [Fact]
    public void Makes_longer_only_what_has_more_to_show()
    {
        Assert.Equal(1.0, Lengths([Plans.Scene(1.4), Plans.Scene(1)])[0]); // 1.5 is nearer, and would hold a frame
        Assert.Equal(1.5, Lengths([Plans.Scene(5), Plans.Scene(1)], scene => scene with { Length = new SceneLength(false, 1.4) })[0]);
        Assert.Equal(1.5, Lengths([Plans.Scene(1.4), Plans.Scene(1)], scene => scene with { Hold = SceneHold.Loop })[0]);
        Assert.Equal(1.5, Lengths([Plans.Still(), Plans.Scene(1)], scene => scene with { Length = new SceneLength(false, 1.4) })[0]);
        Assert.Equal(1.5, Lengths([Plans.Scene(1), Plans.Scene(1)], scene => scene with { Length = new SceneLength(false, 1.4) })[0]); // a frame is held anyway
    }

    [Fact]
    public void Leaves_a_scene_as_it_is_where_no_beat_is_near()
    {
        Assert.Equal(0.3, Lengths([Plans.Scene(0.3), Plans.Scene(1)])[0]); // its only beats are before its middle, or beyond what there is to see
        Assert.Equal([9.5, 2.2], Lengths([Plans.Scene(9.6), Plans.Scene(2.2), Plans.Scene(1)])[..2]); // the music ends
    }

    private static double[] Lengths(SceneMedia[] scenes, Func<MergeScene, MergeScene>? each = null) =>
        [.. Plans.Of(scenes, each: each, beats: Beats).Scenes.Select(scene => scene.Samples / 48_000.0)];
}

public sealed class PiecesTests
{
    [Fact]
    public void Makes_sixteen_scenes_at_once() => Assert.Single(Pieces.Of(Plans.Of([.. Enumerable.Repeat(Plans.Scene(1, "1920x1080"), 16)])));

    [Theory]
    [InlineData("64x64", 200, 16)]
    [InlineData("3840x2160", 9, 4)]
    public void Cuts_longer_films_after_a_transition_within_a_scene(string size, int scenes, int most)
    {
        var plan = Plans.Of([.. Enumerable.Repeat(Plans.Scene(1, size), scenes)], p => p with { Transition = new TransitionList([new Transition("fade", 0.4)], false) });
        var pieces = Pieces.Of(plan);

        Assert.Equal((int)Math.Ceiling(scenes / (double)most), pieces.Length);
        Assert.All(pieces, piece => Assert.InRange(piece.Scenes.Count(), 1, most + 1)); // and the one that the last transition leads to
        Assert.All(pieces.Skip(1), piece => Assert.Equal(10, Assert.IsType<Body>(piece.Segments[0]).From));
        Assert.All(pieces.SkipLast(1), piece => Assert.IsType<Passage>(piece.Segments[^1]));
        Assert.Equal(plan.Frames, pieces.Sum(piece => piece.Frames));
    }
}

public sealed class PictureGraphTests
{
    [Fact]
    public void Joins_scenes_with_a_transition_and_a_cut()
    {
        var plan = Plans.Of(
            [Plans.Scene(2, "320x180"), Plans.Scene(2, "320x180", "50/1"), Plans.Still() with { VoiceSamples = 48_000 }],
            p => p with { Format = new FrameFormat(320, 180), Transition = new TransitionList([new Transition("fade", 0.4), new Transition("cut")], true) });

        Assert.Equal(
            "[0:v:0]zscale=w=320:h=180:filter=bicubic:matrixin=170m:rangein=limited:matrix=709:range=limited,setsar=sar=1,format=pix_fmts=yuv420p,fps=fps=25/1:start_time=0,tpad=stop=23:stop_mode=clone,split=outputs=2[s0at0of][s0at50of];"
            + "[s0at0of]trim=start_frame=0:end_frame=50,setpts=expr=PTS-STARTPTS[s0at0];[s0at50of]trim=start_frame=50:end_frame=60,setpts=expr=PTS-STARTPTS[s0at50];"
            + "[1:v:0]fps=fps=25/1:start_time=0,zscale=w=320:h=180:filter=bicubic:matrixin=170m:rangein=limited:matrix=709:range=limited,setsar=sar=1,format=pix_fmts=yuv420p,tpad=stop=13:stop_mode=clone,split=outputs=2[s1at0of][s1at10of];"
            + "[s1at0of]trim=start_frame=0:end_frame=10,setpts=expr=PTS-STARTPTS[s1at0];[s1at10of]trim=start_frame=10:end_frame=50,setpts=expr=PTS-STARTPTS[s1at10];"
            + "[2:v:0]scale=w=320:h=180:flags=bicubic:out_color_matrix=bt709:out_range=tv,setsar=sar=1,format=pix_fmts=yuv420p,fps=fps=25/1:start_time=0,tpad=stop=25:stop_mode=clone,trim=start_frame=0:end_frame=25,setpts=expr=PTS-STARTPTS[s2at0];"
            + "[s0at50][s1at0]xfade=transition=fade:duration=0.4:offset=0,trim=start_frame=0:end_frame=10,setpts=expr=PTS-STARTPTS[t1];"
            + "[s0at0][t1][s1at10][s2at0]concat=n=4:v=1:a=0[picture]",
            PictureGraph.For(plan, Pieces.Of(plan)[0]).ToFilterString());
    }

    [Theory]
    [InlineData(SceneFit.Cover, "scale=w=640:h=180:flags=bicubic,crop=w=180:h=180,scale=w=180:h=180:flags=bicubic,setsar=sar=1,format=pix_fmts=yuv420p")]
    [InlineData(SceneFit.Contain, "scale=w=180:h=50:flags=bicubic,setsar=sar=1,format=pix_fmts=yuv420p,pad=w=180:h=180:x=0:y=64")]
    public void Fits(SceneFit fit, string expected) => Assert.Equal(
        $"[0:v:0]{expected}[out]",
        new FilterGraph([.. PictureShape.Chains(Plans.Picture("640x180") with { ColorSpace = "bt709" }, fit, 180, 180, [], [], "0:v:0", "out")]).ToFilterString());

    [Fact]
    public void Takes_impossible_pixels_for_square_ones() => Assert.Equal(1, PlainPicture.PixelAspect(Plans.Picture("64x64") with { PixelAspect = new Rational(1, 65_535) }));

    [Fact]
    public void Never_scales_to_more_than_the_frame_needs()
    {
        var graph = new FilterGraph([.. PictureShape.Chains(Plans.Picture("16x3840"), SceneFit.Cover, 1920, 1080, [], [], "0:v:0", "out")]).ToFilterString();

        Assert.Contains("crop=w=16:h=8,scale=w=1920:h=1080", graph, StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_the_same_in_every_country()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Joins_scenes_with_a_transition_and_a_cut();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}

public sealed class CopyRuleTests
{
    [Fact]
    public void Copies_whole_scenes_of_one_kind() => Assert.True(Holds());

    [Fact]
    public void Does_not_copy_what_has_to_be_changed()
    {
        Assert.False(Holds(p => p with { Format = new FrameFormat(32, 32) }));
        Assert.False(Holds(p => p with { Fps = 30 }));
        Assert.False(Holds(p => p with { Transition = new TransitionList([new Transition("fade")], false) }));
        Assert.False(Holds(each: scene => scene with { Trim = new SceneTrim { End = 1 } }));
        Assert.False(Holds(each: scene => scene with { Length = new SceneLength(false, 5) }));
        Assert.False(Holds(with: null, each: null, scene: Plans.Scene(2, "64x64") with { VoiceSamples = 40_000 }));
        Assert.False(Holds(with: null, each: null, scene: Plans.Scene(2, "64x64", picture: picture => picture with { Rotation = 90 })));
        Assert.False(Holds(with: null, each: null, scene: Plans.Scene(2, "64x64", picture: picture => picture with { Codec = "hevc" })));
    }

    [Fact]
    public void Does_not_pass_what_an_earlier_stage_made_for_us_on_as_a_result()
    {
        var plan = Plans.Of([Plans.Scene(2)]);
        var staged = new MergeParameters { Scenes = [new MergeScene { Video = Media.Parse("@page") }] };

        Assert.True(CopyRule.Holds(plan, staged, encodesForResult: false));
        Assert.False(CopyRule.Holds(plan, staged, encodesForResult: true));
    }

    [Fact]
    public void Finds_parameter_sets() => Assert.Equal(
        [0x67, 1, 2, 0x68, 3],
        CopyRule.ParameterSets([0, 0, 0, 1, 0x67, 1, 2, 0, 0, 0, 1, 0x68, 3, 0, 0, 1, 0x65, 9, 9, 9]));

    private static bool Holds(Func<MergeParameters, MergeParameters>? with = null, Func<MergeScene, MergeScene>? each = null, SceneMedia? scene = null)
    {
        var plan = Plans.Of([Plans.Scene(2, "64x64"), scene ?? Plans.Scene(2, "64x64")], with, each);
        return CopyRule.Holds(plan, new MergeParameters { Scenes = [.. plan.Scenes.Select(planned => planned.Asked)] }, encodesForResult: true);
    }
}

/// <summary>Plans of scenes that need no files.</summary>
internal static class Plans
{
    public static MergePlan Of(SceneMedia[] scenes, Func<MergeParameters, MergeParameters>? with = null, Func<MergeScene, MergeScene>? each = null, BeatGrid? beats = null)
    {
        var parameters = new MergeParameters
        {
            Scenes = [.. scenes.Select(scene => (each ?? (same => same))(new MergeScene { Video = Media.Parse("library:a"), Voiceover = scene.VoiceSamples is null ? null : Media.Parse("library:v") }))],
            Format = new FrameFormat(64, 64),
            Fps = 25,
        };
        return MergePlan.For(with?.Invoke(parameters) ?? parameters, scenes, beats);
    }

    public static SceneMedia Scene(double seconds, string size = "64x64", string rate = "25/1", string? tick = null, long? voice = null, long? own = null, Func<VideoStream, VideoStream>? picture = null)
    {
        var stream = Picture(size) with { FrameRate = Rational.Parse(rate)!.Value, TickRate = Rational.Parse(tick ?? rate)!.Value, Duration = TimeSpan.FromSeconds(seconds) };
        return new SceneMedia
        {
            Video = new MediaInfo("mov,mp4,m4a,3gp,3g2,mj2", TimeSpan.FromSeconds(seconds), 1000, [picture?.Invoke(stream) ?? stream], []),
            VoiceSamples = voice,
            OwnSamples = own,
        };
    }

    public static SceneMedia Still() => new() { Video = new MediaInfo("png_pipe", null, 1000, [Picture("320x180") with { PixelFormat = "rgb24" }], []) };

    public static VideoStream Picture(string size)
    {
        var sides = size.Split('x').Select(side => int.Parse(side, CultureInfo.InvariantCulture)).ToImmutableArray();
        return new VideoStream(0, "h264", sides[0], sides[1], "yuv420p", new Rational(25, 1), 0, null) { TickRate = new Rational(25, 1) };
    }
}
