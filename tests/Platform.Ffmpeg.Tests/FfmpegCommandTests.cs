namespace Platform.Ffmpeg.Tests;

public sealed class FfmpegCommandTests
{
    private const string Fence = "-protocol_whitelist file,pipe -format_whitelist " + MediaAllowList.Formats + " -codec_whitelist " + MediaAllowList.Codecs + " -max_pixels 40000000";
    private const string Start = "-nostdin -hide_banner -y -xerror -v error -nostats -progress pipe:1 -max_alloc 1073741824 ";

    [Fact]
    public void Fences_every_file_of_a_user() => Assert.Equal(
        Start + Fence + " -ss 1.5 -t 2 -i /w/a " + Fence + " -i /w/b -filter_complex [0:a][1:a]amix=inputs=2:duration=first:dropout_transition=0:normalize=0[out] -map 0:v -map [out] -c:v copy -t 20 -f mp4 /w/out.mp4",
        string.Join(' ', new FfmpegCommand
        {
            Inputs = [new FfmpegInput("/w/a") { Start = TimeSpan.FromSeconds(1.5), Duration = TimeSpan.FromSeconds(2) }, new FfmpegInput("/w/b")],
            Graph = new FilterGraph(new FilterChain(["0:a", "1:a"], [Filters.Mix(2)], ["out"])),
            Outputs = [new FfmpegOutput("/w/out.mp4") { Maps = ["0:v", "[out]"], Options = ["-c:v", "copy"], Format = "mp4", Duration = TimeSpan.FromSeconds(20) }],
        }.Arguments()));

    [Fact]
    public void Takes_what_we_made_by_its_format_and_leaves_the_output_pipe_to_its_reader() => Assert.Equal(
        "-nostdin -hide_banner -y -xerror -v error -nostats -progress pipe:2 -max_alloc 1073741824 -protocol_whitelist file,pipe -f rawvideo -s 16x16 -i pipe:0 -f rawvideo pipe:1",
        string.Join(' ', new FfmpegCommand
        {
            Inputs = [new FfmpegInput("pipe:0") { Format = "rawvideo", Options = ["-s", "16x16"] }],
            Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo" }],
            Output = (_, _) => Task.CompletedTask,
        }.Arguments()));

    [Fact]
    public void Hands_a_long_graph_over_by_file() => Assert.Contains(
        "-filter_complex_script /w/graph",
        string.Join(' ', new FfmpegCommand { Inputs = [], Outputs = [], Graph = new FilterGraph() }.Arguments("/w/graph")),
        StringComparison.Ordinal);
}
