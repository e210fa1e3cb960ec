using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Platform.Merge.Sound;

/// <summary>
/// Puts a film's sounds together, sample by sample: stereo, 48 kHz, 32-bit floats, as long as the film exactly. Nothing is normalised, so a voice stays at its level; joins neither click nor dip
/// (<see cref="JoinSmoother"/>).
/// </summary>
internal sealed class Mixer(ImmutableArray<SoundClip> clips, long samples)
{
    public const int Channels = 2;
    public const int BytesPerSample = Channels * sizeof(float);

    private const int MostAtOnce = 1 << 14;

    private readonly Stem[] stems = [.. clips.Select(clip => clip.Stem).Distinct().Order()];

    /// <summary>Highest point of the mix, in dBTP.</summary>
    public double TruePeak { get; private set; }

    /// <summary>Mixes.</summary>
    /// <param name="open">Opens the sound of a clip, from its beginning: raw samples that can be read again.</param>
    /// <param name="mix">Gets all of it.</param>
    /// <param name="apart">Gets a stem alone, for those that are wanted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task MixAsync(Func<SoundClip, Stream> open, Stream mix, IReadOnlyDictionary<Stem, Stream> apart, CancellationToken cancellationToken)
    {
        var buses = stems.ToDictionary(stem => stem, _ => new Bus());
        var meters = new[] { new TruePeakMeter(), new TruePeakMeter() };
        var sum = new float[MostAtOnce * Channels];
        var heard = new List<Player>();
        var next = 0;
        try
        {
            for (long at = 0; at < samples;)
            {
                for (; next < clips.Length && clips[next].Start <= at; next++)
                {
                    heard.Add(new Player(clips[next], open(clips[next])));
                }

                var count = (int)Math.Min(MostAtOnce, Change(at, next, heard) - at);
                var whole = sum.AsMemory(0, count * Channels);
                whole.Span.Clear();
                foreach (var (stem, bus) in buses)
                {
                    var own = bus.Block(count);
                    foreach (var player in heard.Where(player => player.Clip.Stem == stem))
                    {
                        await player.AddAsync(own, at, cancellationToken);
                    }

                    bus.Smooth(own.Span, clips.Any(clip => clip.Stem == stem && (clip.Start == at || clip.Start + clip.Length == at)));
                    Add(own.Span, whole.Span);
                    if (apart.TryGetValue(stem, out var file))
                    {
                        file.Write(MemoryMarshal.AsBytes(own.Span));
                    }
                }

                Measure(meters, whole.Span);
                mix.Write(MemoryMarshal.AsBytes(whole.Span));
                at += count;
                foreach (var over in heard.Where(player => player.Clip.Start + player.Clip.Length <= at).ToList())
                {
                    over.Dispose();
                    heard.Remove(over);
                }
            }
        }
        finally
        {
            heard.ForEach(player => player.Dispose());
        }

        TruePeak = meters.Max(meter => meter.Decibels);
    }

    /// <summary>Measures the highest point of a stream of such samples, in dBTP.</summary>
    public static async Task<double> TruePeakAsync(Stream sound, CancellationToken cancellationToken)
    {
        var meters = new[] { new TruePeakMeter(), new TruePeakMeter() };
        var bytes = new byte[MostAtOnce * BytesPerSample];
        for (int read; (read = await sound.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)) > 0;)
        {
            Measure(meters, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, read / BytesPerSample * BytesPerSample)));
        }

        return meters.Max(meter => meter.Decibels);
    }

    // Up to where nothing begins or ends: a block has joins at its beginning only.
    private long Change(long at, int next, List<Player> heard)
    {
        var change = next < clips.Length ? Math.Min(samples, clips[next].Start) : samples;
        foreach (var player in heard)
        {
            var end = player.Clip.Start + player.Clip.Length;
            change = end > at ? Math.Min(change, end) : change;
        }

        return change;
    }

    private static void Measure(TruePeakMeter[] meters, ReadOnlySpan<float> interleaved)
    {
        Span<float> channel = new float[interleaved.Length / Channels];
        for (var c = 0; c < Channels; c++)
        {
            for (var i = 0; i < channel.Length; i++)
            {
                channel[i] = interleaved[(i * Channels) + c];
            }

            meters[c].Add(channel);
        }
    }

    private static void Add(ReadOnlySpan<float> from, Span<float> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] += from[i];
        }
    }

    /// <summary>What of one stem is heard.</summary>
    private sealed class Bus
    {
        private readonly JoinSmoother[] smoothers = [new(), new()];
        private readonly float[] block = new float[MostAtOnce * Channels];
        private readonly float[] channel = new float[MostAtOnce];

        public Memory<float> Block(int count)
        {
            var own = block.AsMemory(0, count * Channels);
            own.Span.Clear();
            return own;
        }

        public void Smooth(Span<float> interleaved, bool isJoin)
        {
            var count = interleaved.Length / Channels;
            for (var c = 0; c < Channels; c++)
            {
                for (var i = 0; i < count; i++)
                {
                    channel[i] = interleaved[(i * Channels) + c];
                }

                smoothers[c].Process(channel.AsSpan(0, count), isJoin);
                for (var i = 0; i < count; i++)
                {
                    interleaved[(i * Channels) + c] = channel[i];
                }
            }
        }
    }

    /// <summary>Plays one clip: its file, from beginning to end, or again and again, in silence where it ends early.</summary>
    private sealed class Player(SoundClip clip, Stream sound) : IDisposable
    {
        private readonly byte[] bytes = new byte[MostAtOnce * BytesPerSample];
        private long inPeriod;

        public SoundClip Clip => clip;

        public void Dispose() => sound.Dispose();

        public async Task AddAsync(Memory<float> block, long at, CancellationToken cancellationToken)
        {
            for (var done = 0; done < block.Length / Channels;)
            {
                if (inPeriod == clip.Period)
                {
                    sound.Position = 0;
                    inPeriod = 0;
                }

                var count = (int)Math.Min((block.Length / Channels) - done, (clip.Period ?? long.MaxValue) - inPeriod);
                var read = await sound.ReadAtLeastAsync(bytes.AsMemory(0, count * BytesPerSample), count * BytesPerSample, throwOnEndOfStream: false, cancellationToken);
                Mix(MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, read / BytesPerSample * BytesPerSample)), block.Span[(done * Channels)..], at + done - clip.Start);
                done += count;
                inPeriod += count;
            }
        }

        private void Mix(ReadOnlySpan<float> from, Span<float> to, long place)
        {
            for (var i = 0; i < from.Length; i += Channels)
            {
                var gain = (float)(clip.Gain * Fade(place + (i / Channels)));
                to[i] += gain * from[i];
                to[i + 1] += gain * from[i + 1];
            }
        }

        // At equal power.
        private double Fade(long place)
        {
            var left = clip.Length - place;
            return (place < clip.FadeIn ? Math.Sin(Math.PI / 2 * (place + 0.5) / clip.FadeIn) : 1)
                * (left < clip.FadeOut ? Math.Sin(Math.PI / 2 * (left - 0.5) / clip.FadeOut) : 1);
        }
    }
}
