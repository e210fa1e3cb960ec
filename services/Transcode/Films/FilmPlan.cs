using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Transcode.Films;

/// <summary>What is made of a film: everything decided, nothing of ffmpeg yet.</summary>
internal sealed record FilmPlan
{
    /// <summary>Frames per second of a GIF that nobody asked a rate for, and its longest side in pixels: what people take for small and still read.</summary>
    private const int GifRate = 15, GifSide = 640;

    /// <summary>A GIF of a minute has some 100 MB already.</summary>
    private static readonly TimeSpan LongestGif = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestFilm = TimeSpan.FromHours(12);

    /// <summary>The share of a platform's largest file that is aimed at: what x264 keeps on the mean it does not keep at each moment.</summary>
    private const double ShareOfFile = 0.95;

    /// <summary>Rates that films have: one of them stands for a rate that varies.</summary>
    private static readonly ImmutableArray<Rational> UsualRates = [new(24, 1), new(25, 1), new(30, 1), new(50, 1), new(60, 1)];

    /// <summary>One of the formats of <see cref="TranscodeParameters.Format"/>.</summary>
    public required string Format { get; init; }

    public required TimeSpan Length { get; init; }

    /// <summary>In pixels, even.</summary>
    public required int Width { get; init; }

    /// <summary>In pixels, even.</summary>
    public required int Height { get; init; }

    public required Rational Rate { get; init; }

    /// <summary>The picture is what is wanted as it is: its bits stay.</summary>
    public required bool CopiesPicture { get; init; }

    /// <summary>The sound is what is wanted as it is: its bits stay. False for a film without sound.</summary>
    public required bool CopiesSound { get; init; }

    public bool KeepsAlpha { get; init; }

    /// <summary>Most bits per second of the picture; null where there is no limit.</summary>
    public long? Bitrate { get; init; }

    /// <summary>Bits per second of sound that is encoded.</summary>
    public required int AudioBitrate { get; init; }

    /// <summary>Channels of sound that is encoded.</summary>
    public required string Layout { get; init; }

    /// <summary>Samples per second of sound that is encoded.</summary>
    public required int SampleRate { get; init; }

    public PlatformRules? Platform { get; init; }

    /// <summary>Decides what is made.</summary>
    /// <param name="film">What a probe found.</param>
    /// <param name="parameters">What is asked for.</param>
    /// <param name="settings">The job's.</param>
    /// <exception cref="StageException"><c>transcode.too_long</c> and what else a platform refuses, all in one.</exception>
    /// <exception cref="MediaException">It is no film.</exception>
    public static FilmPlan For(MediaInfo film, TranscodeParameters parameters, EncodeSettings settings)
    {
        var picture = film.RequireVideo();
        var platform = parameters.Format == TranscodeParameters.Hls ? Platforms.Hls : parameters.Platform is { } name ? Platforms.All[name] : null;
        var (width, height) = SizeOf(picture, parameters, platform);
        var plan = new FilmPlan
        {
            Format = parameters.Format,
            Platform = platform,
            Length = film.RequireDuration(),
            Width = width,
            Height = height,
            Rate = RateOf(picture, parameters, platform),
            CopiesPicture = false,
            CopiesSound = CopiesSoundOf(film, parameters.Format, platform),
            KeepsAlpha = parameters.Format is TranscodeParameters.Webm or TranscodeParameters.Gif && picture.HasTransparency,
            Layout = LayoutOf(film.Audio, platform),
            SampleRate = parameters.Format == TranscodeParameters.Webm || film.Audio is not { SampleRate: <= OpusRate } sound ? OpusRate : sound.SampleRate,
            AudioBitrate = Math.Min(settings.AudioBitrate, platform?.AudioBitrate ?? int.MaxValue),
        };
        Refuse(plan);
        plan = plan with { Bitrate = platform is null ? null : BitrateOf(platform, plan) };
        return plan with { CopiesPicture = CopiesPictureOf(film, parameters, plan) };
    }

    /// <summary>Samples per second that Opus has, and platforms take.</summary>
    private const int OpusRate = 48_000;

    /// <summary>What its owner should know.</summary>
    public IEnumerable<(string Code, string Detail)> Remarks(MediaInfo film) =>
    [
        .. Platform is null ? [] : Platforms.Remarks(Platform, this),
        .. film.Video!.HasTransparency && !KeepsAlpha ? [("transcode.alpha_dropped", "H.264 has no transparency: what is transparent became black. WebM and GIF keep it.")] : Array.Empty<(string, string)>(),
    ];

