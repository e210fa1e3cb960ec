using System.Text;
using Platform.Storage.Fetching;

namespace Platform.Storage.Tests;

public sealed class CaptionFileTests
{
    [Theory]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\nHi", "application/x-subrip")]
    [InlineData("\r\n1\r\n1:01.5 --> 1:02\r\nHi", "application/x-subrip")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\nHi", "text/vtt")]
    [InlineData("[Script Info]\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Hi", "text/x-ssa")]
    [InlineData("[{\"text\":\"Hi\",\"start\":1,\"end\":2}]", "application/json")]
    [InlineData("<html><!-- 5 --> Not found", null)]
    [InlineData("{\"error\":\"not found\"}", null)]
    [InlineData("#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd", null)]
    [InlineData("ffconcat version 1.0\nfile a", null)]
    [InlineData("", null)]
    public void Tells_captions_by_what_they_hold(string text, string? type)
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
            Assert.Equal(type, CaptionFile.TypeOf([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]));
    }
}
