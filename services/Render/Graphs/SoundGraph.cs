using System.Globalization;
using System.Text;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Templates;

namespace Platform.Render.Graphs;

/// <summary>Writes a film's sound as filters, at <c>[sound]</c>: exactly as long as the film, 48 kHz stereo.</summary>
internal static class SoundGraph
{
    public const int SampleRate = 48_000;

    /// <summary>Level, 1 is full scale, above which what ducks goes down: −36 dB, well below any voice.</summary>
    private const double DuckThreshold = 0.015849;

    /// <summary>Peaks are held just under full scale, so that no encoder clips a sum.</summary>
    private const double Ceiling = 0.891251;

    /// <param name="timeline">The film.</param>
    /// <param name="firstInput">Number of the input that is the first sound; the others follow.</param>
    public static IEnumerable<FilterChain> For(Timeline timeline, int firstInput)
    {
        var sounds = timeline.Sounds.Select((sound, index) => (sound, name: $"sound{index}", input: firstInput + index)).ToList();
        foreach (var (sound, name, input) in sounds) yield return Filters.Chain($"{input}:a:0", name, [.. Shaped(sound, timeline)]);

        var ducking = sounds.Where(item => item.sound.Duck is { Enabled: true }).ToList();
        var open = sounds.Except(ducking).ToList();
        Filter[] whole = [Filters.AudioPad(timeline.Length), Filters.AudioUntil(timeline.Length)];
        if (ducking.Count == 0 || open.Count == 0)
        {
            yield return new FilterChain([.. sounds.Select(item => item.name)], [.. Sum(sounds.Count), .. whole, Filters.Limit(Ceiling)], ["sound"]);
            yield break;
        }
        yield return new FilterChain([.. open.Select(item => item.name)], [.. Sum(open.Count), .. whole, Filters.AudioSplit(ducking.Count + 1)], ["open", .. ducking.Select(item => $"{item.name}key")]);
        foreach (var (sound, name, _) in ducking)
        {
            yield return Filters.Chain(name, $"{name}whole", [.. whole]);
            yield return new FilterChain([$"{name}whole", $"{name}key"], [Duck(sound.Duck!)], [$"{name}ducked"]);
        }
        yield return new FilterChain(["open", .. ducking.Select(item => $"{item.name}ducked")], [Filters.Mix(ducking.Count + 1), .. whole, Filters.Limit(Ceiling)], ["sound"]);
    }

    // Of what goes down, nearly nothing is left; the share that stays is the depth.
    private static Filter Duck(Ducking duck) => Filters.Duck(DuckThreshold, 20, TimeSpan.FromSeconds(duck.Attack), TimeSpan.FromSeconds(duck.Release), 1 - Math.Pow(10, -duck.Depth / 20));

    private static IEnumerable<Filter> Sum(int count) => count == 1 ? [] : [Filters.MixAll(count)];

    private static IEnumerable<Filter> Shaped(Sound sound, Timeline timeline)
    {
        var length = TimeSpan.FromSeconds((double)sound.Length / timeline.Fps);
        yield return Filters.Resample(SampleRate);
        yield return Filters.AudioFormat(SampleRate, "stereo");
        if (sound.Speed != 1)
            for (var left = sound.Speed; left != 1; left /= Math.Clamp(left, 0.5, 2)) yield return Filters.Tempo(Math.Clamp(left, 0.5, 2));
        yield return Filters.AudioUntil(length);
        if (sound.Volumes.Count > 0) yield return Filters.VolumeOverTime(Curve(sound.Volumes));
        else if (sound.Volume != 1) yield return Filters.Volume(sound.Volume);
        if (Shorter(sound.FadeIn, length) is { Ticks: > 0 } fadeIn) yield return Filters.FadeIn(TimeSpan.Zero, fadeIn);
        if (Shorter(sound.FadeOut, length) is { Ticks: > 0 } fadeOut) yield return Filters.FadeOut(length - fadeOut, fadeOut);
        if (sound.Start > 0) yield return Filters.AudioDelay((long)sound.Start * SampleRate / timeline.Fps);
    }

    private static TimeSpan Shorter(double seconds, TimeSpan length) => TimeSpan.FromSeconds(Math.Min(seconds, length.TotalSeconds / 2));

    /// <summary>Volume at the time <c>t</c>: straight lines between points, and eight of them along a curve.</summary>
    internal static string Curve(IReadOnlyList<Keyframe> points)
    {
        var text = new StringBuilder();
        var (time, value) = (points[0].At, points[0].Value.Value);
        text.Append(CultureInfo.InvariantCulture, $"if(lt(t,{time:0.####}),{value:0.######}");
        var depth = 1;
        foreach (var point in points.Skip(1))
        {
            var parts = point.Easing == Easing.Linear ? 1 : 8;
            var (start, from) = (time, value);
            for (var i = 1; i <= parts; i++)
            {
                var next = start + (point.At - start) * i / parts;
                var level = from + (point.Value.Value - from) * point.Easing.At((double)i / parts);
                text.Append(CultureInfo.InvariantCulture, $",if(lt(t,{next:0.####}),{value:0.######}+{(level - value) / Math.Max(1e-6, next - time):0.######}*(t-{time:0.####})");
                depth++;
                (time, value) = (next, level);
            }
        }
        return text.Append(CultureInfo.InvariantCulture, $",{value:0.######}").Append(')', depth).ToString();
    }
}
