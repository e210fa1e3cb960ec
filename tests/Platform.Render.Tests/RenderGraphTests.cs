using System.Collections.Immutable;
using System.Globalization;
using Platform.Ffmpeg;
using Platform.Render.Graphs;
using Platform.Templates;

namespace Platform.Render.Tests;

public sealed class RenderGraphTests
{
    private static readonly Area Whole = new(0, 0, 320, 180);

    [Fact]
    public void Uses_a_picture_that_fills_the_film_as_its_ground() => Assert.Equal(
        "[1:v]trim=end_frame=60,settb=expr=1/30,setpts=expr=N[ground];"
        + "[2:v]settb=expr=1/30,setpts=expr=N+10+38*gte(N\\,2)[layer0];"
        + "[ground][layer0]overlay=x=20:y=40:format=yuv420:enable=between(n\\,10\\,59)[over0];"
        + "[over0]setsar=sar=1,format=pix_fmts=yuv420p[picture]",
        Text(new Piece(0, 60, Whole, true, new Drawn(1, [.. Enumerable.Range(0, 60)])), new Piece(10, 60, new Area(20, 40, 100, 50), false, new Drawn(2, [10, 11, 50]))));

    [Fact]
    public void Joins_scenes_and_fills_gaps_with_the_background() => Assert.Equal(
        "[0:v]loop=loop=29:size=1:start=0,settb=expr=1/30,setpts=expr=N[gap0];"
        + "[1:v]settb=expr=1/30,setpts=expr=N+0,fps=fps=30:round=down:start_time=0,tpad=stop_mode=clone:stop=-1,trim=end_frame=30,settb=expr=1/30,setpts=expr=N[part1];"
        + "[gap0][part1]concat=n=2:v=1:a=0,settb=expr=1/30,setpts=expr=N[ground];"
        + "[ground]setsar=sar=1,format=pix_fmts=yuv420p[picture]",
        Text(new Piece(30, 60, Whole, true, new Drawn(1, [30]))));

    [Theory]
    [InlineData("bt709", "", "scale=w=320:h=240:flags=bicubic")]
    [InlineData("smpte170m", "", "zscale=w=320:h=240:filter=bicubic:matrixin=170m:rangein=limited:matrix=709:range=limited")]
    [InlineData(null, "setparams=colorspace=smpte170m,", "zscale=w=320:h=240:filter=bicubic:matrixin=170m:rangein=limited:matrix=709:range=limited")]
    public void Brings_a_film_to_our_times_size_and_colours(string? colours, string named, string sized)
    {
        var shot = new FilmShot { Seek = 3, From = 4.5, Speed = 2, Start = 10, Picture = new VideoStream(0, "h264", 640, 480, "yuv420p", new Rational(30, 1), 0, null) { TickRate = new Rational(30, 1), ColorSpace = colours } };

        Assert.Equal(
            $"[1:v:0]{named}setpts=expr=((PTS*TB+3-4.5)/2+(10+0.27)/30)/TB,fps=fps=30:round=down:start_time=0.333333,"
            + $"{sized},crop=w=320:h=180:x=0:y=30,setsar=sar=1,format=pix_fmts=yuv420p,trim=end_frame=20[layer0]",
            Text(new Piece(10, 30, Whole, false, new Filmed(1, shot))).Split(';')[1]);
    }

    [Fact]
    public void Paces_a_transition_by_its_films_clock()
    {
        var graph = Text(new Piece(0, 60, Whole, true, new Crossed(new Drawn(1, [.. Enumerable.Range(0, 60)]), new Drawn(2, [.. Enumerable.Range(0, 60)]), "wipeleft", Easing.Linear, 0, 60)));

        Assert.Contains("[grounda][groundb]xfade=transition=wipeleft:duration=2:offset=0,settb=expr=1/30,setpts=expr=N+0,format=pix_fmts=yuv420p,trim=end_frame=60[ground]", graph, StringComparison.Ordinal);
        Assert.Contains("[groundain]format=pix_fmts=yuv444p,settb=expr=1/90000,setpts=expr=N*3000[grounda]", graph, StringComparison.Ordinal);
    }

