using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>What makes a sound in a script.</summary>
internal enum Pressed { Button, Released, Key }

/// <summary>The sound of a script: a short click wherever a button or a key goes down. Synthesised, and the same every time.</summary>
internal static class PressSounds
{
    /// <summary>Samples per second: what films have, and whole samples in a frame of every rate that a film may have.</summary>
    public const int SampleRate = 48_000;

    /// <summary>Loudest sample of full scale (-18 dB): plain in a silent film, and no rival of a voice.</summary>
    private const double Peak = 0.125;

    /// <summary>Seconds that a click takes to rise, so that it does not crackle, and until it is gone.</summary>
    private const double Rise = 0.0003, Length = 0.12;

    /// <summary>Keys sound a little different from one another, as on a keyboard: so many ways, and by how much the pitch differs at most.</summary>
    private const int Ways = 5;
    private const double Spread = 0.08;

    /// <summary>A part of a click: a tone, or noise where there is no pitch, that fades away.</summary>
    /// <param name="Pitch">In Hz.</param>
    /// <param name="Share">Of the whole click's loudness.</param>
    /// <param name="Fade">Seconds in which it falls to 1/e.</param>
    private readonly record struct Part(double? Pitch, double Share, double Fade);

    // A micro switch rings high and short; a key's cap strikes its plate, and the desk answers.
    private static readonly ImmutableArray<Part>
        Switch = [new(null, 0.45, 0.0012), new(2600, 0.5, 0.0025), new(5200, 0.25, 0.0012), new(420, 0.25, 0.007)],
        Cap = [new(null, 0.4, 0.002), new(1900, 0.35, 0.003), new(170, 0.5, 0.016)];

    /// <summary>What is heard, by the first frame of the film that shows it.</summary>
    public static ImmutableArray<(int Frame, Pressed Kind)> Of(Timeline timeline, ShotPlan plan)
    {
        var pointer = timeline.Pointer;
        var buttons = Enumerable.Range(1, Math.Max(0, pointer.Length - 1))
            .Select(n => (n, Was: pointer[n - 1] is { Down: true }, Is: pointer[n] is { Down: true }))
            .Where(at => at.Was != at.Is)
            .Select(at => (at.n, at.Is ? Pressed.Button : Pressed.Released));
        var keys = timeline.Actions.SelectMany(action => action.Keys).Select(n => (n, Pressed.Key));
        return [.. buttons.Concat(keys).Where(at => at.n < plan.Frames).OrderBy(at => at.n).Select(at => (plan.FilmFrame(at.n), at.Item2))];
    }

    /// <summary>One channel of signed 16-bit samples, as long as the film to the sample; every click begins with the first sample of its frame.</summary>
    public static short[] Samples(ImmutableArray<(int Frame, Pressed Kind)> presses, int frames, int fps)
    {
        var samples = new short[(long)frames * SampleRate / fps];
        foreach (var (n, (frame, kind)) in presses.Index())
        {
            var click = Click(kind, n % Ways);
            var track = samples.AsSpan((int)((long)frame * SampleRate / fps));
            for (var i = 0; i < Math.Min(click.Length, track.Length); i++)
                track[i] = (short)Math.Clamp(track[i] + click[i], short.MinValue, short.MaxValue);
        }

        return samples;
    }

    /// <summary>Writes the film's sound as bare samples: one channel, signed 16 bits, lowest byte first.</summary>
    /// <returns>Its path; null where nothing is pressed.</returns>
    public static async Task<string?> WriteAsync(Timeline timeline, ShotPlan plan, string folder, CancellationToken cancellationToken)
    {
        var presses = Of(timeline, plan);
        if (presses.IsEmpty)
            return null;

        var path = Path.Combine(folder, "presses.pcm");
        await File.WriteAllBytesAsync(path, MemoryMarshal.AsBytes(Samples(presses, plan.FilmFrames, plan.Fps).AsSpan()).ToArray(), cancellationToken);
        return path;
    }

    private static short[] Click(Pressed kind, int way)
    {
        var parts = kind == Pressed.Key ? Cap : Switch;
        // A switch that springs back is higher, and softer.
        var (pitch, loudness) = kind switch
        {
            Pressed.Released => (1.18, 0.5 * Peak),
            Pressed.Key => (1 + Spread * (2.0 * way / (Ways - 1) - 1), Peak),
            _ => (1, Peak),
        };
        var noise = new Random(way);     // seeded: the same on every machine
        var wave = new double[(int)(Length * SampleRate)];
        for (var i = 0; i < wave.Length; i++)
        {
            var t = (double)i / SampleRate;
            var hiss = 2 * noise.NextDouble() - 1;
            var sum = parts.Sum(part => part.Share * Math.Exp(-t / part.Fade) * (part.Pitch is { } hertz ? Math.Cos(2 * Math.PI * hertz * pitch * t) : hiss));
            wave[i] = sum * Math.Min(1, (t + 1.0 / SampleRate) / Rise) * (1 - t / Length);
        }

        var most = wave.Max(Math.Abs);
        return [.. wave.Select(value => (short)Math.Round(value / most * loudness * short.MaxValue))];
    }
}
