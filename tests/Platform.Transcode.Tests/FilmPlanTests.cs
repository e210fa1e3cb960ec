using System.Globalization;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;
using Platform.Transcode.Films;

namespace Platform.Transcode.Tests;

/// <summary>What is decided before anything is read again.</summary>
public sealed class FilmPlanTests
{
    private static readonly EncodeSettings Usual = new();

    [Theory]
    [InlineData("1920x1080", null, null, "1920x1080")]
    [InlineData("1920x1080", "640x640", null, "640x360")]
    [InlineData("320x180", "640x640", null, "320x180")]
    [InlineData("1080x1920", "1920x1080", null, "608x1080")]
    [InlineData("3840x2160", null, "linkedin", "1920x1080")]
    [InlineData("2160x3840", null, "tiktok", "1080x1920")]
    [InlineData("853x481", null, null, "852x480")]
    public void Keeps_the_shape_and_never_enlarges(string size, string? asked, string? platform, string expected)
    {
        var plan = FilmPlan.For(Film(size), Asked(p => p with { Size = asked is null ? null : new FrameFormat(Side(asked, 0), Side(asked, 1)), Platform = platform }), Usual);

        Assert.Equal(expected, $"{plan.Width}x{plan.Height}");
    }

    [Theory]
    [InlineData("gif", "1920x1080", "640x360 15/1")]
    [InlineData("gif", "320x180", "320x180 15/1")]
    [InlineData("hls", "3840x2160", "1920x1080 30/1")]
    public void Has_sizes_and_rates_of_its_own_for_gifs_and_streams(string format, string size, string expected)
    {
        var plan = FilmPlan.For(Film(size), Asked(p => p with { Format = format }), Usual);

        Assert.Equal(expected, $"{plan.Width}x{plan.Height} {plan.Rate}");
    }

    [Theory]
    [InlineData("reels", 10, 1, "30/1")]
    [InlineData("x", 120, 1, "120/2")]
    [InlineData("tiktok", 30000, 1001, "30000/1001")]
    [InlineData("linkedin", 60000, 1001, "60000/1001")]
    public void Divides_and_multiplies_rates_by_whole_numbers(string platform, int numerator, int denominator, string expected) =>
        Assert.Equal(expected, FilmPlan.For(Film("1080x1920", rate: new Rational(numerator, denominator)), Asked(p => p with { Platform = platform }), Usual).Rate.ToString());

    [Fact]
    public void Takes_a_usual_rate_for_one_that_varies() =>
        Assert.Equal("30/1", FilmPlan.For(Film("640x360", v => v with { FrameRate = new Rational(2713, 100), TickRate = new Rational(90_000, 1) }), Asked(p => p), Usual).Rate.ToString());

    [Theory]
    [InlineData("mp4", "h264", "aac", true, true)]
    [InlineData("mp4", "hevc", "aac", false, true)]
    [InlineData("mp4", "h264", "opus", true, false)]
    [InlineData("webm", "vp9", "opus", true, true)]
    [InlineData("webm", "av1", "vorbis", true, true)]
    [InlineData("webm", "h264", "aac", false, false)]
    [InlineData("gif", "h264", "aac", false, false)]
    [InlineData("hls", "h264", "aac", false, true)]
    public void Copies_what_is_wanted_as_it_is(string format, string picture, string sound, bool copiesPicture, bool copiesSound)
    {
        var film = Film("640x360", v => v with { Codec = picture });
        var plan = FilmPlan.For(film with { Audios = [film.Audio! with { Codec = sound }] }, Asked(p => p with { Format = format }), Usual);

        Assert.Equal((copiesPicture, copiesSound), (plan.CopiesPicture, plan.CopiesSound));
    }

    public static TheoryData<string, MediaInfo, Func<TranscodeParameters, TranscodeParameters>> NotAsItIs => new()
    {
        { "a rate is asked for", Film("1080x1920"), p => p with { Fps = 25 } },
        { "a size is asked for", Film("1080x1920"), p => p with { Size = FrameFormat.Square } },
        { "ten bits", Film("1080x1920", v => v with { PixelFormat = "yuv420p10le" }), p => p },
        { "made by a stage to be worked on", Film("1080x1920") with { Container = "matroska,webm" }, p => p with { Video = Media.Parse("@film") } },
        { "turned", Film("1080x1920", v => v with { Rotation = 90 }), p => p with { Platform = "tiktok" } },
        { "a rate that varies", Film("1080x1920", v => v with { TickRate = new Rational(90_000, 1) }), p => p with { Platform = "tiktok" } },
        { "too many bits", Film("1080x1920") with { Bytes = 100_000_000 }, p => p with { Platform = "reels" } },
        { "too many bits for the largest file", Film("1080x1920") with { Duration = TimeSpan.FromMinutes(14), Bytes = 299_000_000 }, p => p with { Platform = "reels" } },
    };

