using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;
using Platform.Storage.Fetching;

namespace Platform.Storage.Tests;

public sealed class MediaTypeTests
{
    [Theory]
    [InlineData("mov,mp4,m4a,3gp,3g2,mj2", "h264", "aac", "video/mp4")]
    [InlineData("mov,mp4,m4a,3gp,3g2,mj2", null, "aac", "audio/mp4")]
    [InlineData("matroska,webm", "vp9", "opus", "video/webm")]
    [InlineData("matroska,webm", "h264", "opus", "video/x-matroska")]
    [InlineData("matroska,webm", null, "opus", "audio/webm")]
    [InlineData("matroska,webm", null, "flac", "audio/x-matroska")]
    [InlineData("wav", null, "pcm_s16le", "audio/wav")]
    [InlineData("mp3", null, "mp3", "audio/mpeg")]
    [InlineData("flac", null, "flac", "audio/flac")]
    [InlineData("ogg", null, "vorbis", "audio/ogg")]
    [InlineData("png_pipe", "png", null, "image/png")]
    [InlineData("jpeg_pipe", "mjpeg", null, "image/jpeg")]
    [InlineData("webp_pipe", "webp", null, "image/webp")]
    [InlineData("gif", "gif", null, "image/gif")]
    [InlineData("something,new", "h264", null, "application/octet-stream")]
    public void Goes_by_container_and_codecs(string container, string? video, string? audio, string type) =>
        Assert.Equal(type, MediaType.Of(Info(container, TimeSpan.FromSeconds(1), video, audio)));

    [Fact]
    public void Tells_what_was_found()
    {
        Assert.Equal(
            new MediaFacts { Duration = 2.5, Width = 640, Height = 360, FrameRate = 29.97, VideoCodec = "h264", AudioCodec = "aac" },
            Info("mov,mp4", TimeSpan.FromSeconds(2.5), "h264", "aac").ToFacts());
        Assert.Equal(
            new MediaFacts { Width = 640, Height = 360, VideoCodec = "png" },
            Info("png_pipe", null, "png", null).ToFacts());
    }

    private static MediaInfo Info(string container, TimeSpan? duration, string? video, string? audio) => new(
        container,
        duration,
        1,
        video is null ? [] : ImmutableArray.Create(new VideoStream(0, video, 640, 360, "yuv420p", new Rational(2997, 100), 0, null) { TickRate = new Rational(30, 1) }),
        audio is null ? [] : ImmutableArray.Create(new AudioStream(1, audio, 2, 48000, "stereo")));
}