    [Fact]
    public void Blends_in_RGB_where_the_layer_is() => Assert.Equal(
        "[ground]split=outputs=2[layer0main][layer0copy];[layer0copy]crop=w=100:h=50:x=20:y=40,scale=in_color_matrix=bt709:in_range=tv,format=pix_fmts=gbrp[layer0under];"
        + "[layer0]fps=fps=30:round=down:start_time=0,tpad=stop_mode=clone:stop=-1,trim=end_frame=60,split=outputs=2[layer0color][layer0shape];"
        + "[layer0shape]alphaextract[layer0alpha];[layer0color]scale=in_color_matrix=bt709:in_range=tv,format=pix_fmts=gbrp[layer0upper];"
        + "[layer0upper][layer0under]blend=all_mode=multiply[layer0mixed];[layer0mixed][layer0alpha]alphamerge,scale=out_color_matrix=bt709:out_range=tv,format=pix_fmts=yuva420p[layer0done];"
        + "[layer0main][layer0done]overlay=x=20:y=40:format=yuv420:enable=between(n\\,0\\,59)[over0];[over0]setsar=sar=1,format=pix_fmts=yuv420p[picture]",
        string.Join(';', Text(new Piece(0, 60, new Area(20, 40, 100, 50), false, new Drawn(1, [0]), "multiply")).Split(';')[2..]));

    [Fact]
    public void Writes_the_same_in_every_country()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Brings_a_film_to_our_times_size_and_colours("bt709", "", "scale=w=320:h=240:flags=bicubic");
            Uses_a_picture_that_fills_the_film_as_its_ground();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Lets_a_volume_rise_and_stay() => Assert.Equal(
        "if(lt(t,0),0,if(lt(t,2),0+0.5*(t-0),1))",
        SoundGraph.Curve([new Keyframe { At = 0, Value = new Extent(0) }, new Keyframe { At = 2, Value = new Extent(1), Easing = Easing.Linear }]));

    [Fact]
    public void Ducks_what_asks_for_it_under_the_rest()
    {
        var timeline = new Timeline
        {
            Width = 320, Height = 180, Fps = 30, Frames = 60, Background = "#000", Layers = [],
            Sounds =
            [
                new Sound { Label = "voice", Src = Contracts.Media.Parse("library:voice"), Start = 15, Length = 30 },
                new Sound { Label = "music", Src = Contracts.Media.Parse("library:music"), Start = 0, Length = 60, Volume = 0.5, Duck = new Contracts.Ducking(true, 20), FadeOut = 1 },
            ],
        };
        const string prepared = "aresample=osr=48000:async=1:first_pts=0,aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo";

        Assert.Equal(
            $"[1:a:0]{prepared},atrim=end=1,adelay=delays=24000S:all=1[sound0];"
            + $"[2:a:0]{prepared},atrim=end=2,volume=volume=0.5:precision=float,afade=t=out:st=1:d=1[sound1];"
            + "[sound0]apad=whole_dur=2,atrim=end=2,asplit=outputs=2[open][sound1key];[sound1]apad=whole_dur=2,atrim=end=2[sound1whole];"
            + "[sound1whole][sound1key]sidechaincompress=threshold=0.015849:ratio=20:attack=50:release=600:detection=rms:mix=0.9[sound1ducked];"
            + "[open][sound1ducked]amix=inputs=2:duration=first:dropout_transition=0:normalize=0,apad=whole_dur=2,atrim=end=2,alimiter=limit=0.891251:attack=5:release=50:level=0:latency=1[sound]",
            new Ffmpeg.FilterGraph([.. SoundGraph.For(timeline, 1)]).ToFilterString());
    }

    private static string Text(params ImmutableArray<Piece> pieces) => RenderGraph.For(new RenderPlan { Width = 320, Height = 180, Fps = 30, Frames = 60, Background = 0, Pieces = pieces }).ToFilterString();
}
