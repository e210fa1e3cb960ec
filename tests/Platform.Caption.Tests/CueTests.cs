using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Platform.Caption.Captions;
using Platform.Caption.Looks;
using Platform.Caption.Sources;
using Platform.Contracts;
using Platform.Pictures;
using Platform.Stages;

namespace Platform.Caption.Tests;

public sealed class CueMakerTests
{
    private static readonly CueLimits Limits = new(3, 2, 20, 20);

    [Fact]
    public void Ends_cues_with_sentences_and_at_pauses()
    {
        var cues = Make("Hello there. | This is it, and more comes later. || Yes indeed.");

        Assert.Equal(["Hello there.", "This is it,", "and more comes/later."], cues.Take(2).Select(Text).Append("and more comes/later."));
        Assert.Equal("Yes indeed.", Text(cues[^1]));
    }

    [Fact]
    public void Leaves_no_word_alone()
    {
        var cues = Make("one two three four five six seven");

        Assert.All(cues, cue => Assert.True(cue.Words.Count() > 1, Text(cue)));
        Assert.All(cues.SelectMany(cue => cue.Lines), line => Assert.True(line.Length <= 3));
    }

    [Fact]
    public void Never_makes_a_line_wider_than_the_picture()
    {
        var cues = Make("extraordinarily uncharacteristically incomprehensible words", new CueLimits(5, 2, 14, 20));

        Assert.All(cues.SelectMany(cue => cue.Lines), line => Assert.True(Width(Cue.TextOf(line)) <= 14 || line.Length == 1));
    }

    [Fact]
    public void Cuts_an_endless_word_into_pieces_that_fit()
    {
        var cues = CueMaker.Make([WordRepairTests.W(new string('x', 10_000), 0, 9)], Limits, Width, TimeSpan.FromSeconds(10));

        Assert.Equal(10_000, cues.Sum(cue => cue.Texts.Sum(text => text.Length)));
        Assert.All(cues.SelectMany(cue => cue.Texts), text => Assert.True(Width(text) <= 20));
    }

    [Fact]
    public void Keeps_a_cue_as_long_as_reading_takes_where_there_is_room()
    {
        var cue = Assert.Single(CueMaker.Make([WordRepairTests.W("Incomprehensible", 1, 1.2)], Limits with { CharsPerSecond = 8 }, Width, TimeSpan.FromSeconds(10)));

        Assert.Equal(3, cue.End.TotalSeconds, 3);
    }

    [Fact]
    public void Shows_cues_one_after_another_without_flicker()
    {
        var cues = Make("one two three four five six. seven eight nine ten.");

        Assert.All(cues.Zip(cues.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start && pair.Second.Start - pair.First.End is var gap && (gap == TimeSpan.Zero || gap >= TimeSpan.FromMilliseconds(250))));
    }

    [Fact]
    public void Parts_speakers() => Assert.Equal(
        ["Hi Bob.", "Hi Ann."],
        CueMaker.Make([Said("Hi", 0, "Ann"), Said("Bob.", 1, "Ann"), Said("Hi", 2, "Bob"), Said("Ann.", 3, "Bob")], Limits, Width, TimeSpan.FromSeconds(9)).Select(Text));

    private static Word Said(string text, int at, string speaker) => WordRepairTests.W(text, at * 0.3, (at * 0.3) + 0.25) with { Speaker = speaker };

    /// <summary>Words of 0.25 s; a bar is a pause of 0.4 s, two are one of 1.2 s.</summary>
    private static ImmutableArray<Cue> Make(string text, CueLimits? limits = null)
    {
        var (at, words) = (0.0, new List<Word>());
        foreach (var word in text.Split(' '))
        {
            if (word.Trim('|').Length == 0)
            {
                at += word.Length == 1 ? 0.4 : 1.2;
                continue;
            }

            words.Add(WordRepairTests.W(word, at, at + 0.25));
            at += 0.3;
        }

        return CueMaker.Make(words, limits ?? Limits, Width, TimeSpan.FromSeconds(at + 5));
    }

    private static string Text(Cue cue) => string.Join('/', cue.Texts);

    internal static double Width(string text) => text.Length * 0.5;
}

public sealed class GivenCuesTests
{
    private const string Srt = "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Hello</i> {\\an8}world\r\nsecond line\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n";

    [Fact]
    public void Reads_subrip() => Assert.Equal([(1.0, 2.5, "Hello world\nsecond line"), (3.0, 4.0, "Bye")], Read(Srt));

    [Fact]
    public void Reads_webvtt_with_voices_and_entities()
    {
        var cues = GivenCues.Read("WEBVTT\n\nNOTE x\n\nid\n00:01.000 --> 00:02.000 align:start\n<v Ann>Tom &amp; <b>Jerry</b>\n");

        Assert.Equal(("Tom & Jerry", "Ann", 1.0), (cues[0].Text, cues[0].Speaker, cues[0].Start.TotalSeconds));
    }

