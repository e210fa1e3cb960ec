using System.Collections.Immutable;
using System.Globalization;
using Platform.Caption.Captions;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Caption.Speech;

/// <summary>What was said in a film.</summary>
/// <param name="Language">As asked for, or as heard.</param>
/// <param name="Words">With true times.</param>
internal sealed record Said(string Language, ImmutableArray<Word> Words);

/// <summary>Listens to a film: takes its sound out, finds where there is any, has it transcribed, makes the times true.</summary>
internal sealed class Listener(IFfmpeg ffmpeg, ITranscriber transcriber, ModelStore models)
{
    /// <summary>Less of a script than this in the sound: it is another text.</summary>
    private const double OtherText = 0.3;

    /// <summary>Listens.</summary>
    /// <exception cref="MediaException">The sound cannot be read.</exception>
    /// <exception cref="StageException">There is no model or no transcriber, or it fails.</exception>
    public async Task<Said> ListenAsync(CaptionOrder order, MediaInfo film, CancellationToken cancellationToken)
    {
        var parameters = order.Parameters;
        var model = ModelCatalogue.For(parameters.Model, parameters.Language, parameters.Translate);
        if (!ModelCatalogue.Knows(model, parameters.Language, parameters.Translate))
        {
            throw new StageException(
                "caption.model_unfit", FailureKind.Permanent, $"The model {model.Name} only writes down English that is spoken: leave model out, or name one without .en for language \"{parameters.Language}\".");
        }

        if (film.Audio is null)
        {
            order.Warn("caption.no_sound", "The film has no sound, so there are no captions.");
            return new Said(parameters.Language, []);
        }

        var length = film.RequireDuration();
        var path = await ExtractAsync(order, length, cancellationToken);
        var sound = await LoudParts.ReadAsync(path, cancellationToken);
        var loud = sound.Find();
        if (loud.IsEmpty)
        {
            order.Warn("caption.no_speech", "The film is silent, so there are no captions.");
            return new Said(parameters.Language, []);
        }

        var transcript = await TranscribeAsync(order, path, loud, length, model, cancellationToken);
        return parameters.Source.Text is { } script ? Align(order, script, transcript, loud, length) : Speak(order, transcript, loud, length);
    }

    // Without a voice model whatever is silent is taken out here.
    private async Task<Transcript> TranscribeAsync(CaptionOrder order, string sound, ImmutableArray<Span> loud, TimeSpan length, SpeechModel model, CancellationToken cancellationToken)
    {
        var speech = await models.PathAsync(model, share => order.Report(0.02 + (0.08 * share), $"fetching the speech model {model.Name}"), cancellationToken);
        var voice = await models.FindAsync(ModelCatalogue.Voice, cancellationToken);
        var kept = voice is null ? QuietCut.Keep(loud, length) : [];
        if (voice is null)
        {
            await QuietCut.WriteAsync(sound, order.PathOf("loud.wav"), kept, cancellationToken);
            sound = order.PathOf("loud.wav");
        }

        var transcript = await transcriber.TranscribeAsync(
            new TranscriptionOrder
            {
                Sound = sound,
                Model = speech,
                VoiceModel = voice,
                Language = order.Parameters.Language,
                Translate = order.Parameters.Translate,
                Folder = order.Folder,
                Report = share => order.Report(0.1 + (0.4 * share), "listening"),
            },
            cancellationToken);
        return voice is not null ? transcript : transcript with
        {
            Words = [.. transcript.Words.Select(word => word with { Start = QuietCut.ToSound(kept, word.Start), End = QuietCut.ToSound(kept, word.End) })],
        };
    }

    /// <summary>Where sound is that may be speech: what the voice model heard, with the edges of the sound where they are near.</summary>
    internal static ImmutableArray<Span> Where(Transcript transcript, ImmutableArray<Span> loud)
    {
        if (transcript.Speech is not { } speech)
        {
            return loud;
        }

        // Within speech each part that is loud counts by itself, so that words after short pauses begin where they sound.
        return [.. speech.SelectMany(voice => loud
            .Select(part => new Span(part.Start > voice.Start - Edge ? part.Start : voice.Start, part.End < voice.End + Edge ? part.End : voice.End))
            .Where(part => part.End > voice.Start && part.Start < voice.End && part.Length > TimeSpan.Zero)).OrderBy(part => part.Start).DistinctBy(part => part.Start)];
    }

    private static readonly TimeSpan Edge = TimeSpan.FromMilliseconds(250);

    private static Said Speak(CaptionOrder order, Transcript transcript, ImmutableArray<Span> loud, TimeSpan length)
    {
        var words = WordRepair.Repair(transcript.Words, Where(transcript, loud), length);
        if (words.IsEmpty)
        {
            order.Warn("caption.no_speech", "Nobody speaks in the film, so there are no captions.");
        }

        return new Said(Language(order, transcript), words);
    }

    private static Said Align(CaptionOrder order, string script, Transcript transcript, ImmutableArray<Span> loud, TimeSpan length)
    {
        var where = Where(transcript, loud);
        var aligned = ScriptAlignment.Align(script, WordRepair.Repair(transcript.Words, where, length), where, length);
        if (aligned.Matched < OtherText)
        {
            order.Warn("caption.script_differs", string.Create(CultureInfo.InvariantCulture, $"Only {aligned.Matched:P0} of the script's words were heard in the film: times may be wrong."));
        }

        return new Said(Language(order, transcript), WordRepair.Repair(aligned.Words, [], length));
    }

    private static string Language(CaptionOrder order, Transcript transcript) =>
        order.Parameters.Translate ? "en" : order.Parameters.Language == "auto" && transcript.Language.Length > 0 ? transcript.Language : order.Parameters.Language;

    private async Task<string> ExtractAsync(CaptionOrder order, TimeSpan length, CancellationToken cancellationToken)
    {
        var path = order.PathOf("sound.wav");
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(order.Film) { Options = ["-vn"] }],
                Graph = new FilterGraph(Filters.Chain("0:a:0", "out", Filters.Resample(LoudParts.SampleRate), Filters.AudioFormat(LoudParts.SampleRate, "mono", "s16"))),
                Outputs = [new FfmpegOutput(path) { Maps = ["[out]"], Options = ["-c:a", "pcm_s16le", "-bitexact"], Format = "wav", Duration = length }],
                Length = length,
            },
            order.Folder,
            now => order.Report(0.02 * (now.Share ?? 0), "taking the sound out"),
            cancellationToken);
        return path;
    }
}