    private static void Refuse(FilmPlan plan)
    {
        (string Code, string Detail)[] refusals =
        [
            .. plan.Platform is null ? [] : Platforms.Refusals(plan.Platform, plan),
            .. plan.Length > LongestFilm ? [("transcode.too_long", $"A film may have {LongestFilm.TotalHours:0} hours.")] : Array.Empty<(string, string)>(),
            .. plan.Format == TranscodeParameters.Gif && plan.Length > LongestGif
                ? [("transcode.too_long", FormattableString.Invariant($"A GIF may have {LongestGif.TotalSeconds:0} s, the film has {plan.Length.TotalSeconds:0.#} s."))]
                : Array.Empty<(string, string)>(),
        ];
        if (refusals.Length > 0)
        {
            throw new StageException(refusals[0].Code, FailureKind.Permanent, string.Join(' ', refusals.Select(refusal => refusal.Detail)));
        }
    }

    // Never enlarged, never another shape.
    private static (int Width, int Height) SizeOf(VideoStream picture, TranscodeParameters parameters, PlatformRules? platform)
    {
        var (width, height) = (picture.Width * PlainPicture.PixelAspect(picture), (double)picture.Height);
        var scale = 1.0;
        if (parameters.Size is { } size)
        {
            scale = Math.Min(scale, Math.Min(size.Width / width, size.Height / height));
        }
        else if (parameters.Format == TranscodeParameters.Gif)
        {
            scale = Math.Min(scale, GifSide / Math.Max(width, height));
        }

        if (platform is not null)
        {
            scale = Math.Min(scale, Math.Min(platform.LongSide / Math.Max(width, height), platform.ShortSide / Math.Min(width, height)));
        }

        return (Even(width * scale), Even(height * scale));
    }

    private static Rational RateOf(VideoStream picture, TranscodeParameters parameters, PlatformRules? platform)
    {
        if (parameters.Fps is { } fps)
        {
            return new Rational(fps, 1);
        }

        var own = picture.FrameRate == picture.TickRate && picture.FrameRate.Value <= 120 ? picture.FrameRate
            : UsualRates.FirstOrDefault(rate => rate.Value > picture.FrameRate.Value - 0.1, UsualRates[^1]);
        return platform is not null ? Platforms.RateFor(platform, own)
            : parameters.Format == TranscodeParameters.Gif && own.Value > GifRate ? new Rational(GifRate, 1)
            : own;
    }

    private static long BitrateOf(PlatformRules platform, FilmPlan plan)
    {
        var whole = platform.MaxBytesFor(plan.Length) * 8 * ShareOfFile / plan.Length.TotalSeconds;
        return (long)Math.Min(whole - plan.AudioBitrate, platform.Bitrate ?? int.MaxValue);
    }

    private static bool CopiesPictureOf(MediaInfo film, TranscodeParameters parameters, FilmPlan plan)
    {
        var picture = film.Video!;
        var asItIs = (parameters.Fps is null || picture.FrameRate == plan.Rate)
            && (parameters.Size is null || (picture.Width, picture.Height) == (plan.Width, plan.Height));
        return asItIs && plan.Format switch
        {
            TranscodeParameters.Webm => picture.Codec is "vp8" or "vp9" or "av1",
            TranscodeParameters.Hls => false,
            TranscodeParameters.Gif => picture.Codec == "gif" && picture.Width == plan.Width && picture.FrameRate.Value <= plan.Rate.Value,
            _ => picture is { Codec: "h264", PixelFormat: "yuv420p" } && !IsWorkCopy(film, parameters) && (plan.Platform is null || IsTaken(film, plan)),
        };
    }

    // What an earlier stage made for us to work on is fast and large: no picture for a result.
    private static bool IsWorkCopy(MediaInfo film, TranscodeParameters parameters) =>
        parameters.Video.Kind == MediaKind.Stage && film.Container.StartsWith("matroska", StringComparison.Ordinal);

    private static bool IsTaken(MediaInfo film, FilmPlan plan) =>
        film.Video is { Rotation: 0 } picture && picture.FrameRate == picture.TickRate && picture.FrameRate == plan.Rate && picture.PixelAspect.Value == 1
        && (picture.Width, picture.Height) == (plan.Width, plan.Height) && picture.ColorRange != "pc" && !PlainPicture.IsHighRange(picture)
        && film.Bytes * 8 / plan.Length.TotalSeconds <= plan.Bitrate;

    private static bool CopiesSoundOf(MediaInfo film, string format, PlatformRules? platform) => format switch
    {
        TranscodeParameters.Webm => film.Audio?.Codec is "opus" or "vorbis",
        TranscodeParameters.Gif => false,
        _ => film.Audio is { Codec: "aac" } sound && (platform is null || sound is { Channels: <= 2, SampleRate: <= OpusRate }),
    };

    private static string LayoutOf(AudioStream? sound, PlatformRules? platform) => sound?.Channels switch
    {
        1 => "mono",
        6 when platform is null => "5.1",
        8 when platform is null => "7.1",
        _ => "stereo",
    };

    private static int Even(double side) => Math.Max(2, (int)Math.Round(side / 2) * 2);
}
