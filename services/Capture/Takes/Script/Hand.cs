using Microsoft.Playwright;
using Platform.Browser;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Capture.Takes.Script;

/// <summary>
/// The visitor's hand: every frame of a script is shot through it, with the pointer where it then is. Input reaches the page only as its time passes, so what is
/// done is sent first and answered within the next frame.
/// </summary>
internal sealed class Hand(VirtualTimePage page, Reel reel, ScriptSettings settings)
{
    /// <summary>Longest film of a script, as of any capture.</summary>
    private const int LongestSeconds = 300;

    /// <summary>Real time that the browser may take to say that input arrived, once the frame has passed; then another frame does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Frames after which input that nobody answers is given up: a page that navigates away may swallow it.</summary>
    private const int MostFramesForInput = 8;

    /// <summary>Seconds that a button stays down: long enough to be seen at 24 frames a second.</summary>
    private const double Press = 0.1;

    private Spot? at;
    private bool down;
    private Probe known = new(0, PointerShape.Arrow);

    /// <summary>Where the pointer is, or comes from at its first use: the lower right, out of the way of what is read.</summary>
    public Spot Place => at ?? new Spot(settings.ViewportWidth * 0.72, settings.ViewportHeight * 0.86);

    public int FramesOf(double seconds) => (int)Math.Round(seconds * reel.Fps);

    /// <summary>Shoots so many seconds of film.</summary>
    public async Task WaitAsync(double seconds, CancellationToken cancellationToken)
    {
        for (var i = FramesOf(seconds); i > 0; i--)
        {
            await ShootAsync(cancellationToken);
        }
    }

    public async Task ShootAsync(CancellationToken cancellationToken)
    {
        if (reel.Frames >= LongestSeconds * reel.Fps)
        {
            throw new StageException("capture.script_too_long", FailureKind.Permanent, "The steps take longer than a film may be: 300 s.");
        }

        PointerSample? sample = at is { } spot ? new PointerSample(Math.Round(spot.X, 2), Math.Round(spot.Y, 2), known.Shape, down) : null;
        await reel.ShootAsync(known.Top, sample, cancellationToken);
        known = await page.AskAsync<Probe>(PageScripts.Probe(at?.X, at?.Y), cancellationToken);
        reel.Correct(known.Top);
    }

    /// <summary>Sends input and shoots frames until the page has had it.</summary>
    public async Task DoAsync(Func<IPage, Task> input, CancellationToken cancellationToken)
    {
        var sent = input(page.Page);
        for (var frames = 0; frames < MostFramesForInput && !sent.IsCompleted; frames++)
        {
            await ShootAsync(cancellationToken);
            await page.AnswersAsync(sent, Patience, cancellationToken);
        }
    }

    /// <summary>Moves the pointer to a point.</summary>
    /// <param name="to">CSS pixels of the viewport.</param>
    /// <param name="size">Of what is aimed at: the smaller, the slower.</param>
    /// <param name="seconds">How long it takes; null: as long as a calm hand would.</param>
    /// <param name="cancellationToken">Ends the take.</param>
    public async Task MoveAsync(Spot to, double size, double? seconds, CancellationToken cancellationToken)
    {
        var from = Place;
        at ??= from;
        foreach (var spot in PointerPath.Between(from, to, Math.Max(1, FramesOf(seconds ?? PointerPath.Seconds(from, to, size)))))
        {
            at = spot;
            await DoAsync(page => page.Mouse.MoveAsync((float)spot.X, (float)spot.Y), cancellationToken);
        }
    }

    /// <summary>Presses the button where the pointer is.</summary>
    /// <returns>The frame in which it went down.</returns>
    public async Task<int> ClickAsync(CancellationToken cancellationToken)
    {
        var frame = reel.Frames;
        down = true;
        await DoAsync(page => page.Mouse.DownAsync(), cancellationToken);
        await WaitAsync(Press - 1.0 / reel.Fps, cancellationToken);
        down = false;
        await DoAsync(page => page.Mouse.UpAsync(), cancellationToken);
        return frame;
    }

    /// <summary>Scrolls the page to a place within so many seconds.</summary>
    public async Task ScrollAsync(double y, double? seconds, int screen, CancellationToken cancellationToken)
    {
        var from = known.Top;
        var frames = Math.Max(1, FramesOf(seconds ?? Math.Min(2.2, 0.5 + 0.45 * Math.Sqrt(Math.Abs(y - from) / screen))));
        for (var i = 1; i <= frames && y != from; i++)
        {
            var top = await page.ScrollAsync(from + (y - from) * PointerPath.Smooth((double)i / frames), cancellationToken);
            known = known with { Top = top };
            await ShootAsync(cancellationToken);
        }
    }
}
