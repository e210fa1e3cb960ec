using Platform.Processes;

namespace Platform.Ffmpeg.Tests;

public sealed class FfmpegFailureTests
{
    [Theory]
    [InlineData(1, "[hls @ 0x5] Format not on whitelist 'mov,matroska'\nx: Invalid argument", "media.unsupported_container", false)]
    [InlineData(1, "[flashsv @ 0x5] Codec (flashsv) not on whitelist 'h264'", "media.unsupported_codec", false)]
    [InlineData(1, "[IMGUTILS @ 0x7] Picture size 15000x15000 exceeds specified max pixel count 40000000", "media.too_many_pixels", false)]
    [InlineData(1, "[mov @ 0x5] moov atom not found\nin: Invalid data found when processing input", "media.unreadable", false)]
    [InlineData(1, "in: corrupt input packet in stream 1", "media.unreadable", false)]
    [InlineData(1, "av_interleaved_write_frame(): No space left on device", "stage.disk_full", true)]
    [InlineData(139, "", "media.decoder_crashed", false)]
    [InlineData(137, "", "media.resource_limit", true)]
    [InlineData(1, "something new", "media.ffmpeg_failed", true)]
    public void Says_what_went_wrong(int exitCode, string stderr, string code, bool transient)
    {
        var failure = FfmpegFailure.Classify(new ChildResult(exitCode, stderr, TimeSpan.Zero), "/w");

        Assert.Equal((code, transient), (failure.Code, failure.Transient));
    }

    [Theory]
    [InlineData(ChildFailure.NotStarted, "media.tool_missing", true)]
    [InlineData(ChildFailure.TimedOut, "media.timeout", true)]
    [InlineData(ChildFailure.Stalled, "stage.stalled", true)]
    [InlineData(ChildFailure.Memory, "media.resource_limit", false)]
    public void Says_which_limit_ended_it(ChildFailure reason, string code, bool transient)
    {
        var failure = FfmpegFailure.Classify(new ChildException(reason, "ended"), "/w");

        Assert.Equal((code, transient), (failure.Code, failure.Transient));
    }

    [Fact]
    public void Keeps_the_machines_paths_out_of_the_detail()
    {
        var failure = FfmpegFailure.Classify(new ChildResult(1, "/tmp/work/7-1/in-ab12: Invalid data found when processing input", TimeSpan.Zero), "/tmp/work/7-1");

        Assert.Equal("ffmpeg exited with 1: in-ab12: Invalid data found when processing input", failure.Message);
    }
}
