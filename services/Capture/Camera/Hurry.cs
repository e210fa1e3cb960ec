using System.Collections.Immutable;
using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>Finds the times of a script that its film hurries through. Pure.</summary>
internal static class Hurry
{
    /// <summary>Seconds that a stretch without change takes to hurry through: long enough to see that time passes.</summary>
    private const double Passing = 0.8;

    /// <summary>Of a shorter stretch nothing is won.</summary>
    private const double LeastWon = 0.5;

    /// <param name="timeline">What was done, and where the picture changed.</param>
    /// <param name="longestWait">Seconds that the film waits for the page at most; 0: as long as it was. What somebody waits for is what comes after it.</param>
    /// <param name="longestStill">Seconds that it shows a picture in which nothing changes at most, unless there is more to read; 0: as long as it was.</param>
    /// <returns>By rising frame, without overlap.</returns>
    public static ImmutableArray<Pause> Through(Timeline timeline, double longestWait, double longestStill)
    {
        ImmutableArray<Pause> waits = longestWait <= 0 ? [] :
        [
            .. timeline.Actions
                .Where(action => action.Found - action.Start > longestWait * timeline.Fps)
                .Select(action => new Pause(action.Start, action.Found, (action.Found - action.Start) / (longestWait * timeline.Fps))),
        ];
        return longestStill <= 0 ? waits : [.. waits.Concat(Stills(timeline, waits, longestStill)).OrderBy(pause => pause.Start)];
    }

    private static IEnumerable<Pause> Stills(Timeline timeline, ImmutableArray<Pause> waits, double longest)
    {
        double fps = timeline.Fps, passing = Math.Min(Passing, longest / 2);
        foreach (var (start, end) in Runs(Moving(timeline, waits)))
        {
            // What it shows is read first.
            var words = timeline.Actions.LastOrDefault(action => action.Start <= start)?.Words ?? 0;
            var from = start + (int)Math.Ceiling(fps * Math.Max(longest - passing, Pace.Reading(Math.Min(words, Pace.ReadableWords))));
            if (end - from >= fps * (passing + LeastWon))
                yield return new Pause(from, end, (end - from) / (fps * passing));
        }
    }

    // Whether there is something to see at a frame that was not there at the one before.
    private static bool[] Moving(Timeline timeline, ImmutableArray<Pause> waits)
    {
        var moving = new bool[timeline.Frames];
        foreach (var frame in timeline.Changes)
            moving[frame] = true;
        for (var n = 1; n < timeline.Pointer.Length; n++)
            moving[n] |= timeline.Pointer[n] != timeline.Pointer[n - 1];
        foreach (var action in timeline.Actions)
        {
            foreach (var key in action.Keys)
                moving[key] = true;
            if (action.Kind == "highlight")
                moving.AsSpan(action.Frame..action.End).Fill(true);
        }

        foreach (var wait in waits)
            moving.AsSpan(wait.Start..wait.End).Fill(true);
        return moving;
    }

    // From each frame that moves, the next one that does.
    private static IEnumerable<(int Start, int End)> Runs(bool[] moving)
    {
        var start = 0;
        for (var n = 1; n <= moving.Length; n++)
            if (n == moving.Length || moving[n])
            {
                yield return (start, n);
                start = n;
            }
    }
}
