using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Merge.Beats;
using Platform.Stages;

namespace Platform.Merge.Films;

/// <summary>A scene with its place in the film.</summary>
internal sealed record PlannedScene
{
    /// <summary>Its number, from 0.</summary>
    public required int Index { get; init; }

    public required SceneMedia Media { get; init; }

    public required MergeScene Asked { get; init; }

    public required UsedPart Part { get; init; }

    /// <summary>Where its sound begins, in samples of the film.</summary>
    public required long FirstSample { get; init; }

    /// <summary>How long its sound is.</summary>
    public required long Samples { get; init; }

    /// <summary>Where its picture begins, in frames of the film.</summary>
    public required int FirstFrame { get; init; }

    /// <summary>How long it is the picture, the transition from the scene before included, that into the next one not.</summary>
    public required int Frames { get; init; }

    /// <summary>How it follows the scene before: of which its first frames are a part.</summary>
    public required Transition Entry { get; init; }

    /// <summary>Length of <see cref="Entry"/> in frames, at least one less than the scene has; 0 for a cut.</summary>
    public required int EntryFrames { get; init; }

    /// <summary>Frames for which its picture goes on under the next scene's transition.</summary>
    public int ExitFrames { get; init; }

    /// <summary>Whether the video is seen again from its beginning.</summary>
    public required bool Loops { get; init; }
}

/// <summary>
/// A film: what is seen and heard when, everything decided, nothing of ffmpeg yet. Sound is exact to the sample, each scene's beginning being the sum of all lengths before; pictures begin
/// at the frame nearest to that, so that no error adds up. A transition takes place in the first frames of the scene it leads to, while the scene before goes on: it shortens nothing.
/// </summary>
internal sealed record MergePlan
{
    /// <summary>Per second: what all sound is brought to.</summary>
    public const int SampleRate = 48_000;

    /// <summary>Longest film, in seconds: 6 hours.</summary>
    private const long LongestSeconds = 6 * 3600;

    private const int LargestSide = 3840;

    /// <summary>Rate of a film whose first scene has none that films have.</summary>
    private static readonly Rational UsualRate = new(30, 1);

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required Rational Rate { get; init; }

    public required ImmutableArray<PlannedScene> Scenes { get; init; }

    /// <summary>Of the whole film.</summary>
    public required int Frames { get; init; }

    /// <summary>Of the whole film.</summary>
    public required long Samples { get; init; }

    public TimeSpan Length => TimeOf(Frames);

    /// <summary>Time of a frame.</summary>
    public TimeSpan TimeOf(int frame) => TimeSpan.FromTicks((long)((Int128)frame * Rate.Denominator * TimeSpan.TicksPerSecond / Rate.Numerator));

    /// <summary>Plans a film.</summary>
    /// <param name="parameters">What is asked for.</param>
    /// <param name="media">What the scenes' files are.</param>
    /// <param name="beats">Where scenes without a voice-over end rather than where they would; null: nowhere.</param>
    /// <exception cref="StageException"><c>merge.trim_after_end</c>, <c>merge.no_length</c>, <c>merge.too_long</c>.</exception>
    public static MergePlan For(MergeParameters parameters, IReadOnlyList<SceneMedia> media, BeatGrid? beats = null)
    {
        var rate = parameters.Fps is { } fps ? new Rational(fps, 1) : RateOf(media);
        var (width, height) = parameters.Format is { } format ? (format.Width, format.Height) : SizeOf(media[0].Picture);
        var scenes = new List<PlannedScene>(media.Count);
        long sample = 0;
        var frame = 0;
        for (var i = 0; i < media.Count; i++)
        {
            var asked = parameters.Scenes[i];
            var part = UsedPart.Of(asked, media[i].Video, i);
            var samples = Math.Max(SamplesOf(asked, part, media[i], i), Round(SampleRate, rate.Denominator, rate.Numerator));
            if (beats is not null && media[i].VoiceSamples is null && i + 1 < media.Count)
            {
                samples = beats.Fit(sample, samples, Most(asked, part, samples));
            }

            var next = FrameAt(sample + samples, rate);
            var entry = i > 0 && parameters.Transition is { } transition ? transition.At(i - 1) : new Transition(Transition.Cut);
            scenes.Add(new PlannedScene
            {
                Index = i,
                Media = media[i],
                Asked = asked,
                Part = part,
                FirstSample = sample,
                Samples = samples,
                FirstFrame = frame,
                Frames = next - frame,
                Entry = entry,
                EntryFrames = entry.IsCut ? 0 : Math.Clamp((int)Math.Round(entry.Duration * rate.Value), 0, next - frame - 1),
                Loops = asked.Hold == SceneHold.Loop && part.Length is { } length && SamplesIn(length) < samples,
            });
            (sample, frame) = (sample + samples, next);
            if (sample > LongestSeconds * SampleRate)
            {
                throw new StageException("merge.too_long", FailureKind.Permanent, $"The film would be longer than {LongestSeconds / 3600} hours.");
            }
        }

        for (var i = 1; i < scenes.Count; i++)
        {
            scenes[i - 1] = scenes[i - 1] with { ExitFrames = scenes[i].EntryFrames };
        }

        return new MergePlan { Width = width, Height = height, Rate = rate, Scenes = [.. scenes], Frames = frame, Samples = sample };
    }

    /// <summary>The frame nearest to a sample.</summary>
    public static int FrameAt(long sample, Rational rate) => (int)Round((Int128)sample * rate.Numerator, 1, (Int128)SampleRate * rate.Denominator);

    /// <summary>A time in samples.</summary>
    public static long SamplesIn(TimeSpan time) => Round(time.Ticks, SampleRate, TimeSpan.TicksPerSecond);

    private static long Round(Int128 value, Int128 times, Int128 over) => (long)(((value * times * 2) + over) / (over * 2));

    // Never shorter than its voice-over: nobody's words are cut.
    private static long SamplesOf(MergeScene scene, UsedPart part, SceneMedia media, int index)
    {
        var length = scene.Length ?? (media.VoiceSamples is null ? SceneLength.Video : SceneLength.Voice);
        var asked = length.FollowsVoice ? media.VoiceSamples
            : length.Seconds is { } seconds ? SamplesIn(TimeSpan.FromSeconds(seconds))
            : part.Length is { } own ? SamplesIn(own)
            : throw new StageException("merge.no_length", FailureKind.Permanent, $"Scene {index + 1}: a still picture needs a voice-over, or a length in seconds.");
        return Math.Max(asked ?? 0, media.VoiceSamples ?? 0);
    }

    // What there is to see without holding a frame that would not be held anyway.
    private static long Most(MergeScene scene, UsedPart part, long samples) =>
        part.Length is { } own && scene.Hold == SceneHold.Freeze && SamplesIn(own) is var there && samples <= there ? there : long.MaxValue;

    private static (int Width, int Height) SizeOf(VideoStream picture)
    {
        var width = picture.Width * PlainPicture.PixelAspect(picture);
        var shrink = Math.Min(1, LargestSide / Math.Max(width, picture.Height));
        return (Even(width * shrink), Even(picture.Height * shrink));

        static int Even(double side) => Math.Max(16, (int)(side / 2) * 2);
    }

    // A recorder's wavering rate, or one beyond what films have, is no rate for a film.
    private static Rational RateOf(IReadOnlyList<SceneMedia> media) =>
        media.FirstOrDefault(scene => !scene.Video.IsStill)?.Picture is { } picture && picture.FrameRate == picture.TickRate && picture.FrameRate.Value is >= 10 and <= 60
            ? picture.FrameRate
            : UsualRate;
}
