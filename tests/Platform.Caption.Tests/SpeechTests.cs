using System.Text.Json;
using Platform.Contracts;

namespace Platform.Caption.Tests;

/// <summary>What is heard. Each test skips, with the reason, where whisper-cli or its model cannot be had.</summary>
[Trait("Category", "Integration")]
public sealed class SpeechTests(CaptionHarness caption, ITestOutputHelper output) : IClassFixture<CaptionHarness>
{
    [Fact]
    public async Task Writes_down_a_speech_word_for_word()
    {
        var sample = Path.Combine(CaptionOptions.Cache, "samples", "jfk.wav");
        Assert.SkipUnless(File.Exists(sample), $"The sample speech, which comes with whisper.cpp's sources, is not in {sample}.");
        var words = await HearAsync(await caption.FilmAsync("jfk.mkv", 11, sound: sample), p => p);

        Assert.Equal("And so my fellow Americans ask not what your country can do for you ask what you can do for your country", string.Join(' ', words.Select(word => word.Text.Trim(',', '.', '!', '?', ':'))));
        AssertSound(words);
    }

    [Fact]
    public async Task Times_words_by_their_sound()
    {
        Assert.SkipUnless(Tools.Has("espeak-ng"), "espeak-ng is not here to speak words one by one.");
        var spoken = await SpokenWords.SpeakAsync("Welcome to our shop. Today every apple costs three dollars and the second basket is free. Please call us before Friday.", caption.Folder);
        await spoken.WriteAsync(caption.PathOf("spoken.wav"));
        var words = await HearAsync(await caption.FilmAsync("spoken.mkv", (spoken.Marks[^1].End + TimeSpan.FromSeconds(0.6)).TotalSeconds, sound: caption.PathOf("spoken.wav")), p => p);

        // Words are matched by place; one more or less than was said would shift the rest, and is seen as such.
        Assert.Equal(spoken.Marks.Count, words.Count);
        var errors = spoken.Marks.Zip(words, (mark, word) => Math.Abs(mark.Start.TotalMilliseconds - (word.Start * 1000))).Order().ToList();
        output.WriteLine($"median {errors[errors.Count / 2]:0} ms, 95 % {errors[(int)(errors.Count * 0.95)]:0} ms, worst {errors[^1]:0} ms");
        Assert.InRange(errors[errors.Count / 2], 0, 80);
        Assert.InRange(errors[(int)(errors.Count * 0.95)], 0, 350);
        AssertSound(words);

        var script = await HearAsync(caption.PathOf("spoken.mkv"), p => p with { Source = new CaptionSource { Text = string.Join(' ', spoken.Marks.Select(mark => mark.Word)) }, Burn = CaptionBurn.None });
        Assert.Equal(spoken.Marks.Select(mark => mark.Word), script.Select(word => word.Text));
        Assert.InRange(spoken.Marks.Zip(script, (mark, word) => Math.Abs(mark.Start.TotalMilliseconds - (word.Start * 1000))).Order().ElementAt(script.Count / 2), 0, 80);
        AssertSound(script);
    }

