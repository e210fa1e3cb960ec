using System.Numerics;
using Platform.Pictures;
using Platform.Templates;

namespace Platform.Render.Drawing;

/// <summary>A layer whose own picture is another in every frame: a film that moves, or a page.</summary>
/// <param name="timeline">The film.</param>
/// <param name="layer">The layer in it.</param>
/// <param name="picture">What the pictures are put into; of their size.</param>
/// <param name="first">The frame of the film that the first of the pictures belongs to.</param>
/// <param name="pictures">Straight RGBA for every frame; null where nothing has changed.</param>
/// <param name="mask">Brightness of the clip's mask, of its size; null for none.</param>
internal sealed class MovingDrawing(Timeline timeline, Layer layer, Picture picture, int first, IAsyncEnumerable<byte[]?> pictures, byte[]? mask)
    : LayerDrawing(timeline, layer, new Vector2(picture.Width, picture.Height), [new Sprite(picture, new Unit(0, 0, picture.Width, picture.Height, 0, 0))])
{
    private IAsyncEnumerator<byte[]?>? _pictures;
    private int _next = first;

    public override bool IsOpaque => false;

    public override bool MayChangeAt(int frame) => true;

    public override PictureArea? CameraAt(int frame) => null;

    public override async ValueTask PrepareAsync(int frame, CancellationToken cancellationToken)
    {
        _pictures ??= pictures.GetAsyncEnumerator(cancellationToken);
        for (; _next <= frame && await _pictures.MoveNextAsync(); _next++)
            if (_pictures.Current is { } rgba)
            {
                Still.SetStraight(rgba);
                Finishing.Apply(Still, Layer.Visual, Natural, mask);
            }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_pictures is not null) await _pictures.DisposeAsync();
        await base.DisposeAsync();
    }
}
