using Platform.Browser;
using Platform.Capture.Camera;

namespace Platform.Capture.Takes;

/// <summary>A take that only scrolls, as its plan says; or some of its frames, for which the page passes through those before without drawing.</summary>
/// <param name="plan">Where the page is scrolled to.</param>
/// <param name="from">First frame.</param>
/// <param name="to">The frame after the last one.</param>
internal sealed class PlannedScroll(ShotPlan plan, int from, int to) : IPerformance
{
    public PlannedScroll(ShotPlan plan)
        : this(plan, 0, plan.Frames)
    {
    }

    public int Fps => plan.Fps;

    public double Scale => plan.DeviceScale;

    /// <summary>The frame before the first one, once it is filmed; null where there is none.</summary>
    public byte[]? Lead { get; private set; }

    /// <summary>The last frame, once it is filmed.</summary>
    public byte[]? Last { get; private set; }

    public async Task PerformAsync(VirtualTimePage page, Reel reel, CancellationToken cancellationToken)
    {
        double wanted = 0, position = 0;
        for (var i = 0; i < to; i++)
        {
            if (plan.ScrollAt(i) is var y && y != wanted)
            {
                position = await page.ScrollAsync(y, cancellationToken);
                wanted = y;
            }

            await (i >= from ? reel.ShootAsync(position, null, cancellationToken) : i == from - 1 ? reel.LeadAsync(cancellationToken) : reel.PassAsync(cancellationToken));
        }

        (Lead, Last) = (reel.Lead, reel.Last);
    }
}