    [Fact]
    public async Task Times_numbers_prices_and_shares_by_their_sound()
    {
        Assert.SkipUnless(Tools.Has("espeak-ng"), "espeak-ng is not here to speak words one by one.");
        // A number is one word of the transcript, however many are spoken for it: no-break spaces hold them together.
        var spoken = await SpokenWords.SpeakAsync("This\u00a0ticket costs twenty\u00a0nine\u00a0dollars today. Last\u00a0year we\u00a0sold seven\u00a0hundred\u00a0and\u00a0fifty of\u00a0them, and thirty\u00a0five\u00a0percent were\u00a0free.", caption.Folder);
        await spoken.WriteAsync(caption.PathOf("numbers.wav"));
        var words = await HearAsync(await caption.FilmAsync("numbers.mkv", (spoken.Marks[^1].End + TimeSpan.FromSeconds(0.6)).TotalSeconds, sound: caption.PathOf("numbers.wav")), p => p);
        output.WriteLine(string.Join(' ', words.Select(word => word.Text)));

        AssertSound(words);
        AssertSpokenAt("twenty\u00a0nine\u00a0dollars", "29");
        AssertSpokenAt("seven\u00a0hundred\u00a0and\u00a0fifty", "750");
        AssertSpokenAt("thirty\u00a0five\u00a0percent", "35");

        void AssertSpokenAt(string sound, string digits)
        {
            var word = Assert.Single(words, word => word.Text.Contains(digits, StringComparison.Ordinal));
            var mark = spoken.Marks.Single(mark => mark.Word.Trim('.', ',') == sound);
            Assert.InRange(word.Start, mark.Start.TotalSeconds - 0.35, mark.Start.TotalSeconds + 0.35);
            Assert.InRange(word.End, mark.Start.TotalSeconds + 0.1, mark.End.TotalSeconds + 0.35);
        }
    }

    [Theory]
    [InlineData("amovie=music.ogg,atrim=duration=10")]
    [InlineData("anullsrc=r=48000:cl=stereo:d=10")]
    [InlineData("aevalsrc='0.2*sin(2*PI*220*t)*(0.6+0.4*sin(4*PI*t))+0.15*sin(2*PI*277.2*t)+0.15*sin(2*PI*329.6*t)':s=48000:d=10")]
    [InlineData("anoisesrc=d=0.01:r=48000")]
    public async Task Invents_nothing_where_nobody_speaks(string sound)
    {
        await Tools.RunAsync("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", sound.Replace("music.ogg", Path.Combine(AppContext.BaseDirectory, "music.ogg"), StringComparison.Ordinal), caption.PathOf("quiet.wav"));
        await Tools.RunAsync("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "color=s=320x180:r=25:d=10", "-i", caption.PathOf("quiet.wav"), "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_s16le", caption.PathOf("quiet.mkv"));
        var (answer, files) = await caption.CaptionAsync(caption.PathOf("quiet.mkv"), p => p);
        SkipWithoutSpeech(answer);
        Assert.True(answer is StageCompleted, (answer as StageFailed)?.Failure.ToString());

        Assert.Equal("", await File.ReadAllTextAsync(files["srt"]));
        Assert.Contains(((StageCompleted)answer).Warnings, warning => warning.Code is "caption.no_speech");
        Assert.Equal(0, ((StageCompleted)answer).Facts["words"].GetInt32());
    }

    [Fact]
    public async Task Refuses_a_model_that_does_not_know_the_language()
    {
        var (answer, _) = await caption.CaptionAsync(await caption.FilmAsync("german.mkv", 1), p => p with { Model = "base.en", Language = "de" });

        Assert.Equal("caption.model_unfit", Assert.IsType<StageFailed>(answer).Failure.Code);
    }

    private async Task<List<Heard>> HearAsync(string film, Func<CaptionParameters, CaptionParameters> with)
    {
        var (answer, files) = await caption.CaptionAsync(film, with);
        SkipWithoutSpeech(answer);
        Assert.True(answer is StageCompleted, (answer as StageFailed)?.Failure.ToString());
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(files["words"]));
        return [.. json.RootElement.GetProperty("words").EnumerateArray().Select(word => new Heard(word.GetProperty("text").GetString()!, word.GetProperty("start").GetDouble(), word.GetProperty("end").GetDouble()))];
    }

    private static void SkipWithoutSpeech(object answer)
    {
        if (answer is StageFailed { Failure: { Code: "caption.tool_missing" or "caption.model_missing" } failure })
        {
            Assert.Skip(failure.Detail);
        }
    }

    private static void AssertSound(List<Heard> words)
    {
        Assert.All(words, word => Assert.True(word.End > word.Start, $"{word} is empty"));
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start, $"{pair.First} overlaps {pair.Second}"));
    }

    private sealed record Heard(string Text, double Start, double End);
}
