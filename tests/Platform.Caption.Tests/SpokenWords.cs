using System.Runtime.InteropServices;

namespace Platform.Caption.Tests;

/// <summary>Words that espeak speaks one by one, joined with pauses, so that it is known when each begins and ends.</summary>
internal sealed class SpokenWords
{
    private const int Rate = 16_000;
    private readonly List<short> samples = [];

    /// <summary>Each word with the times at which its sound begins and ends.</summary>
    public List<(string Word, TimeSpan Start, TimeSpan End)> Marks { get; } = [];

    /// <summary>Speaks words with a pause after each, longer after a mark.</summary>
    public static async Task<SpokenWords> SpeakAsync(string text, string folder, double pause = 0.12)
    {
        var spoken = new SpokenWords();
        spoken.Silence(0.4);
        foreach (var word in text.Split(' '))
        {
            var path = Path.Combine(folder, "word.wav");
            await Tools.RunAsync("espeak-ng", "-v", "en-us", "-s", "150", "-w", path, word.Trim('.', ',', '?'));
            var raw = await Tools.RunAsync("ffmpeg", "-v", "error", "-i", path, "-ar", "16000", "-ac", "1", "-f", "s16le", "pipe:1");
            spoken.Add(word, MemoryMarshal.Cast<byte, short>(raw));
            spoken.Silence(word[^1] is '.' or ',' or '?' ? pause + 0.3 : pause);
        }

        spoken.Silence(0.5);
        return spoken;
    }

    public async Task WriteAsync(string path) => await Tools.RunAsync("ffmpeg", ["-v", "error", "-y", "-f", "s16le", "-ar", "16000", "-ac", "1", "-i", "pipe:0", path], MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(samples)).ToArray());

    private void Add(string word, ReadOnlySpan<short> sound)
    {
        // What espeak leaves before and after is no part of the word: a hundredth of full scale is the first that is heard.
        var (first, last) = (0, sound.Length - 1);
        while (first < last && Math.Abs((int)sound[first]) < 330) first++;
        while (last > first && Math.Abs((int)sound[last]) < 330) last--;
        Marks.Add((word, TimeSpan.FromSeconds(samples.Count / (double)Rate), TimeSpan.FromSeconds((samples.Count + last - first) / (double)Rate)));
        samples.AddRange(sound[first..(last + 1)]);
    }

    private void Silence(double seconds) => samples.AddRange(new short[(int)(seconds * Rate)]);
}
