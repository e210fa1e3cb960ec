using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>The director's rules of time and movement, with their reasons.</summary>
internal sealed record Pace
{
    /// <summary>A fluent silent reader takes 238 words a minute (Brysbaert 2019, mean of 190 studies): 0.25 s a word.</summary>
    public const double SecondsPerWord = 0.25;

    /// <summary>
    /// More than this (6 s) nobody reads in a film: of a longer text only the headings are counted and shown for reading, the rest is picture.
    /// </summary>
    public const int ReadableWords = 24;

    /// <summary>Eye and brain need about 0.3 s to find the new centre of a picture; below four times that a shot feels like a flash.</summary>
    public const double ShortestHold = 1.2;

    /// <summary>The opening shows what kind of page it is, not yet what it says: the hero is to be readable in the first seconds.</summary>
    public const double OpeningHold = 1.0;

    /// <summary>A film that stops while it still moves seems cut off.</summary>
    public const double ClosingHold = 1.2;

    /// <summary>Room for a section below which a film of sections is a slide show in a hurry.</summary>
    public const double ShortestSection = 2.4;

    /// <summary>An enlarged picture element looks soft from here on; more closeness has to come from a take with more pixels.</summary>
    public const double LargestEnlargement = 1.25;

    /// <summary>More take pixels per CSS pixel than this show nothing new, and cost time and memory in the browser.</summary>
    public const double LargestScale = 3;

    /// <summary>Shortest and longest way between two shots, in seconds: below it is a jerk, above the viewer waits.</summary>
    public const double ShortestTravel = 0.6, LongestTravel = 1.4;

    /// <summary>Seconds that a way of one viewport height takes longer, times its square root: twice as far is not twice as long.</summary>
    public const double TravelPerScreen = 0.4;

    /// <summary>Air around a target, as a share of the viewport's smaller side.</summary>
    public const double Air = 0.05;

    /// <summary>The closest that this intensity comes, as an enlargement of the widest camera.</summary>
    public required double Closest { get; init; }

    /// <summary>The closest that it comes to something that is done: a field, a button. Closer than to a page's sections, for there is less to see.</summary>
    public required double ActionCloseness { get; init; }

    /// <summary>How much closer the camera comes within a shot: what keeps a still page alive. A factor.</summary>
    public required double Creep { get; init; }

    /// <summary>How it comes closer within a shot.</summary>
    public required Easing Approach { get; init; }

    // Closeness by intensity: none keeps still; calm stays below what one notices as a zoom; normal uses what a take of the film's own size can give;
    // lively asks for a take of more pixels, which costs time in the browser. Times are no matter of intensity: another one is another camera over the same take.
    public static Pace Of(CameraIntensity intensity) => intensity switch
    {
        CameraIntensity.None => new() { Closest = 1, ActionCloseness = 1, Creep = 1, Approach = Easing.Linear },
        CameraIntensity.Calm => new() { Closest = 1.12, ActionCloseness = 1.3, Creep = 1.03, Approach = Easing.Glide },
        CameraIntensity.Normal => new() { Closest = LargestEnlargement, ActionCloseness = 1.6, Creep = 1.05, Approach = Easing.Glide },
        CameraIntensity.Lively => new() { Closest = 1.45, ActionCloseness = 2, Creep = 1.12, Approach = Easing.Spring },
        _ => throw new ArgumentOutOfRangeException(nameof(intensity), intensity, "Not an intensity."),
    };

    /// <summary>Seconds that so many words are to be read in.</summary>
    public static double Reading(int words) => words * SecondsPerWord;
}
