namespace Platform.Ffmpeg.Tests;

public sealed class LoudnessTests
{
    [Fact]
    public void Reads_the_summary()
    {
        const string text = """
            [Parsed_ebur128_0 @ 0x5] Summary:

              Integrated loudness:
                I:         -21.8 LUFS
                Threshold: -31.8 LUFS

              Loudness range:
                LRA:         3.5 LU
                Threshold: -41.8 LUFS
                LRA low:   -21.8 LUFS
                LRA high:  -21.8 LUFS

              True peak:
                Peak:      -17.7 dBFS
            """;

        Assert.Equal(new Loudness(-21.8, 3.5, -17.7), Loudness.Read(text));
    }

    [Fact]
    public void Knows_silence() => Assert.Equal(
        new Loudness(null, 0, null),
        Loudness.Read("Summary:\n I:         -70.0 LUFS\n LRA:         0.0 LU\n Peak:       -inf dBFS"));

    [Fact]
    public void Fails_without_a_summary() => Assert.Equal("media.ffmpeg_failed", Assert.Throws<MediaException>(() => Loudness.Read("")).Code);
}
