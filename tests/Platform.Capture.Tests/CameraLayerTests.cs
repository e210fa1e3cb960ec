using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Pictures;

namespace Platform.Capture.Tests;

public sealed class CameraLayerTests
{
    private static readonly PictureSize Film = new(320, 180);

    [Fact]
    public void Lays_the_page_on_the_desk_pixel_for_pixel_with_background_around_it()
    {
        var take = new PictureSize(320, 180);
        var desk = new Desk(take, 1, new Box(0, 0, 320, 180), new Box(-40, -30, 400, 240), Window.None);
        desk.Prepare(new Backdrop(new Colour(90, 120, 130), new Colour(90, 120, 130)), null);
        var frame = FrameSampler.Frame(take);
        new Random(3).NextBytes(frame.AsSpan(0, take.Bytes));

        var laid = desk.Lay(frame, 0);

        Assert.Equal((new PictureSize(400, 240), new PictureArea(40, 30, 320, 180)), (desk.Size, desk.Place(new Box(0, 0, 320, 180))));
        for (var y = 0; y < 180; y++)
            Assert.True(laid.AsSpan((30 + y) * 400 + 40, 320).SequenceEqual(frame.AsSpan(y * 320, 320)), $"line {y} differs");
        Assert.InRange(laid[400], 60, 91);
    }

    [Fact]
    public void Rounds_the_corners_of_a_window_and_leaves_its_middle_alone()
    {
        var take = new PictureSize(320, 180);
        var desk = new Desk(take, 1, new Box(0, 0, 320, 180), new Box(-40, -40, 400, 260), Window.None);
        desk.Prepare(new Backdrop(new Colour(16, 128, 128), new Colour(16, 128, 128)), null);
        var frame = FrameSampler.Frame(take);
        Array.Fill(frame, (byte)200);

        var laid = desk.Lay(frame, 1);

        Assert.True(laid[40 * 400 + 40] < 40, "the corner is not round");
        Assert.Equal(200, laid[40 * 400 + 200]);
        Assert.Equal(200, laid[130 * 400 + 40]);
    }

