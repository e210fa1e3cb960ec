using System.Globalization;
using System.Runtime.InteropServices;
using Platform.Ffmpeg;
using Platform.Merge.Films;

namespace Platform.Merge.Beats;

/// <summary>Music to whose beats a film is cut.</summary>
/// <param name="Tempo">Beats per minute.</param>
/// <param name="Grid">The beats that count, in the film's time.</param>
internal sealed record MusicToCutTo(double Tempo, BeatGrid Grid);

/// <summary>Listens to the music that a film is to be cut to.</summary>
internal sealed class MusicBeats(IFfmpeg ffmpeg, IMediaProbe probe, FilmOrder order, CancellationToken cancellationToken)
{
    /// <summary>How much more than the film's length is listened to: a tempo is found more surely in more of it.</summary>
    private static readonly TimeSpan More = TimeSpan.FromSeconds(30);

    /// <summary>Finds the beats.</summary>
    /// <param name="length">Of the film.</param>
    /// <returns>Null where none are asked for; or found, which is warned of.</returns>
    /// <exception cref="MediaException">The music cannot be read.</exception>
    public async Task<MusicToCutTo?> FindAsync(TimeSpan length)
    {
        if (order is not { Music: { } music, Parameters.BeatSync: { } sync })
        {
            return null;
        }

        var envelope = new OnsetEnvelope();
        try
        {
            (await probe.ProbeAsync(music, cancellationToken)).RequireAudio();
            await ListenAsync(music, TimeSpan.FromSeconds(sync.StartAt), length + More, envelope);
        }
        catch (MediaException e)
        {
            throw new MediaException(e.Code, e.Transient, $"The music of beatSync: {e.Message}", e);
        }

        if (BeatTracker.Find(envelope.Strengths) is { } pulse)
        {
            return new MusicToCutTo(pulse.Tempo, BeatGrid.Of(pulse.Every(sync.Every)));
        }

        order.Warn("merge.no_beat", "No steady beat was found in the music: the scenes were left as long as they are.");
        return null;
    }

    private async Task ListenAsync(string music, TimeSpan from, TimeSpan length, OnsetEnvelope envelope) => await ffmpeg.RunAsync(
        new FfmpegCommand
        {
            Inputs = [new FfmpegInput(music) { Start = from > TimeSpan.Zero ? from : null, Options = ["-vn"] }],
            Outputs =
            [
                new FfmpegOutput("pipe:1")
                {
                    Maps = ["0:a:0"], Options = ["-ac", "1", "-ar", OnsetEnvelope.SampleRate.ToString(CultureInfo.InvariantCulture), "-c:a", "pcm_f32le"], Format = "f32le", Duration = length,
                },
            ],
            Output = async (stream, token) =>
            {
                var bytes = new byte[OnsetEnvelope.SampleRate * sizeof(float)];
                for (int read; (read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, token)) > 0;)
                {
                    envelope.Add(MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, read / sizeof(float) * sizeof(float))));
                }
            },
        },
        order.Folder, null, cancellationToken);
}
