using Platform.Ffmpeg;
using Platform.Stages;
using Platform.Transcode.Streams;

namespace Platform.Transcode.Tests;

/// <summary>What players read.</summary>
public sealed class PlaylistTests
{
    private static readonly FragmentIndex Picture = new(800, 200, [new(1000, 50_000, 2), new(51_000, 60_000, 2), new(111_000, 40_000, 2), new(151_000, 30_000, 1.5)], "avc1.64001F");
    private static readonly FragmentIndex Sound = new(700, 100, [new(800, 96_000, 6), new(96_800, 24_000, 1.5)], null);

    [Theory]
    [InlineData(1920, 1080, "1080p 1920x1080 7800000", "720p 1280x720 4500000", "540p 960x540 2000000", "360p 640x360 730000")]
    [InlineData(1080, 1920, "1080p 1080x1920 7800000", "720p 720x1280 4500000", "540p 540x960 2000000", "360p 360x640 730000")]
    [InlineData(640, 360, "360p 640x360 730000", "234p 416x234 145000")]
    [InlineData(500, 500, "500p 500x500 2000000", "360p 360x360 730000", "234p 234x234 145000")]
    [InlineData(160, 120, "120p 160x120 145000")]
    [InlineData(1440, 1080, "1080p 1440x1080 7800000", "720p 960x720 4500000", "540p 720x540 2000000", "360p 480x360 730000")]
    public void Streams_at_most_four_sizes_none_larger_than_the_film(int width, int height, params string[] expected) =>
        Assert.Equal(expected, Ladder.For(width, height).Select(rendition => $"{rendition.Name} {rendition.Width}x{rendition.Height} {rendition.Bitrate}"));

    [Fact]
    public void Joins_fragments_to_segments_of_six_seconds() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-TARGETDURATION:6
        #EXT-X-PLAYLIST-TYPE:VOD
        #EXT-X-MAP:URI="360p.mp4",BYTERANGE="800@0"
        #EXTINF:6.000000,
        #EXT-X-BYTERANGE:150000@1000
        360p.mp4
        #EXTINF:1.500000,
        #EXT-X-BYTERANGE:30000@151000
        360p.mp4
        #EXT-X-ENDLIST

        """,
        Playlists.Media("360p.mp4", Picture));

    [Fact]
    public void Leads_to_sizes_sound_and_captions() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="sound.m3u8"
        #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=328000,AVERAGE-BANDWIDTH=320000,CODECS="avc1.64001F,mp4a.40.2",RESOLUTION=960x540,FRAME-RATE=29.970,AUDIO="sound",SUBTITLES="captions",CLOSED-CAPTIONS=NONE
        540p.m3u8
        #EXT-X-STREAM-INF:BANDWIDTH=328000,AVERAGE-BANDWIDTH=320000,CODECS="avc1.64001F,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=29.970,AUDIO="sound",SUBTITLES="captions",CLOSED-CAPTIONS=NONE
        1080p.m3u8

        """,
        Playlists.Master(
            [new MadeRendition(new Rendition(1920, 1080, 7_800_000), Picture), new MadeRendition(new Rendition(960, 540, 2_000_000), Picture)],
            new Rational(30_000, 1001), new StreamedSound(Sound, 2), [new StreamedText("captions", "English", "en")]));

    [Fact]
    public void Tells_dash_players_where_each_file_s_index_lies() => Assert.Equal(
        """
        <?xml version="1.0" encoding="utf-8"?>
        <MPD type="static" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" mediaPresentationDuration="PT7.5S" minBufferTime="PT2S" xmlns="urn:mpeg:dash:schema:mpd:2011">
          <Period>
            <AdaptationSet contentType="video" mimeType="video/mp4" subsegmentAlignment="true" subsegmentStartsWithSAP="1">
              <Representation id="540p" bandwidth="200000" codecs="avc1.64001F" width="960" height="540" frameRate="30000/1001">
                <BaseURL>540p.mp4</BaseURL>
                <SegmentBase indexRange="800-999">
                  <Initialization range="0-799" />
                </SegmentBase>
              </Representation>
            </AdaptationSet>
            <AdaptationSet contentType="audio" mimeType="audio/mp4" subsegmentStartsWithSAP="1">
              <Representation id="sound" bandwidth="128000" codecs="mp4a.40.2">
                <BaseURL>sound.mp4</BaseURL>
                <SegmentBase indexRange="700-799">
                  <Initialization range="0-699" />
                </SegmentBase>
              </Representation>
            </AdaptationSet>
            <AdaptationSet contentType="text" mimeType="text/vtt" lang="de">
              <Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle" />
              <Representation id="captions" bandwidth="256">
                <BaseURL>captions.vtt</BaseURL>
              </Representation>
            </AdaptationSet>
          </Period>
        </MPD>

        """,
        DashManifest.Write([new MadeRendition(new Rendition(960, 540, 2_000_000), Picture)], new Rational(30_000, 1001), new StreamedSound(Sound, 2), [new StreamedText("captions", "German", "de")]));

    [Fact]
    public void Says_nothing_of_sound_and_captions_that_are_not_there() => Assert.Equal(
        """
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-STREAM-INF:BANDWIDTH=200000,AVERAGE-BANDWIDTH=192000,CODECS="avc1.64001F",RESOLUTION=960x540,FRAME-RATE=25.000,CLOSED-CAPTIONS=NONE
        540p.m3u8

        """,
        Playlists.Master([new MadeRendition(new Rendition(960, 540, 2_000_000), Picture)], new Rational(25, 1), null, []));

    [Theory]
    [InlineData("WEBVTT\nLanguage: de-AT\n\n", null, "captions German de-AT", "captions-1 Captions -")]
    [InlineData("WEBVTT\n\nLanguage: de\n", "eng", "captions Captions -", "captions-1 English en")]
    [InlineData("WEBVTT\nLanguage: \"evil\"\n", "ger", "captions Captions -", "captions-1 German de")]
    [InlineData("WEBVTT\nLanguage: en\n", "eng", "captions English en", "captions-1 English 2 en")]
    public void Calls_captions_by_their_language(string captions, string? track, params string[] expected) => Assert.Equal(
        expected, StreamTexts.Of([new TextTrack(2, "mov_text", track)], captions).Select(text => $"{text.Name} {text.Label} {text.Language ?? "-"}"));

    [Theory]
    [InlineData("")]
    [InlineData("WEBVTTX")]
    [InlineData("#EXTM3U\n")]
    [InlineData("WEBVTT\n\0")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\nHello\n")]
    public void Takes_nothing_but_webvtt_for_captions(string text) => Assert.Throws<StageException>(() => StreamTexts.Read(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Finds_no_index_in_what_is_none()
    {
        Assert.Throws<FormatException>(() => FragmentIndex.Read([]));
        Assert.Throws<FormatException>(() => FragmentIndex.Read([0, 0, 0, 0, .. "free"u8]));
        Assert.Throws<FormatException>(() => FragmentIndex.Read([0, 0, 1, 0, .. "moov"u8]));
    }
}
