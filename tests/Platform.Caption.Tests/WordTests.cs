using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Caption.Captions;
using Platform.Caption.Speech;
using Platform.Contracts;

namespace Platform.Caption.Tests;

/// <summary>whisper-cli's output, as it was recorded.</summary>
public sealed class WhisperJsonTests
{
    private const string Speech = "And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country.";

    /// <summary>Which text is heard is decided by model, sound and settings; a graphics processor only computes it.</summary>
    [Fact]
    public void Asks_for_the_same_text_of_both_processors()
    {
        var order = new TranscriptionOrder { Model = "m", Sound = "s", Language = "en", Folder = "/w" };
        Assert.Equal([.. Arguments(gpu: true), "-ng"], Arguments(gpu: false));

        ImmutableArray<string> Arguments(bool gpu) => new WhisperCli(null!, Options.Create(new CaptionOptions { Gpu = gpu })).Arguments(order, "made");
    }

    [Fact]
    public void Asks_for_a_translation_only_where_one_is_wanted()
    {
        var order = new TranscriptionOrder { Model = "m", Sound = "s", Language = "de", Folder = "/w" };
        var whisper = new WhisperCli(null!, Options.Create(new CaptionOptions()));

        Assert.Contains("-tr", whisper.Arguments(order with { Translate = true }, "made"));
        Assert.DoesNotContain("-tr", whisper.Arguments(order, "made"));
    }

    [Fact]
    public void Reads_words_with_their_marks()
    {
        var transcript = WhisperJson.Read(File.ReadAllBytes(Recorded("speech.json")), null);

        Assert.Equal(Speech, Cue.TextOf(transcript.Words));
        Assert.Equal(("Americans,", 1590, 2100), (transcript.Words[4].Text, (int)transcript.Words[4].Start.TotalMilliseconds, (int)transcript.Words[4].End.TotalMilliseconds));
        Assert.InRange(transcript.Words[4].Probability, 0.5, 1);
        Assert.Null(transcript.Speech);
    }

    [Fact]
    public void Brings_times_back_to_the_sound_where_silence_was_left_out()
    {
        var map = new VoiceMap();
        foreach (var line in File.ReadLines(Recorded("speech-with-voice-model.log")))
        {
            map.Read(line);
        }

        var transcript = WhisperJson.Read(File.ReadAllBytes(Recorded("speech-with-voice-model.json")), map);

        Assert.Equal(Speech, Cue.TextOf(transcript.Words));
        Assert.Equal([0.32, 3.27, 5.38, 8.16], transcript.Speech!.Value.Select(span => span.Start.TotalSeconds));
        Assert.Equal(5.43, transcript.Words.First(word => word.Text == "what").Start.TotalSeconds, 0.1);
    }

    [Theory]
    [InlineData("[Music]")]
    [InlineData("(upbeat music)")]
    [InlineData("♪ la la la ♪")]
    [InlineData("*applause*")]
    public void Takes_no_noise_for_a_word(string noise) => Assert.Equal(["Hello"], Read($" Hello", $" {noise}").Select(word => word.Text));

    [Fact]
    public void Times_prices_shares_and_years()
    {
        var words = WordRepair.Repair(WhisperJson.Read(File.ReadAllBytes(Recorded("prices.json")), null).Words, [], TimeSpan.FromSeconds(8.4));

        Assert.Equal("cost $29.99. That is 15% less than 2024.", Cue.TextOf(words));
        Assert.All(words, word => Assert.True(word.Length >= TimeSpan.FromMilliseconds(60), word.ToString()));
        Assert.InRange(words[1].Length.TotalSeconds, 2.5, 3.6); // "twenty nine dollars and ninety nine cents"
    }

    [Fact]
    public void Joins_the_tokens_of_a_price() => Assert.Equal(["costs", "$29.99."], Read(" costs", " $", "29", ".", "99", ".").Select(word => word.Text));

    [Fact]
    public void Parts_what_is_written_without_spaces() => Assert.Equal([("今日", false), ("は、", true), ("晴れ", true)], Read(" 今日", "は", "、", "晴れ").Select(word => (word.Text, word.Glued)));

