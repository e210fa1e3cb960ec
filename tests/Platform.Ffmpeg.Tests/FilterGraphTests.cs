using System.Globalization;

namespace Platform.Ffmpeg.Tests;

public sealed class FilterGraphTests
{
    [Fact]
    public void Joins_chains_filters_and_options() => Assert.Equal(
        "[0:v]fps=fps=29.97,scale=w=1280:h=720:flags=bicubic[base];[base][1:v]overlay=x=32:y=32[video]",
        new FilterGraph(
            new FilterChain(["0:v"], [Filters.Fps(29.97), Filters.Scale(1280, 720)], ["base"]),
            new FilterChain(["base", "1:v"], [Filters.Overlay(32, 32)], ["video"])).ToFilterString());

    [Fact]
    public void Escapes_for_both_parsers() => Assert.Equal(
        @"drawtext=text=it\\\'s 9\\:41\, [a]\; \\\\:expansion=none".Replace("[a]", @"\[a\]", StringComparison.Ordinal),
        new FilterGraph(new FilterChain([], [new Filter("drawtext", ("text", @"it's 9:41, [a]; \"), ("expansion", "none"))], [])).ToFilterString());

    [Fact]
    public void Writes_numbers_times_and_flags_the_same_in_every_country()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(
                "x=a=0.5:b=1.25:c=1:d=0:e=0.00001:f=30000/1001:stereo",
                new FilterGraph(new FilterChain(
                    [],
                    [new Filter("x", ("a", 0.5), ("b", TimeSpan.FromSeconds(1.25)), ("c", true), ("d", false), ("e", 0.00001), ("f", new Rational(30000, 1001)), ("", "stereo"))],
                    [])).ToFilterString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
