using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Ffmpeg;

/// <summary>Reads what ffprobe prints. Pure.</summary>
internal static class ProbeReport
{
    private const double LongestSeconds = 1e9; // beyond is no time stamp but nonsense

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString };

    /// <summary>ffprobe's arguments for a file: the fields asked for here are the ones read below.</summary>
    public static ImmutableArray<string> Arguments(string path, string? demuxer) =>
    [
        "-hide_banner", "-v", "error", "-max_alloc", "1073741824", "-protocol_whitelist", "file,pipe",
        "-format_whitelist", MediaAllowList.Formats, "-codec_whitelist", MediaAllowList.Codecs, "-max_pixels", MediaAllowList.MaxPixels.ToString(CultureInfo.InvariantCulture),
        "-print_format", "json=c=1", "-show_entries",
        "format=format_name,duration,size:stream=index,codec_name,codec_type,codec_tag_string,width,height,pix_fmt,sample_aspect_ratio,sample_rate,channels,channel_layout,"
        + "r_frame_rate,avg_frame_rate,nb_frames,start_time,duration,color_range,color_space,color_transfer,color_primaries:stream_disposition=attached_pic:stream_side_data=rotation:stream_tags=DURATION,language,alpha_mode",
        .. demuxer is null ? [] : (string[])["-f", demuxer],
        "-i", path,
    ];

    /// <summary>Reads a report.</summary>
    /// <exception cref="MediaException">The file is not one we take.</exception>
    public static MediaInfo Read(string json, string errors, string path)
    {
        if (Parse(json) is not { Format: { FormatName: not null } format } report)
        {
            throw FfmpegFailure.Classify(new Processes.ChildResult(1, errors.Length > 0 ? errors : "Invalid data found when processing input", TimeSpan.Zero), Path.GetDirectoryName(path) ?? "");
        }

        var streams = report.Streams ?? [];
        if (streams.FirstOrDefault(s => s.CodecTagString is "encv" or "enca" or "drms" or "drmi") is not null)
        {
            throw new MediaException("media.encrypted", false, "The file is encrypted.");
        }

        var videos = streams.Where(s => s is { CodecType: "video", Disposition: not { AttachedPic: 1 } }).Select(s => Video(s, errors, path)).ToImmutableArray();
        var audios = streams.Where(s => s is { CodecType: "audio", CodecName: not null, Channels: > 0, SampleRate: > 0 }).Select(Audio).ToImmutableArray();
        if (videos.IsEmpty && audios.IsEmpty)
        {
            throw streams.Any(s => s.CodecType == "video")
                ? new MediaException("media.no_video_stream", false, "The file holds a cover picture and nothing that plays.")
                : FfmpegFailure.Classify(new Processes.ChildResult(1, $"{errors} Invalid data found when processing input", TimeSpan.Zero), Path.GetDirectoryName(path) ?? "");
        }

        var info = new MediaInfo(format.FormatName, Played(Time(format.Duration), videos, audios), format.Size, videos, audios);
        info = info with { Texts = [.. streams.Where(s => s is { CodecType: "subtitle", CodecName: "mov_text" or "subrip" or "webvtt" }).Select(Text)] };
        return IsStill(info) ? info with { Duration = null } : info;
    }

    /// <summary>Whether a file is one picture, whatever duration ffprobe makes up for it.</summary>
    public static bool IsStill(MediaInfo info) =>
        info.Container.EndsWith("_pipe", StringComparison.Ordinal) || info is { Container: "gif", Videos: [{ Frames: null or 1 }, ..] };

    // A container's header may promise more than its streams hold.
    private static TimeSpan? Played(TimeSpan? promised, ImmutableArray<VideoStream> videos, ImmutableArray<AudioStream> audios)
    {
        var ends = videos.Select(v => v.Start + v.Duration).Concat(audios.Select(a => a.Start + a.Duration)).ToList();
        return promised is { } whole && ends.All(end => end is not null) && ends.Max() is { } last && last < whole ? last : promised;
    }

    private static VideoStream Video(Stream s, string errors, string path)
    {
        if (s.CodecName is null or "unknown")
        {
            throw new MediaException("media.unsupported_codec", false, "The picture's codec is not one we take.");
        }

        if ((long)s.Width * s.Height > MediaAllowList.MaxPixels)
        {
            throw new MediaException("media.too_many_pixels", false, FormattableString.Invariant($"{s.Width} × {s.Height} are more than {MediaAllowList.MaxPixels} pixels."));
        }

        if (s.Width <= 0 || s.Height <= 0 || s.PixFmt is null)
        {
            throw FfmpegFailure.Classify(new Processes.ChildResult(1, $"{errors} Could not find codec parameters", TimeSpan.Zero), Path.GetDirectoryName(path) ?? "");
        }

        var rotation = (int)Math.Round(s.SideDataList?.FirstOrDefault(d => d.Rotation is not null)?.Rotation ?? 0);
        var quarter = Math.Abs(rotation) % 180 == 90;
        var tick = Rational.Parse(s.RFrameRate) ?? Rational.Parse(s.AvgFrameRate) ?? new Rational(25, 1);
        return new VideoStream(
            s.Index, s.CodecName, quarter ? s.Height : s.Width, quarter ? s.Width : s.Height, s.PixFmt, MeanRate(s.AvgFrameRate, tick), rotation,
            long.TryParse(s.NbFrames, CultureInfo.InvariantCulture, out var frames) ? frames : null)
        {
            TickRate = tick,
            PixelAspect = Rational.Parse(s.SampleAspectRatio) ?? Rational.One,
            Start = Time(s.StartTime) ?? TimeSpan.Zero,
            Duration = Length(s),
            ColorRange = Known(s.ColorRange),
            ColorSpace = Known(s.ColorSpace),
            ColorTransfer = Known(s.ColorTransfer),
            ColorPrimaries = Known(s.ColorPrimaries),
            HasAlphaLayer = s.CodecName is "vp8" or "vp9" && Tag(s, "alpha_mode") == "1",
        };
    }

    // Some files' mean is a rounded one: what differs from the tick rate by less than any two real rates do is that rate.
    private static Rational MeanRate(string? text, Rational tick) =>
        Rational.Parse(text) is { } mean && Math.Abs((mean.Value / tick.Value) - 1) > 0.0005 ? mean : tick;

    private static AudioStream Audio(Stream s) => new(s.Index, s.CodecName!, s.Channels, s.SampleRate, Known(s.ChannelLayout))
    {
        Start = Time(s.StartTime) ?? TimeSpan.Zero,
        Duration = Length(s),
    };

    private static TextTrack Text(Stream s) => new(s.Index, s.CodecName!, Tag(s, "language") is [>= 'a' and <= 'z', >= 'a' and <= 'z', >= 'a' and <= 'z'] code && code != "und" ? code : null);

    // Matroska knows the length of a stream from a tag alone.
    private static TimeSpan? Length(Stream s) => Time(s.Duration)
        ?? (Tag(s, "DURATION") is [_, _, _, _, _, _, _, _, ..] tag && TimeSpan.TryParse(tag[..Math.Min(tag.Length, 16)], CultureInfo.InvariantCulture, out var length) ? length : null);

    private static string? Tag(Stream s, string name) => s.Tags?.GetValueOrDefault(name);

    private static string? Known(string? value) => value is "unknown" or "reserved" or "" ? null : value;

    private static TimeSpan? Time(string? seconds) => !double.TryParse(seconds, CultureInfo.InvariantCulture, out var value) ? null
        : Math.Abs(value) < LongestSeconds ? TimeSpan.FromSeconds(value)
        : throw new MediaException("media.timestamps_invalid", false, "The file's time stamps make no sense.");

    private static Report? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Report>(json, Json);
        }
        catch (JsonException)
        {
            return null; // ffprobe stops in the middle of its report when it may not open a stream
        }
    }

    private sealed record Report(Format? Format, Stream[]? Streams);

    private sealed record Format(string? FormatName, string? Duration, long Size);

    private sealed record Stream
    {
        public int Index { get; init; }
        public string? CodecName { get; init; }
        public string? CodecType { get; init; }
        public string? CodecTagString { get; init; }
        public int Width { get; init; }
        public int Height { get; init; }
        public string? PixFmt { get; init; }
        public string? SampleAspectRatio { get; init; }
        public int SampleRate { get; init; }
        public int Channels { get; init; }
        public string? ChannelLayout { get; init; }
        public string? RFrameRate { get; init; }
        public string? AvgFrameRate { get; init; }
        public string? NbFrames { get; init; }
        public string? StartTime { get; init; }
        public string? Duration { get; init; }
        public string? ColorRange { get; init; }
        public string? ColorSpace { get; init; }
        public string? ColorTransfer { get; init; }
        public string? ColorPrimaries { get; init; }
        public Dictionary<string, string>? Tags { get; init; }
        public Disposition? Disposition { get; init; }
        public SideData[]? SideDataList { get; init; }
    }

    private sealed record Disposition(int AttachedPic);

    private sealed record SideData(double? Rotation);
}
