using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>What a shot is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShotKind>))]
internal enum ShotKind { Opening, Hero, Section, CallToAction, Closing, Scroll, Still, Action, EndCard }

/// <summary>
/// What the camera sees at the beginning and at the end of a shot, in CSS pixels of the viewport, in the shape of the film. Beyond the viewport lie its window and
/// a background.
/// </summary>
internal readonly record struct CameraMove(Box From, Box To, Easing Easing);

/// <summary>
/// A time in the film with one thing to look at. It begins with <see cref="Travel"/> frames on the way from where the last shot ended;
/// for the rest the page stands still and the camera goes slowly through <see cref="Camera"/>.
/// </summary>
internal sealed record Shot
{
    public required string Name { get; init; }

    public required ShotKind Kind { get; init; }

    /// <summary>First frame.</summary>
    public required int Start { get; init; }

    /// <summary>The frame after the last one; the next shot's start.</summary>
    public required int End { get; init; }

    /// <summary>Frames at its beginning in which scroll and camera are still on their way. 0: a shot that begins at rest.</summary>
    public int Travel { get; init; }

    /// <summary>How camera and page travel: together, so that it is one movement to the eye.</summary>
    public Easing TravelEasing { get; init; } = Easing.Cubic;

    /// <summary>What must be whole in the picture once the shot has arrived, in CSS pixels of the page.</summary>
    public required Box Target { get; init; }

    /// <summary>The part of the page that the target belongs to: the camera tries to show nothing beside it. In CSS pixels of the page.</summary>
    public Box Part { get; init; }

    /// <summary>
    /// The camera by format (<c>16:9</c>, <c>1280x720</c>). What is not there is framed by the director's rules from <see cref="Target"/> and <see cref="Part"/>.
    /// </summary>
    public ImmutableSortedDictionary<string, CameraMove> Cameras { get; init; } = ImmutableSortedDictionary<string, CameraMove>.Empty;

    /// <summary>Words that the viewer is given time to read here.</summary>
    public int Words { get; init; }

    /// <summary>The first frame at which the shot has arrived.</summary>
    [JsonIgnore] public int Arrival => Start + Travel;
}

/// <summary>Where the page is scrolled to at a frame, in CSS pixels, and how it comes there from the key before.</summary>
internal readonly record struct ScrollKey(int Frame, double Y, Easing Easing);

/// <summary>A time in the take that the film hurries through: it sets out at the page's own speed, and comes back to it softly.</summary>
/// <param name="Start">First frame of the take.</param>
/// <param name="End">The frame after the last one.</param>
/// <param name="Speed">How many times faster than the page, over all; more than 1.</param>
internal readonly record struct Pause(int Start, int End, double Speed)
{
    private int Length => End - Start;

    /// <summary>Frames of the film in it.</summary>
    [JsonIgnore] public int Shown => (int)Math.Clamp(Math.Round(Length / Speed), 1, Length);

    /// <summary>Whether a frame of the take is one of it that the film leaves out.</summary>
    public bool Drops(int frame) => frame >= Start && frame < End && At(Before(frame)) != frame - Start;

    /// <summary>How many of its frames the film shows before a frame of the take.</summary>
    public int Before(int frame)
    {
        var (low, high) = (0, Shown);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle) < frame - Start)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    // The take's frame, from the start, that is the film's nth: one by one at both ends, for that is where the rest of it, eased, begins and ends. It always rises.
    private int At(int n) => n + (int)((Length - Shown) * Easing.Glide.At((double)n / Shown));
}

/// <summary>
/// The whole film as the director wants it, in frames. The take obeys <see cref="Scroll"/>, the composition <see cref="Shots"/>: a change to the camera alone
/// needs no new take.
/// </summary>
internal sealed record ShotPlan
{
    /// <summary>Raised when a reader of older plans could misread a newer one.</summary>
    public const int CurrentVersion = 2;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Frames per second.</summary>
    public required int Fps { get; init; }

    /// <summary>Length of the take in frames, and of the film but for its <see cref="Pauses"/>.</summary>
    public required int Frames { get; init; }

    /// <summary>Size of the viewport in CSS pixels: what the take shows.</summary>
    public required double ViewportWidth { get; init; }

    public required double ViewportHeight { get; init; }

    /// <summary>Take pixels per CSS pixel that keep every shot's enlargement within 1.25: the take's device scale factor.</summary>
    public required double DeviceScale { get; init; }

    /// <summary>Without gap or overlap from frame 0 to <see cref="Frames"/>.</summary>
    public required ImmutableArray<Shot> Shots { get; init; }

    /// <summary>By rising frame; the first at frame 0. After the last one the page stands still.</summary>
    public required ImmutableArray<ScrollKey> Scroll { get; init; }

    /// <summary>Times that the film hurries through, by rising frame, without overlap.</summary>
    public ImmutableArray<Pause> Pauses { get; init; } = [];

    /// <summary>Length of the film in frames.</summary>
    [JsonIgnore] public int FilmFrames => FilmFrame(Frames);

    /// <summary>Whether the film shows a frame of the take.</summary>
    public bool Shows(int frame) => !Pauses.Any(pause => pause.Drops(frame));

    /// <summary>How many frames of the film come before a frame of the take.</summary>
    public int FilmFrame(int frame) => frame - Pauses.Sum(pause => Math.Clamp(frame, pause.Start, pause.End) - pause.Start - pause.Before(Math.Clamp(frame, pause.Start, pause.End)));

    /// <summary>How far the page is scrolled at a frame, in CSS pixels.</summary>
    public double ScrollAt(int frame)
    {
        var key = 0;
        while (key + 1 < Scroll.Length && Scroll[key + 1].Frame <= frame)
            key++;
        if (key + 1 == Scroll.Length)
            return Scroll[key].Y;

        ScrollKey from = Scroll[key], to = Scroll[key + 1];
        return from.Y + (to.Y - from.Y) * to.Easing.At((double)(frame - from.Frame) / (to.Frame - from.Frame));
    }
}