    [Fact]
    public void Drops_what_was_guessed() => Assert.Empty(Read(0.1, " You"));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"transcription":[{"tokens":5}],"result":{}}""")]
    public void Says_that_something_else_was_written(string json) => Assert.Throws<FormatException>(() => WhisperJson.Read(Encoding.UTF8.GetBytes(json), null));

    private static string Recorded(string name) => Path.Combine(AppContext.BaseDirectory, "Recorded", name);

    private static ImmutableArray<Word> Read(params string[] tokens) => Read(0.9, tokens);

    private static ImmutableArray<Word> Read(double probability, params string[] tokens)
    {
        var written = tokens.Select((token, i) => new { text = token, offsets = new { from = i * 100, to = (i * 100) + 90 }, p = probability });
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { result = new { language = "en" }, transcription = new[] { new { tokens = written } } });
        return WhisperJson.Read(json, null).Words;
    }
}

public sealed class WordRepairTests
{
    [Fact]
    public void Gives_every_word_time_of_its_own()
    {
        Word[] words = [W("do", 6.74, 6.92), W("for", 7.0, 7.0), W("you,", 7.01, 7.0), W("ask", 6.9, 8.4), W("$29.99", 8.3, 8.3)];
        var repaired = WordRepair.Repair(words, [], TimeSpan.FromSeconds(10));

        Assert.Equal(words.Select(word => word.Text), repaired.Select(word => word.Text));
        AssertSound(repaired, 10);
        Assert.All(repaired, word => Assert.True(word.Length >= TimeSpan.FromMilliseconds(55), word.ToString()));
    }

    [Fact]
    public void Begins_words_where_their_sound_begins()
    {
        // Late by up to half a second, as transcribers are after a pause.
        Word[] words = [W("Please", 0.9, 1.3), W("call", 1.3, 1.6), W("before", 2.6, 3.0), W("Friday", 3.4, 3.9)];
        var repaired = WordRepair.Repair(words, [S(0.5, 1.4), S(2.1, 2.6), S(2.9, 3.5)], TimeSpan.FromSeconds(5));

        Assert.Equal([0.5, 2.1, 2.9], repaired.Where((_, i) => i != 1).Select(word => word.Start.TotalSeconds));
        Assert.Equal(3.5, repaired[^1].End.TotalSeconds);
        AssertSound(repaired, 5);
    }

    [Fact]
    public void Drops_what_was_said_in_silence() => Assert.Equal(["Hello"], WordRepair.Repair([W("Hello", 1, 1.5), W("You", 8, 8.5)], [S(0.9, 1.6)], TimeSpan.FromSeconds(10)).Select(word => word.Text));

    [Fact]
    public void Fits_more_words_than_there_is_time() => AssertSound(WordRepair.Repair([.. Enumerable.Repeat(W("word", 0, 0), 50)], [], TimeSpan.FromSeconds(0.5)), 0.5);

    [Fact]
    public void Keeps_times_that_are_right()
    {
        Word[] words = [W("one", 0.5, 0.9), W("two", 1.0, 1.4)];

        Assert.Equal(words, WordRepair.Repair(words, [], TimeSpan.FromSeconds(2)));
    }

    private static void AssertSound(ImmutableArray<Word> words, double length)
    {
        Assert.All(words, word => Assert.True(word.End > word.Start, $"{word} is empty"));
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start, $"{pair.First} overlaps {pair.Second}"));
        Assert.True(words[^1].End.TotalSeconds <= length + 0.001);
    }

    internal static Word W(string text, double start, double end) => new(text, TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end));

    internal static Span S(double start, double end) => new(TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end));
}

public sealed class LoudPartsTests
{
    [Fact]
    public void Finds_words_between_silences()
    {
        var parts = Parts((0.5, 0), (0.4, 3000), (0.3, 0), (0.3, 9000), (0.5, 0));

        Assert.Equal([(0.5, 0.9), (1.2, 1.5)], parts.Select(part => (part.Start.TotalSeconds, part.End.TotalSeconds)));
    }

    [Fact]
    public void Finds_nothing_in_silence() => Assert.Empty(Parts((2, 20)));

    [Fact]
    public void Takes_a_steady_sound_as_a_whole() => Assert.Single(Parts((3, 5000)));

    [Fact]
    public void Finds_words_above_a_room_s_hum()
    {
        var parts = Parts((1, 120), (0.4, 6000), (0.5, 120), (0.4, 4000), (1, 120));

        Assert.Equal([1.0, 1.9], parts.Select(part => part.Start.TotalSeconds));
    }

    [Fact]
    public void Knows_times_after_silence_was_cut_out()
    {
        var kept = QuietCut.Keep([WordRepairTests.S(1, 2), WordRepairTests.S(5, 6)], TimeSpan.FromSeconds(10));

        Assert.Equal([(0.85, 2.15), (4.85, 6.15)], kept.Select(span => (span.Start.TotalSeconds, span.End.TotalSeconds)));
        Assert.Equal(5.0, QuietCut.ToSound(kept, TimeSpan.FromSeconds(1.3 + 0.15)).TotalSeconds, 6);
    }

    private static ImmutableArray<Span> Parts(params (double Seconds, int Amplitude)[] pieces)
    {
        var parts = new LoudParts();
        foreach (var (seconds, amplitude) in pieces)
        {
            parts.Add([.. Enumerable.Range(0, (int)(seconds * LoudParts.SampleRate)).Select(i => (short)(amplitude * Math.Sin(i * 0.3)))]);
        }

        return parts.Find();
    }
}

public sealed class ScriptAlignmentTests
{
    [Fact]
    public void Takes_the_times_of_words_that_were_heard()
    {
        var aligned = ScriptAlignment.Align("Hello, dear World!", [WordRepairTests.W("hello", 1, 1.4), WordRepairTests.W("deer", 1.5, 1.8), WordRepairTests.W("world", 2, 2.5)], [], TimeSpan.FromSeconds(5));

        Assert.Equal([("Hello,", 1.0), ("dear", 1.5), ("World!", 2.0)], aligned.Words.Select(word => (word.Text, word.Start.TotalSeconds)));
        Assert.Equal(2 / 3.0, aligned.Matched, 6);
    }

    [Fact]
    public void Deals_out_a_number_that_was_heard_as_one_word()
    {
        var aligned = ScriptAlignment.Align(
            "It costs twenty nine dollars today", [WordRepairTests.W("It", 0, 0.2), WordRepairTests.W("costs", 0.2, 0.6), WordRepairTests.W("$29", 0.6, 1.8), WordRepairTests.W("today", 1.9, 2.2)], [], TimeSpan.FromSeconds(3));

        Assert.Equal([0.6, 1.02, 1.3], aligned.Words.Skip(2).Take(3).Select(word => Math.Round(word.Start.TotalSeconds, 2)), (a, b) => Math.Abs(a - b) < 0.05);
        Assert.Equal(1.9, aligned.Words[^1].Start.TotalSeconds);
    }

    [Fact]
    public void Uses_the_sound_where_nothing_was_understood()
    {
        var aligned = ScriptAlignment.Align("one two", [], [WordRepairTests.S(2, 4)], TimeSpan.FromSeconds(9));

        Assert.Equal((2.0, 4.0, 0.0), (aligned.Words[0].Start.TotalSeconds, aligned.Words[1].End.TotalSeconds, aligned.Matched));
    }

    [Fact]
    public void Aligns_a_long_script_in_little_time()
    {
        var words = Enumerable.Range(0, 20_000).Select(i => $"w{i % 977}").ToList();
        ImmutableArray<Word> heard = [.. words.Where((_, i) => i % 13 != 0).Select((text, i) => WordRepairTests.W(text, i * 0.3, (i * 0.3) + 0.2))];

        Assert.InRange(ScriptAlignment.Align(string.Join(' ', words), heard, [], TimeSpan.FromHours(3)).Matched, 0.9, 1);
    }
}

public sealed class WordEditsTests
{
    private static readonly Word[] Words = [WordRepairTests.W("We", 0, 0.2), WordRepairTests.W("use", 0.2, 0.4), WordRepairTests.W("Sequel", 0.4, 0.8), WordRepairTests.W("light,", 0.8, 1.0), WordRepairTests.W("damn.", 1.0, 1.4)];

    [Fact]
    public void Shows_phrases_as_others_and_keeps_marks()
    {
        var edited = WordEdits.Replace(Words, new Dictionary<string, string> { ["sequel LIGHT"] = "SQLite", ["damn"] = "d**n" });

        Assert.Equal("We use SQLite, d**n.", Cue.TextOf(edited));
        Assert.Equal((0.4, 1.0), (edited[2].Start.TotalSeconds, edited[2].End.TotalSeconds));
    }

    [Fact]
    public void Leaves_a_word_out() => Assert.Equal("We use Sequel light,", Cue.TextOf(WordEdits.Replace(Words, new Dictionary<string, string> { ["damn"] = "" })));

    [Fact]
    public void Leaves_out_words_of_a_time() => Assert.Equal("We damn.", Cue.TextOf([.. WordEdits.Exclude(Words, [new TimeRange { From = 0.25, To = 1.0 }])]));
}
