using System.Diagnostics;

namespace Platform.Ffmpeg.Tests;

public sealed class XabeProbeTests
{
    [Fact]
    public async Task Quotes_so_that_the_same_arguments_come_out()
    {
        string[] arguments = ["a b", "", "\"", @"\", @"a\\""b\", "$HOME", "'x'", @"\\""", "ä\tö"];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/printf") { Arguments = XabeProbe.Quote(["%s|", .. arguments]), RedirectStandardOutput = true })!;

        Assert.Equal(string.Concat(arguments.Select(a => a + "|")), await process.StandardOutput.ReadToEndAsync());
    }
}