    [Theory]
    [InlineData(Anchor.TopLeft, 18, 18)]
    [InlineData(Anchor.Top, 140, 18)]
    [InlineData(Anchor.TopRight, 262, 18)]
    [InlineData(Anchor.Left, 18, 70)]
    [InlineData(Anchor.Center, 140, 70)]
    [InlineData(Anchor.Right, 262, 70)]
    [InlineData(Anchor.BottomLeft, 18, 122)]
    [InlineData(Anchor.Bottom, 140, 122)]
    [InlineData(Anchor.BottomRight, 262, 122)]
    public void Puts_a_logo_where_it_was_asked_for_until_the_end_card(Anchor anchor, int x, int y)
    {
        var size = new PictureSize(40, 40);
        var sprite = Sprite.FromCoverage([.. Enumerable.Repeat((byte)255, 1600)], size, Colour.White);
        var place = new LogoParameters { Media = Media.Parse("library:logo"), Position = anchor, Padding = 0.1, Opacity = 0.5 };
        var layer = new LogoLayer(sprite, Film, place, until: 10);
        var frame = new byte[Film.Bytes];
        layer.Draw(frame, 9, default);

        Assert.Equal(40 * 40, frame.AsSpan(0, 320 * 180).ToArray().Count(value => value > 0));
        Assert.Equal((118, 118, 0), (frame[y * 320 + x], frame[(y + 39) * 320 + x + 39], frame[(y - 1) * 320 + x]));

        var later = new byte[Film.Bytes];
        layer.Draw(later, 10, default);
        Assert.False(later.AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Moves_the_pointer_by_parts_of_a_pixel()
    {
        PointerSample?[] way = [null, .. Enumerable.Range(0, 40).Select(n => (PointerSample?)new PointerSample(100 + n * 0.2, 60 + n * 0.1))];
        var timeline = Take(way);
        var layer = new PointerLayer(timeline, Film, new PointerParameters { Size = 4 });
        (double X, double Y)? last = null;
        for (var n = 0; n < way.Length; n++)
        {
            var frame = new byte[Film.Bytes];
            Array.Fill(frame, (byte)20);
            layer.Draw(frame, n, new Box(0, 0, 320, 180));
            if (n == 0)
            {
                Assert.False(frame.AsSpan().ContainsAnyExcept((byte)20));
                continue;
            }

            var centre = Centre(frame);
            if (last is { } before)
            {
                Assert.InRange(centre.X - before.X, 0.1, 0.3);
                Assert.InRange(centre.Y - before.Y, 0.01, 0.19);
            }
            last = centre;
        }
    }

    [Fact]
    public void Ripples_after_a_click_and_no_longer()
    {
        var click = new TimelineAction { Kind = "click", Start = 0, Found = 0, Frame = 5, End = 30 };
        var timeline = Take([.. Enumerable.Repeat((PointerSample?)new PointerSample(160, 90), 60)]) with { Actions = [click] };
        var layer = new PointerLayer(timeline, Film, new PointerParameters());
        int Lit(int n)
        {
            var frame = new byte[Film.Bytes];
            layer.Draw(frame, n, new Box(0, 0, 320, 180));
            return frame.AsSpan(0, 320 * 180).ToArray().Count(value => value > 0);
        }

        Assert.True(Lit(12) > 2 * Lit(4), "nothing ripples");
        Assert.Equal(Lit(4), Lit(40));
    }

    [Fact]
    public void Draws_a_frame_round_what_is_highlighted_while_that_lasts_and_goes_with_the_page()
    {
        var highlight = new TimelineAction { Kind = "highlight", Start = 0, Found = 0, Frame = 5, End = 45, Box = new Box(100, 60, 80, 40) };
        var timeline = Take([.. Enumerable.Repeat((PointerSample?)null, 60)]) with { Actions = [highlight], ScrollY = [.. Enumerable.Range(0, 60).Select(n => n < 30 ? 0.0 : 20.0)] };
        var layer = new HighlightLayer(timeline, Film);

        Assert.Empty(Lit(4));
        Assert.Empty(Lit(45));
        // Eight pixels of room on every side, nothing over the target; scrolled by twenty it lies so much higher.
        var still = Lit(20);
        Assert.Contains((92, 80), still);
        Assert.Contains((188, 80), still);
        Assert.Contains((140, 52), still);
        Assert.Contains((140, 108), still);
        Assert.DoesNotContain(still, at => at is { X: >= 100 and < 180, Y: >= 60 and < 100 });
        Assert.Equal(still.Select(at => at with { Y = at.Y - 20 }).Order(), Lit(35).Order());

        HashSet<(int X, int Y)> Lit(int n)
        {
            var frame = new byte[Film.Bytes];
            layer.Draw(frame, n, new Box(0, 0, 320, 180));
            return [.. Enumerable.Range(0, 320 * 180).Where(at => frame[at] > 40).Select(at => (at % 320, at / 320))];
        }
    }

    [Theory]
    [InlineData("Tidewell: quiet power from the sea", "Tidewell", "Quiet power from the sea")]
    [InlineData("Pricing | Acme", "Pricing", "Acme")]
    [InlineData("Plain", "Plain", "")]
    [InlineData("A title that goes on and on and on before it has any separator: and more", "A title that goes on and on and on before it has any separator: and more", "")]
    public void Splits_a_title_into_a_name_and_what_it_is(string title, string name, string rest) => Assert.Equal((name, rest), CardText.Split(title));

    [Fact]
    public void Sets_text_as_it_is_whatever_it_holds()
    {
        var script = TextPictures.Script(new PictureSize(640, 360), 20, [[new TextLine(@"{\b1}50\% off", 30, Bold: true), new TextLine("now", 20, Opacity: 0.5)]]);

        Assert.Contains("Dialogue: 0,0:00:00.00,0:00:00.04,Default,0,0,0,{\\fs30\\b1\\alpha&H00&}\\{\\" + "\u2060b1}50\\\u2060% off\\N{\\fs20\\b0\\alpha&H80&}now", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_a_background_of_the_pages_hue_and_slate_where_there_is_none()
    {
        var size = new PictureSize(64, 64);
        var frame = new byte[size.Bytes];
        Array.Fill(frame, (byte)200, 0, size.Offset(1));
        Array.Fill(frame, (byte)150, size.Offset(1), size.Offset(2) - size.Offset(1));
        Array.Fill(frame, (byte)110, size.Offset(2), size.Bytes - size.Offset(2));
        var blue = Backdrop.Of(frame, size);
        Array.Fill(frame, (byte)128, size.Offset(1), size.Bytes - size.Offset(1));
        var grey = Backdrop.Of(frame, size);

        Assert.True(blue.From is { U: > 140, V: < 120 } && blue.From.Y > blue.To.Y, $"{blue}");
        Assert.InRange(grey.From.U, 126, 140);
    }

    private static (double X, double Y) Centre(byte[] frame)
    {
        double sum = 0, x = 0, y = 0;
        for (var at = 0; at < 320 * 180; at++)
        {
            double light = Math.Max(0, frame[at] - 20);
            (sum, x, y) = (sum + light, x + light * (at % 320), y + light * (at / 320));
        }
        return (x / sum, y / sum);
    }

    private static Timeline Take(PointerSample?[] pointer) => new()
    {
        Url = "http://site.invalid/", Title = "", Fps = 30, Frames = pointer.Length, ViewportWidth = 320, ViewportHeight = 180, DeviceScale = 1, FrameWidth = 320, FrameHeight = 180,
        Page = new PageMap { Width = 320, Height = 180, Elements = [] }, ScrollY = [.. pointer.Select(_ => 0.0)], Pointer = [.. pointer],
    };
}
