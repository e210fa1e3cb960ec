using System.Collections.Immutable;
using System.Threading.Channels;
using Platform.Browser;

namespace Platform.Capture.Takes;

/// <summary>A take in the making: frames go to the encoder, and what was true at each of them is written down.</summary>
/// <param name="page">The page.</param>
/// <param name="fps">Frames per second.</param>
/// <param name="frames">Where the pictures go.</param>
/// <param name="witness">Sees each of them.</param>
/// <param name="shot">Told the number of frames after each.</param>
internal sealed class Reel(VirtualTimePage page, int fps, ChannelWriter<byte[]> frames, Witness witness, Action<int> shot)
{
    private readonly ImmutableArray<double>.Builder positions = ImmutableArray.CreateBuilder<double>();
    private readonly ImmutableArray<PointerSample?>.Builder pointer = ImmutableArray.CreateBuilder<PointerSample?>();
    private readonly ImmutableArray<TimelineAction>.Builder actions = ImmutableArray.CreateBuilder<TimelineAction>();
    private readonly ImmutableArray<int>.Builder changes = ImmutableArray.CreateBuilder<int>();
    private byte[]? picture, before;
    private int since;

    /// <summary>Seconds within which a picture that comes back was only a blink: a caret's lasts half a second.</summary>
    private const double Blink = 0.6;

    public int Fps => fps;

    /// <summary>Frames so far, and the number of the next.</summary>
    public int Frames => positions.Count;

    /// <summary>Lets a frame's time pass and keeps its picture.</summary>
    /// <param name="position">Where the page is scrolled to in it, in CSS pixels.</param>
    /// <param name="at">Where the pointer is in it.</param>
    /// <param name="cancellationToken">Ends the take.</param>
    /// <exception cref="BrowserException">As <see cref="VirtualTimePage.NextFrameAsync"/>.</exception>
    public async Task ShootAsync(double position, PointerSample? at, CancellationToken cancellationToken)
    {
        var drawn = await DrawAsync(cancellationToken);
        picture = Look(drawn);
        positions.Add(position);
        pointer.Add(at);
        await frames.WriteAsync(picture, cancellationToken);
        shot(Frames);
    }

    /// <summary>Lets a frame's time pass that belongs to another part of the take; draws nothing.</summary>
    /// <exception cref="BrowserException">As <see cref="VirtualTimePage.NextFrameAsync"/>.</exception>
    public Task PassAsync(CancellationToken cancellationToken) => page.PassAsync(1, TimePolicy.WaitForNetwork, cancellationToken);

    /// <summary>Draws the frame before this part's first one: the last of the part before it.</summary>
    /// <exception cref="BrowserException">As <see cref="VirtualTimePage.NextFrameAsync"/>.</exception>
    public async Task LeadAsync(CancellationToken cancellationToken) => Lead = picture = await DrawAsync(cancellationToken);

    /// <summary>See <see cref="LeadAsync"/>; null for a whole take, and for its first part.</summary>
    public byte[]? Lead { get; private set; }

    /// <summary>The last picture.</summary>
    public byte[]? Last => picture;

    // A frame without a picture is the one before, again. The first of all is drawn whole, within its own time.
    private async Task<byte[]> DrawAsync(CancellationToken cancellationToken)
    {
        var drawn = picture is null
            ? await page.RedrawAsync(FramePicture.Jpeg, TimePolicy.WaitForNetwork, cancellationToken)
            : await page.NextFrameAsync(FramePicture.Jpeg, TimePolicy.WaitForNetwork, cancellationToken) ?? picture;
        witness.See(drawn);
        return drawn;
    }

    // Writes down whether the next frame's picture is a new one.
    private byte[] Look(byte[] drawn)
    {
        if (picture is null || drawn.AsSpan().SequenceEqual(picture))
        {
            return picture ?? drawn;
        }

        if (!drawn.AsSpan().SequenceEqual(before) || Frames - since > Blink * fps)
        {
            changes.Add(Frames);
        }

        (before, since) = (picture, Frames);
        return drawn;
    }

    /// <summary>Writes down what was done.</summary>
    public void Note(TimelineAction action) => actions.Add(action);

    /// <summary>Corrects where the page was in the last frame: it moved by itself while the frame's time passed.</summary>
    public void Correct(double position) => positions[^1] = position;

    /// <summary>What the frames show.</summary>
    public Timeline Develop(ScoutReport report, PageRequest request, double scale) => new()
    {
        Url = report.Url,
        Title = report.Map.Title,
        Fps = fps,
        Frames = Frames,
        ViewportWidth = request.ViewportWidth,
        ViewportHeight = request.ViewportHeight,
        DeviceScale = scale,
        FrameWidth = page.PixelWidth,
        FrameHeight = page.PixelHeight,
        Page = report.Map,
        ScrollY = positions.ToImmutable(),
        Pointer = pointer.Any(at => at is not null) ? pointer.ToImmutable() : [],
        Changes = changes.ToImmutable(),
        Actions = actions.ToImmutable(),
    };
}

/// <summary>What happens on a page while it is filmed.</summary>
internal interface IPerformance
{
    /// <summary>Frames per second.</summary>
    int Fps { get; }

    /// <summary>Pixels of a frame per CSS pixel.</summary>
    double Scale { get; }

    /// <summary>Shoots every frame of the take.</summary>
    Task PerformAsync(VirtualTimePage page, Reel reel, CancellationToken cancellationToken);
}