    [Theory]
    [MemberData(nameof(NotAsItIs), DisableDiscoveryEnumeration = true)]
    public void Encodes_what_is_not(string why, MediaInfo film, Func<TranscodeParameters, TranscodeParameters> with) =>
        Assert.False(FilmPlan.For(film, Asked(with), Usual).CopiesPicture, why);

    [Fact]
    public void Tells_all_that_a_platform_refuses_at_once()
    {
        var film = Film("64x640") with { Duration = TimeSpan.FromHours(5) };
        var e = Assert.Throws<StageException>(() => FilmPlan.For(film, Asked(p => p with { Platform = "linkedin", Fps = 5 }), Usual));

        Assert.Equal("transcode.too_long", e.Failure.Code);
        foreach (var part in new[] { "1800 s", "0.42 to 2.4", "144 pixels", "10 to 60" })
        {
            Assert.Contains(part, e.Failure.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("x", "1280x720", 141, "transcode.long_for_account")]
    [InlineData("youtube", "1280x720", 901, "transcode.long_for_account")]
    [InlineData("reels", "1280x720", 30, "transcode.shape_unusual")]
    [InlineData("reels", "1080x1920", 30)]
    [InlineData("x", "1280x720", 30)]
    public void Remarks_on_what_accounts_and_audiences_will_notice(string platform, string size, int seconds, params string[] codes)
    {
        var film = Film(size) with { Duration = TimeSpan.FromSeconds(seconds) };

        Assert.Equal(codes, FilmPlan.For(film, Asked(p => p with { Platform = platform }), Usual).Remarks(film).Select(remark => remark.Code));
    }

    [Fact]
    public void Holds_bits_under_what_the_largest_file_allows()
    {
        FilmPlan Plan(int seconds) => FilmPlan.For(Film("1080x1920") with { Duration = TimeSpan.FromSeconds(seconds) }, Asked(p => p with { Platform = "reels" }), Usual);

        Assert.Equal(25_000_000, Plan(30).Bitrate);
        Assert.Equal((300_000_000L * 8 * 95 / 100 / 800) - 128_000, Plan(800).Bitrate);
        Assert.Equal(128_000, Plan(30).AudioBitrate);
        Assert.Equal(25_000_000, FilmPlan.For(Film("1280x720") with { Duration = TimeSpan.FromHours(1) }, Asked(p => p with { Platform = "x" }), Usual).Bitrate);
    }

    [Fact]
    public void Writes_the_run_for_a_platform()
    {
        var previous = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            var film = Film("1440x2560", rate: new Rational(25, 1));
            var plan = FilmPlan.For(film with { Audios = [new AudioStream(1, "pcm_f32le", 6, 96_000, "5.1")] }, Asked(p => p with { Platform = "reels" }), Usual);
            var command = FilmCommand.For(plan, film with { Audios = [new AudioStream(1, "pcm_f32le", 6, 96_000, "5.1")] }, "/in", "/out", Usual);

            Assert.Equal(
                "[0:v:0]fps=fps=25/1:start_time=0,scale=w=1080:h=1920:flags=bicubic,setsar=sar=1,format=pix_fmts=yuv420p[picture];"
                + "[0:a:0]alimiter=limit=0.891251:attack=5:release=50:level=0:latency=1,aresample=osr=48000:async=1:first_pts=0,aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo[sound]",
                command.Graph!.ToFilterString());
            Assert.Equal(
                "-map [picture] -map [sound] -map_metadata -1 -map_chapters -1 -c:v libx264 -preset medium -crf 18 -pix_fmt yuv420p -g 50 -flags +cgop -fps_mode cfr -r 25/1 -color_primaries bt709 -color_trc bt709 "
                + "-colorspace bt709 -color_range tv -profile:v high -maxrate 25000000 -bufsize 50000000 -c:a aac -b:a 128000 -use_editlist 0 -movflags +faststart+negative_cts_offsets -t 11 -f mp4 /out",
                string.Join(' ', command.Arguments().SkipWhile(argument => argument != "-map")));
        }
        finally
        {
            CultureInfo.CurrentCulture = previous;
        }
    }

    private static TranscodeParameters Asked(Func<TranscodeParameters, TranscodeParameters> with) => with(new TranscodeParameters { Video = Media.Parse("library:film") });

    private static int Side(string size, int index) => int.Parse(size.Split('x')[index], CultureInfo.InvariantCulture);

    private static MediaInfo Film(string size, Func<VideoStream, VideoStream>? with = null, Rational? rate = null)
    {
        var picture = new VideoStream(0, "h264", Side(size, 0), Side(size, 1), "yuv420p", rate ?? new Rational(30, 1), 0, 300) { TickRate = rate ?? new Rational(30, 1), ColorSpace = "bt709" };
        return new MediaInfo("mov,mp4,m4a,3gp,3g2,mj2", TimeSpan.FromSeconds(10), 1_000_000, [with?.Invoke(picture) ?? picture], [new AudioStream(1, "aac", 2, 48_000, "stereo")]);
    }
}
