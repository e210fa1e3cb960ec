namespace Platform.Ffmpeg.Tests;

public sealed class ProgressReaderTests
{
    [Fact]
    public void Reads_blocks_and_knows_when_nothing_moved()
    {
        var reader = new ProgressReader(TimeSpan.FromSeconds(10));
        (bool Moved, FfmpegProgress? Progress)? Block(string block) => block.Split(' ').Select(reader.Read).ToList()[^1];

        Assert.Equal((true, new FfmpegProgress(TimeSpan.FromSeconds(2.5), 60, 0.25)), Block("frame=60 fps=29.9 stream_0_0_q=-1.0 out_time_us=2500000 total_size=N/A speed=2x progress=continue"));
        Assert.Equal((false, new FfmpegProgress(TimeSpan.FromSeconds(2.5), 60, 0.25)), Block("frame=60 out_time_us=2500000 progress=continue"));
        Assert.Equal((true, new FfmpegProgress(TimeSpan.FromSeconds(2.5), 60, 0.25)), Block("frame=60 out_time_us=2500000 total_size=48 progress=continue"));
        Assert.Equal((true, new FfmpegProgress(TimeSpan.FromSeconds(9.9), 240, 1)), Block("frame=240 out_time_us=9900000 progress=end"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("[mp4 @ 0x1] a=b")]
    [InlineData("Input #0, lavfi, from 'sine=440'")]
    public void Leaves_other_lines_alone(string line) => Assert.Null(new ProgressReader(null).Read(line));

    [Fact]
    public void Takes_a_time_before_the_first_frame_for_zero()
    {
        var reader = new ProgressReader(null);
        reader.Read("out_time_us=-23219");

        Assert.Equal(new FfmpegProgress(TimeSpan.Zero, 0, null), reader.Read("progress=continue")!.Value.Progress);
    }
}
