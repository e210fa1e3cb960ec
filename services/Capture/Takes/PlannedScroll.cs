using Platform.Browser;
using Platform.Capture.Camera;

namespace Platform.Capture.Takes;

/// <summary>A take that only scrolls, as its plan says.</summary>
internal sealed class PlannedScroll(ShotPlan plan) : IPerformance
{
    public int Fps => plan.Fps;

    public double Scale => plan.DeviceScale;

    public async Task PerformAsync(VirtualTimePage page, Reel reel, CancellationToken cancellationToken)
    {
        double wanted = 0, position = 0;
        for (var i = 0; i < plan.Frames; i++)
        {
            if (plan.ScrollAt(i) is var y && y != wanted)
            {
                position = await page.ScrollAsync(y, cancellationToken);
                wanted = y;
            }

            await reel.ShootAsync(position, null, cancellationToken);
        }
    }
}
