using Platform.Browser;

namespace Platform.Capture.Takes.Script;

/// <summary>A take in which a script is done: the pointer moves and presses, keys are typed, the page is scrolled, all in the page's own time.</summary>
/// <param name="settings">The script.</param>
/// <param name="witness">Sees why it fails.</param>
internal sealed class ScriptPerformance(ScriptSettings settings, Witness witness) : IPerformance
{
    /// <summary>Seconds before the first step, so that the viewer sees where things begin, and after the last one.</summary>
    private const double Opening = 0.8, Closing = 1.0;

    public int Fps => settings.Fps;

    public double Scale => settings.Scale;

    /// <summary>About how many frames a script has, for a bar that shows progress.</summary>
    public static int RoughFrames(ScriptSettings settings) =>
        (int)(settings.Fps * (Opening + Closing + settings.Steps.Sum(step => step.After + (step.Duration ?? 1))));

    public async Task PerformAsync(VirtualTimePage page, Reel reel, CancellationToken cancellationToken)
    {
        var hand = new Hand(page, reel, settings);
        try
        {
            await hand.WaitAsync(Opening, cancellationToken);
            foreach (var (number, step) in settings.Steps.Index())
            {
                var actor = new StepActor(page, reel, hand, settings, number, step);
                await actor.ActAsync(cancellationToken);
            }

            await hand.WaitAsync(Closing, cancellationToken);
        }
        catch (Stages.StageException e)
        {
            await witness.HoldAsync(page, cancellationToken);
            throw witness.Tell(e.Failure, e.InnerException);
        }
    }
}