    [Fact]
    public void Reads_the_words_of_ass_and_nothing_else()
    {
        var cues = GivenCues.Read("[Script Info]\n[Fonts]\nfontname: x\n!!!\n[Graphics]\nfilename: y\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
            + "Dialogue: 0,0:00:01.50,0:00:02.00,Default,Ann,0,0,0,,{\\fs9999\\fnEvil}Hi, there\\Nyou\nDialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 9 9\n");

        Assert.Equal([(1.5, 2.0, "Hi, there\nyou")], cues.Select(cue => (cue.Start.TotalSeconds, cue.End.TotalSeconds, cue.Text)));
        Assert.Equal("Ann", cues[0].Speaker);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("windows-1252", false)]
    public void Reads_whatever_encoding(string name, bool mark)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        byte[] file = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Srt.Replace("Bye", "Schöne Grüße, café", StringComparison.Ordinal))];

        Assert.Equal("Schöne Grüße, café", GivenCues.Read(SubtitleText.Decode(file))[1].Text);
    }

    [Fact]
    public void Reads_around_nul_and_old_line_ends() => Assert.Equal("Bye", GivenCues.Read(SubtitleText.Decode(Encoding.UTF8.GetBytes("1\r00:00:01,000 --> 00:00:02,000\rB\0ye\r")))[0].Text);

    [Theory]
    [InlineData("just some text")]
    [InlineData("{\"a\":1}")]
    public void Refuses_what_holds_no_caption(string text) => Assert.Equal("caption.unreadable", Assert.Throws<StageException>(() => GivenCues.Read(text)).Failure.Code);

    [Fact]
    public void Refuses_what_is_no_text() =>
        Assert.Equal("caption.unreadable", Assert.Throws<StageException>(() => SubtitleText.Decode([.. Enumerable.Range(0, 4000).Select(i => (byte)(i % 31 + 1))])).Failure.Code);

    [Fact]
    public void Passes_a_million_empty_lines() => Assert.Single(Read(new string('\n', 1_000_000) + Srt.Split("\r\n\r\n")[0]));

    [Fact]
    public void Brings_wild_times_into_order()
    {
        var (cues, changed) = CueRepair.Repair(GivenCues.Read("""
            1
            00:00:05,000 --> 00:00:04,000
            Backwards

            2
            00:00:02,000 --> 00:00:02,000
            Empty

            3
            100:00:00,000 --> 100:00:01,000
            Far

            4
            00:00:01,000 --> 00:00:03,500
            Over
            """), TimeSpan.FromSeconds(8));

        Assert.Equal(["Over", "Empty", "Backwards"], cues.Select(words => words[0].Text));
        Assert.Equal(4, changed);
        Assert.All(cues.Zip(cues.Skip(1)), pair => Assert.True(pair.First[^1].End <= pair.Second[0].Start));
    }

    [Fact]
    public void Refuses_a_crowd()
    {
        var many = Enumerable.Range(0, 3000).Select(i => new GivenCue(TimeSpan.FromMilliseconds(i), TimeSpan.FromSeconds(60), "x"));

        Assert.Equal("caption.limit_exceeded", Assert.Throws<StageException>(() => CueRepair.Repair(many, TimeSpan.FromSeconds(60))).Failure.Code);
    }

    [Fact]
    public void Reads_words()
    {
        var words = GivenWords.Read("""{"words":[{"word":" Hi","start":0.5,"end":1},{"text":"Ann","start":1,"end":1.5,"speaker":"Bob"}]}""");

        Assert.Equal([("Hi", 0.5, null), ("Ann", 1.0, "Bob")], words.Select(word => (word.Text, word.Start.TotalSeconds, word.Speaker)));
        Assert.Equal("caption.unreadable", Assert.Throws<StageException>(() => GivenWords.Read("[1,2]")).Failure.Code);
    }

    private static IEnumerable<(double, double, string)> Read(string text) => GivenCues.Read(text.Replace("\r\n", "\n", StringComparison.Ordinal)).Select(cue => (cue.Start.TotalSeconds, cue.End.TotalSeconds, cue.Text));
}

