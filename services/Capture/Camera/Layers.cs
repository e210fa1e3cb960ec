using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>Something that lies on the film's frames, drawn in the film's own pixels.</summary>
internal interface ILayer
{
    /// <summary>Whether nothing below it is seen at a frame.</summary>
    bool Covers(int frame) => false;

    /// <param name="frame">The frame to draw on.</param>
    /// <param name="n">Its number.</param>
    /// <param name="camera">What of the viewport it shows, in CSS pixels.</param>
    void Draw(byte[] frame, int n, Box camera);
}

/// <summary>A logo in its place. Gives way to an end card, which has its own.</summary>
internal sealed class LogoLayer(Sprite sprite, PictureSize film, LogoParameters place, int until) : ILayer
{
    public void Draw(byte[] frame, int n, Box camera)
    {
        if (n >= until)
            return;

        var padding = (int)(place.Padding * Math.Min(film.Width, film.Height));
        sprite.Draw(frame, film, At((int)place.Position % 3, film.Width - sprite.Size.Width, padding), At((int)place.Position / 3, film.Height - sprite.Size.Height, padding), place.Opacity);
    }

    // 0 is the near side, 1 the middle, 2 the far one.
    private static int At(int side, int room, int padding) => side switch { 0 => padding, 1 => room / 2, _ => room - padding };

    /// <summary>The logo, as large as its longer side may be in a film.</summary>
    public static async Task<Sprite> ReadAsync(IFfmpeg ffmpeg, string workspace, LogoPicture logo, double longest, CancellationToken cancellationToken)
    {
        var scale = longest / Math.Max(logo.Width, logo.Height);
        var size = new PictureSize(Even(logo.Width * scale), Even(logo.Height * scale));
        var rgba = new byte[size.Width * size.Height * 4];
        await ffmpeg.RunAsync(
            new FfmpegCommand
            {
                Inputs = [new FfmpegInput(logo.Path) { Format = logo.Container }],
                Graph = new FilterGraph(Filters.Chain("0:v:0", "logo", Filters.PixelFormat("rgba"), new Filter("scale", ("w", size.Width), ("h", size.Height), ("flags", "lanczos")))),
                Outputs = [new FfmpegOutput("pipe:1") { Format = "rawvideo", Maps = ["[logo]"], Options = ["-frames:v", "1"] }],
                Output = async (stream, token) => await stream.ReadExactlyAsync(rgba, token),
            },
            workspace, null, cancellationToken);
        return Sprite.FromRgba(rgba, size);

        static int Even(double length) => Math.Max(2, 2 * (int)Math.Round(length / 2));
    }
}

/// <summary>The last picture: name, what it is, where to find it. Comes over what was there before.</summary>
internal sealed class EndCardLayer(byte[] ground, Sprite text, (Sprite Sprite, int X, int Y)? logo, PictureSize film, int start, int fps) : ILayer
{
    /// <summary>Seconds in which the ground comes, and the text after it.</summary>
    private const double GroundIn = 0.45, TextAfter = 0.2, TextIn = 0.5;

    public bool Covers(int frame) => frame >= start && Ground(frame) >= 1;

    public void Draw(byte[] frame, int n, Box camera)
    {
        if (n < start)
            return;

        var share = Ground(n);
        if (share >= 1)
            ground.AsSpan(0, film.Bytes).CopyTo(frame);
        else
            Blend(frame, (int)(share * 256));
        var seen = Easing.Cubic.At(((n - start) / (double)fps - TextAfter) / TextIn);
        text.Draw(frame, film, 0, 0, seen);
        if (logo is var (sprite, x, y))
            sprite.Draw(frame, film, x, y, seen);
    }

    private double Ground(int n) => Easing.Cubic.At((n + 1 - start) / (double)fps / GroundIn);

    private void Blend(byte[] frame, int share)
    {
        for (var i = 0; i < film.Bytes; i++)
            frame[i] = (byte)(frame[i] + ((ground[i] - frame[i]) * share >> 8));
    }
}

/// <summary>Draws an end card.</summary>
internal sealed class EndCards(IFfmpeg ffmpeg, string workspace, TextPictures texts)
{
    /// <summary>Type sizes, as shares of the film's shorter side: a name in three words is read from across a room, and a long one still fits.</summary>
    private const double ShortName = 0.17, LongName = 0.1, Subtitle = 0.06, Address = 0.045;

    /// <summary>A name up to so many letters is a short one.</summary>
    private const int ShortLetters = 16;

    /// <summary>Ground on both sides, as a share of the width; the logo's longer side, as a share of the shorter one.</summary>
    private const double Margin = 0.1, LogoSide = 0.16;

    public async Task<EndCardLayer> MakeAsync(CardText card, Backdrop backdrop, FilmSettings film, ShotPlan plan, Shot shot, CancellationToken cancellationToken)
    {
        var size = film.Size;
        double side = Math.Min(size.Width, size.Height), name = side * (card.Title.Length <= ShortLetters ? ShortName : LongName);
        List<TextLine> lines = [new(card.Title, name, Bold: true)];
        if (card.Subtitle.Length > 0)
            lines.Add(new(card.Subtitle, side * Subtitle, Opacity: 0.85));
        if (card.Address.Length > 0)
            lines.AddRange([new("\u00a0", side * Address * 0.6), new(card.Address, side * Address, Opacity: 0.65)]);
        var coverage = await texts.CoverageAsync(size, (int)(Margin * size.Width), [.. lines], cancellationToken);

        var ground = new byte[size.Bytes];
        backdrop.Fill(ground, size);
        (Sprite, int, int)? logo = null;
        if (film.Logo is { } picture)
        {
            // Above the text, which makes room for it by half.
            var sprite = await LogoLayer.ReadAsync(ffmpeg, workspace, picture, LogoSide * side, cancellationToken);
            var first = Enumerable.Range(0, size.Height).FirstOrDefault(y => coverage.AsSpan(y * size.Width, size.Width).ContainsAnyExcept((byte)0), size.Height / 2);
            var shift = sprite.Size.Height / 2 + (int)(side * 0.02);
            coverage = Lower(coverage, size, shift);
            logo = (sprite, (size.Width - sprite.Size.Width) / 2, Math.Max(0, first + shift - sprite.Size.Height - (int)(side * 0.04)));
        }
        return new EndCardLayer(ground, Sprite.FromCoverage(coverage, size, Colour.White), logo, size, shot.Start, plan.Fps);
    }

    private static byte[] Lower(byte[] picture, PictureSize size, int lines)
    {
        var lower = new byte[picture.Length];
        picture.AsSpan(0, picture.Length - lines * size.Width).CopyTo(lower.AsSpan(lines * size.Width));
        return lower;
    }
}
