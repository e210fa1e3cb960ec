using System.Collections.Immutable;
using Platform.Caption.Captions;
using Platform.Stages;

namespace Platform.Caption.Speech;

/// <summary>What to listen to, and for what.</summary>
internal sealed record TranscriptionOrder
{
    /// <summary>Path of the sound: 16 kHz, mono, 16 bits, WAV; at least one sample.</summary>
    public required string Sound { get; init; }

    /// <summary>Path of the speech model.</summary>
    public required string Model { get; init; }

    /// <summary>Path of the model that tells speech from other sound, or null: the transcriber then hears everything.</summary>
    public string? VoiceModel { get; init; }

    /// <summary>A code such as <c>en</c>, or <c>auto</c>.</summary>
    public required string Language { get; init; }

    /// <summary>To English.</summary>
    public bool Translate { get; init; }

    /// <summary>Everything is written here.</summary>
    public required string Folder { get; init; }

    /// <summary>Told how far it is, 0 to 1.</summary>
    public Action<double> Report { get; init; } = _ => { };
}

/// <summary>What was heard: words as they came, whose times may still be empty or overlap, and where somebody speaks.</summary>
/// <param name="Language">Spoken, as far as is known.</param>
/// <param name="Words">In order.</param>
/// <param name="Speech">Where the voice model heard speech; null where there was none to ask.</param>
internal sealed record Transcript(string Language, ImmutableArray<Word> Words, ImmutableArray<Span>? Speech);

/// <summary>From when to when.</summary>
internal readonly record struct Span(TimeSpan Start, TimeSpan End)
{
    public TimeSpan Length => End - Start;

    public bool Holds(TimeSpan time) => time >= Start && time < End;
}

/// <summary>Turns speech into words. Runs in a process of its own: if that dies, the stage fails and the service lives.</summary>
internal interface ITranscriber
{
    /// <summary>Listens.</summary>
    /// <exception cref="StageException"><c>caption.tool_missing</c>, <c>caption.transcriber_failed</c>, <c>caption.transcript_unreadable</c>.</exception>
    Task<Transcript> TranscribeAsync(TranscriptionOrder order, CancellationToken cancellationToken);
}
