using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Platform.Caption.Speech;

/// <summary>
/// Finds where a sound is louder than its own ground, in steps of 10 ms: silence has no words, and a word that follows a pause begins where the sound does. Knows nothing of speech: where there is
/// no voice model it stands in for one, and beside one it makes the edges sharp. Pure.
/// </summary>
internal sealed class LoudParts
{
    public const int SampleRate = 16_000;

    private const int Step = SampleRate / 100;
    private const double Silent = -55; // dB below full scale, RMS: nobody is understood there
    private const double Floor = -90;
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(10);

    /// <summary>A stop consonant or a breath within a word.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(90);

    /// <summary>A click.</summary>
    private static readonly TimeSpan ShortestPart = TimeSpan.FromMilliseconds(40);

    private readonly List<float> levels = [];

    /// <summary>How much was heard.</summary>
    public TimeSpan Length => levels.Count * StepTime;

    /// <summary>Takes the next samples; all but the last call give whole steps.</summary>
    public void Add(ReadOnlySpan<short> samples)
    {
        for (; samples.Length > 0; samples = samples[Math.Min(Step, samples.Length)..])
        {
            var step = samples[..Math.Min(Step, samples.Length)];
            var sum = 0.0;
            foreach (var sample in step)
            {
                sum += (double)sample * sample;
            }

            levels.Add((float)Math.Max(Floor, 10 * Math.Log10((sum / step.Length / (32768.0 * 32768.0)) + 1e-12)));
        }
    }

    /// <summary>The parts that are loud.</summary>
    public ImmutableArray<Span> Find()
    {
        if (levels.Count == 0)
        {
            return [];
        }

        var sorted = levels.Order().ToList();
        var (ground, top) = (sorted[sorted.Count / 10], sorted[sorted.Count * 95 / 100]);
        var peak = sorted[^1];
        var threshold = Math.Max(Silent, Math.Min(ground + ((top - ground) * 0.35), peak - 6));
        var parts = new List<Span>();
        for (var step = 0; step < levels.Count; step++)
        {
            if (levels[step] < threshold)
            {
                continue;
            }

            var part = new Span(step * StepTime, (step + 1) * StepTime);
            if (parts.Count > 0 && part.Start - parts[^1].End < ShortestPause)
            {
                parts[^1] = parts[^1] with { End = part.End };
            }
            else
            {
                parts.Add(part);
            }
        }

        return [.. parts.Where(part => part.Length >= ShortestPart)];
    }

    /// <summary>Reads a WAV file as ffmpeg writes it: 16 bits, mono, <see cref="SampleRate"/>.</summary>
    public static async Task<LoudParts> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        await WavFile.SkipToDataAsync(file, cancellationToken);
        var parts = new LoudParts();
        var buffer = new byte[Step * sizeof(short) * 100];
        for (int read; (read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0;)
        {
            parts.Add(MemoryMarshal.Cast<byte, short>(buffer.AsSpan(0, read)));
        }

        return parts;
    }
}

/// <summary>
/// A sound without its silence, for a transcriber that has no voice model: in silence it invents words, and after silence it is wrong about times.
/// </summary>
internal static class QuietCut
{
    /// <summary>What stays around a part, and between two at most twice.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(150);

    /// <summary>Which spans stay.</summary>
    public static ImmutableArray<Span> Keep(ImmutableArray<Span> loud, TimeSpan length)
    {
        var kept = new List<Span>();
        foreach (var part in loud)
        {
            var wide = new Span(part.Start > Margin ? part.Start - Margin : TimeSpan.Zero, part.End + Margin < length ? part.End + Margin : length);
            if (kept.Count > 0 && wide.Start <= kept[^1].End)
            {
                kept[^1] = kept[^1] with { End = wide.End };
            }
            else
            {
                kept.Add(wide);
            }
        }

        return [.. kept];
    }

    /// <summary>The time in the sound of a time in what stayed.</summary>
    public static TimeSpan ToSound(ImmutableArray<Span> kept, TimeSpan time)
    {
        foreach (var span in kept)
        {
            if (time <= span.Length)
            {
                return span.Start + time;
            }

            time -= span.Length;
        }

        return kept.IsEmpty ? time : kept[^1].End;
    }

    /// <summary>Writes what stays, as a WAV file.</summary>
    public static async Task WriteAsync(string from, string to, ImmutableArray<Span> kept, CancellationToken cancellationToken)
    {
        await using var source = File.OpenRead(from);
        await WavFile.SkipToDataAsync(source, cancellationToken);
        var data = source.Position;
        await using var target = File.Create(to);
        await target.WriteAsync(WavFile.Head(kept.Sum(span => Bytes(span.Length))), cancellationToken);
        var buffer = new byte[1 << 16];
        foreach (var span in kept)
        {
            source.Position = data + Bytes(span.Start);
            for (var left = Bytes(span.Length); left > 0;)
            {
                var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
                if (read == 0)
                {
                    return;
                }

                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                left -= read;
            }
        }
    }

    private static long Bytes(TimeSpan time) => (long)Math.Round(time.TotalSeconds * LoudParts.SampleRate) * sizeof(short);
}

/// <summary>The little of WAV that is needed: 16 bits, mono, <see cref="LoudParts.SampleRate"/>.</summary>
internal static class WavFile
{
    public static async Task SkipToDataAsync(FileStream file, CancellationToken cancellationToken)
    {
        var head = new byte[8];
        file.Position = 12; // RIFF, length, WAVE
        while (await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) == head.Length && !head.AsSpan(0, 4).SequenceEqual("data"u8))
        {
            file.Position += (BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)) + 1) & ~1u;
        }
    }

    public static byte[] Head(long bytes)
    {
        var head = new byte[44];
        "RIFF"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), (uint)(36 + bytes));
        "WAVEfmt "u8.CopyTo(head.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(24), LoudParts.SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(28), LoudParts.SampleRate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(32), sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(34), 16);
        "data"u8.CopyTo(head.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(40), (uint)bytes);
        return head;
    }
}