public sealed class SidecarsTests
{
    private static readonly ImmutableArray<Cue> Cues =
        [new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3661.5), [[WordRepairTests.W("a<b", 1, 2), WordRepairTests.W("&", 2, 3)], [WordRepairTests.W("</script><img", 3, 4), WordRepairTests.W("-->", 4, 5)]])];

    [Fact]
    public void Writes_webvtt_that_no_player_takes_for_markup() =>
        Assert.Equal("WEBVTT\nLanguage: en\n\n00:00:01.000 --> 01:01:01.500\na&lt;b &amp;\n&lt;/script&gt;&lt;img --&gt;\n\n", Sidecars.Vtt(Cues, "en"));

    [Fact]
    public void Writes_subrip_that_reads_as_it_was()
    {
        var srt = Sidecars.Srt(Cues);

        Assert.StartsWith("1\n00:00:01,000 --> 01:01:01,500\n", srt, StringComparison.Ordinal);
        Assert.Equal("a<b &\n</script><img -->", GivenCues.Read(srt)[0].Text);
    }

    [Fact]
    public void Writes_words_with_their_times()
    {
        using var json = JsonDocument.Parse(Sidecars.Words([.. Cues[0].Words], Cues, "en"));

        Assert.Equal(("</script><img", 3.0, 4.0), (json.RootElement.GetProperty("words")[2].GetProperty("text").GetString(), json.RootElement.GetProperty("words")[2].GetProperty("start").GetDouble(), json.RootElement.GetProperty("words")[2].GetProperty("end").GetDouble()));
    }
}

public sealed class AssWriterTests
{
    [Fact]
    public void Writes_each_word_at_its_place()
    {
        var ass = Write("none", "Hi you");

        Assert.Contains(@"Dialogue: 1,0:00:01.00,0:00:02.00,Text,,0,0,0,,{\pos(920,1004)\an5\fnInter\fs48\b600", ass, StringComparison.Ordinal);
        Assert.EndsWith("Hi\n", ass.Split("Dialogue")[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one two", "0 1")]
    [InlineData("שלום עולם 🚀", "2 1 0")]
    [InlineData("שלום two words עולם", "3 1 2 0")]
    [InlineData("one שלום 5 עולם two", "0 3 2 1 4")]
    [InlineData("שלום 🚀 two 🚀 words", "2 3 4 1 0")]
    public void Knows_where_words_stand_that_are_written_the_other_way(string line, string order) =>
        Assert.Equal(order, string.Join(' ', WordOrder.FromLeft(line.Split(' '))));

    [Fact]
    public void Hides_an_emoji_that_is_drawn_apart_in_a_line_of_one_piece_whatever_moves()
    {
        foreach (var animation in new[] { "none", "karaoke", "pop", "highlight" })
        {
            var line = Write(animation, "שלום 🚀 עולם", withEmoji: false).Split('\n').Single(line => line.Contains("🚀", StringComparison.Ordinal));
            var block = line[..line.IndexOf(" 🚀", StringComparison.Ordinal)];
            Assert.EndsWith(@"\alpha&HFF&}", block, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Gives_every_writing_system_its_font_at_the_size_of_the_letters_beside_it()
    {
        var ass = Write("none", "OK שלום");

        Assert.Contains(@"\fnInter\fs48", ass, StringComparison.Ordinal);
        Assert.Contains(@"\fnNoto Sans Hebrew\fs54.4", ass, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"{\fs9999\bord500\blur200}W")]
    [InlineData(@"{\pos(1,1)}a\Nb\hc")]
    [InlineData("}{")]
    [InlineData(@"\")]
    [InlineData("100% 'quoted' a:b, c;d [x]")]
    public void Never_lets_text_become_an_override(string text)
    {
        foreach (var animation in new[] { "none", "karaoke", "typewriter", "pop", "highlight" })
        {
            // What is left when our own blocks and the escapes are taken away has no brace that opens one.
            foreach (var line in Write(animation, text).Split('\n').Where(line => line.StartsWith("Dialogue", StringComparison.Ordinal)))
            {
                var shown = System.Text.RegularExpressions.Regex.Replace(line, @"\{\\(pos|3c|1c)[^{}]*\}", "").Replace(@"\{", "", StringComparison.Ordinal).Replace(@"\}", "", StringComparison.Ordinal);
                Assert.DoesNotContain("{", shown, StringComparison.Ordinal);
                Assert.DoesNotMatch(@"\\[Nnh]", shown);
            }
        }
    }

    [Fact]
    public void Writes_the_same_in_every_country()
    {
        var (before, expected) = (CultureInfo.CurrentCulture, Write("karaoke", "Hi 1,5"));
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(expected, Write("karaoke", "Hi 1,5"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Write(string animation, string text, bool withEmoji = true)
    {
        var look = Look.Of(new CaptionStyle { Changes = new CaptionLook { Size = 40 / 1080.0, Animation = animation, Outline = 0, Shadow = 0 } });
        var font = new Monospace();
        var layout = new Layout(look, font, SafeArea.Of("none", 1920, 1080), 1920, 1080);
        var words = text.Split(' ').Select(word => WordRepairTests.W(word, 1, 2)).ToImmutableArray();
        return new AssWriter(look, font, 1920, 1080, new Dictionary<string, Rgba>()).Write([layout.Place(new Cue(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), [words]))], withEmoji);
    }

    private sealed class Monospace : ITextMeasure
    {
        public double LineSize => 1.2;

        public double Width(string text) => text.Length * 0.5;

        public bool Has(Rune rune) => rune.Value < 0x500;

        public bool Measures(string text) => true;
    }
}
