using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using CameraIntensity = Platform.Capture.Takes.CameraIntensity;

namespace Platform.Capture.Tests;

public sealed class CameraDirectorTests
{
    private static PlanSettings Wide(double seconds, CameraIntensity intensity = CameraIntensity.Normal) =>
        new() { ViewportWidth = 1280, ViewportHeight = 720, Formats = [FrameFormat.Wide], Fps = 30, Duration = seconds, Intensity = intensity };

    [Fact]
    public void Opens_shows_the_hero_then_sections_in_page_order_and_ends_on_the_call_to_action()
    {
        var plan = Director.Plan(Pages.Product(), Wide(24));

        Assert.Equal(
            ["opening", "Films from any page", "Three things it does", "Numbers that count", "What people say", "What people say (2)", "Get started", "closing"],
            plan.Shots.Select(shot => shot.Name));
        Assert.Equal(720, plan.Frames);
    }

    [Fact]
    public void Leaves_out_the_lightest_sections_when_there_is_no_time()
    {
        var plan = Director.Plan(Pages.Product(), Wide(14));

        Assert.Contains(plan.Shots, shot => shot.Name == "Numbers that count");
        Assert.DoesNotContain(plan.Shots, shot => shot.Name.StartsWith("What people say", StringComparison.Ordinal));
    }

    [Fact]
    public void Gives_a_film_too_short_for_anything_else_to_the_hero()
    {
        var shot = Assert.Single(Director.Plan(Pages.Product(), Wide(3)).Shots);

        Assert.Equal(ShotKind.Hero, shot.Kind);
        Assert.Equal((0, 90), (shot.Start, shot.End));
    }

    [Fact]
    public void Has_the_hero_readable_in_the_first_seconds()
    {
        var plan = Director.Plan(Pages.Product(), Wide(20));
        var hero = plan.Shots.Single(shot => shot.Kind == ShotKind.Hero);

        Assert.True(hero.Arrival <= 2.5 * plan.Fps, $"arrives at frame {hero.Arrival}");
        Assert.True(Track(plan).At(0).Contains(hero.Target));
    }

    [Fact]
    public void Does_not_cut_through_what_stands_beside_the_hero()
    {
        var page = Pages.Product();
        var card = Pages.Of(PageElementKind.Image, 900, 220, 280, 260);
        var backdrop = Pages.Of(PageElementKind.Image, 0, 0, 1280, 720);
        var plan = Director.Plan(page with { Elements = page.Elements.Add(card).Add(backdrop) }, Wide(20));
        var hero = plan.Shots.Single(shot => shot.Kind == ShotKind.Hero);

        var camera = hero.Cameras["16:9"].To;
        Assert.True(camera.Contains(card.Box), $"{camera} cuts the card");
        Assert.True(camera.Width < 1280);
    }

    [Fact]
    public void Shows_no_strip_of_the_parts_beside_one_that_fills_the_screen()
    {
        var plan = Director.Plan(Pages.Product(), Wide(24));
        var numbers = plan.Shots.Single(shot => shot.Name == "Numbers that count");
        foreach (var camera in new[] { numbers.Cameras["16:9"].From, numbers.Cameras["16:9"].To })
        {
            var seen = camera.Offset(0, plan.ScrollAt(numbers.Arrival));
            Assert.True(seen.Y >= 1500 - 0.01 && seen.Bottom <= 2200 + 0.01, $"{seen} leaves the section from 1500 to 2200");
        }
    }

    [Fact]
    public void Shows_one_strip_below_and_none_above_where_a_part_is_a_little_lower_than_the_picture()
    {
        var page = Pages.Product();
        // As wide as the picture can just hold, so that the camera cannot come closer.
        var low = Pages.Of(PageElementKind.Section, 0, 1500, 1280, 530, weight: 0.9);
        var plan = Director.Plan(
            page with { Elements = [.. page.Elements.Where(e => e.Box.Y is < 1500 or > 2250), low, Pages.Heading(390, 1600, 500, 60, "Numbers that count"), Pages.Of(PageElementKind.Image, 140, 1700, 1000, 230)] }, Wide(24));
        var numbers = plan.Shots.Single(shot => shot.Name == "Numbers that count");

        var seen = numbers.Cameras["16:9"].To.Offset(0, plan.ScrollAt(numbers.Arrival));
        Assert.True(seen.Height > 530, $"{seen} has no strip");
        Assert.Equal(1500, seen.Y, 0.01);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cuts_no_bar_across_the_top(bool stays)
    {
        var page = Pages.Product();
        var high = page.Elements.Select(e => e.Box.Y is > 0 and < 720 ? e with { Box = e.Box.Offset(0, -90) } : e);
        var plan = Director.Plan(page with { Elements = [Pages.Of(PageElementKind.Bar, 0, 0, 1280, 72) with { Fixed = stays }, .. high] }, Wide(24));

        var closer = plan.Shots.Where(shot => shot.Kind is ShotKind.Hero or ShotKind.Section or ShotKind.CallToAction && shot.Cameras["16:9"].To.Width < 1279).ToList();
        Assert.NotEmpty(closer);
        Assert.All(closer.Where(shot => stays || shot.Kind == ShotKind.Hero), shot => Assert.True(shot.Cameras["16:9"].To.Y >= 72, $"{shot.Name}: {shot.Cameras["16:9"].To}"));
    }

    [Fact]
    public void Leaves_scroll_and_times_alone_whatever_the_intensity()
    {
        var plans = Enum.GetValues<CameraIntensity>().Select(intensity => Director.Plan(Pages.Product(), Wide(20, intensity))).ToList();

        Assert.All(plans, plan => Assert.Equal(plans[0].Scroll, plan.Scroll));
        Assert.All(plans, plan => Assert.Equal(plans[0].Shots.Select(shot => (shot.Name, shot.Start, shot.End)), plan.Shots.Select(shot => (shot.Name, shot.Start, shot.End))));
        Assert.Equal(4, plans.Select(plan => plan.Shots[2].Cameras["16:9"]).Distinct().Count());
    }

    [Fact]
    public void Plans_the_same_take_for_every_set_of_formats()
    {
        var all = Director.Plan(Pages.Product(), Shared(FrameFormat.Wide, FrameFormat.Tall, FrameFormat.Square, FrameFormat.Portrait));
        foreach (var format in new[] { FrameFormat.Wide, FrameFormat.Tall, FrameFormat.Square, FrameFormat.Portrait })
        {
            var one = Director.Plan(Pages.Product(), Shared(format));
            var name = CameraTrack.Name(format);

            Assert.Equal(all.Scroll, one.Scroll);
            Assert.Equal(all.Shots.Select(shot => shot.Cameras[name]), one.Shots.Select(shot => shot.Cameras[name]));
            Assert.True(one.DeviceScale <= all.DeviceScale);
        }
    }

    [Fact]
    public void Shows_a_target_that_is_too_wide_for_a_tall_film_whole_on_a_background()
    {
        var plan = Director.Plan(Pages.Product(), Shared(FrameFormat.Tall));
        var numbers = plan.Shots.Single(shot => shot.Name == "Numbers that count");
        var camera = numbers.Cameras["9:16"].To;

        Assert.True(camera.Width >= numbers.Target.Width && camera.Height > 1080, $"{camera}");
        Assert.Equal(540, camera.CenterY, 6);
    }

    [Fact]
    public void Ends_on_a_card_when_there_is_one()
    {
        var plan = Director.Plan(Pages.Product(), Wide(24) with { EndCard = 2.5 });

        Assert.Equal((ShotKind.EndCard, 645, 720), (plan.Shots[^1].Kind, plan.Shots[^1].Start, plan.Shots[^1].End));
        Assert.DoesNotContain(plan.Shots, shot => shot.Kind == ShotKind.Closing);
    }

    [Fact]
    public void Films_an_edited_list_with_the_cameras_that_it_lacks()
    {
        var plan = Director.Plan(Pages.Product(), Wide(24));
        var own = new CameraMove(new Box(100, 100, 640, 360), new Box(110, 100, 640, 360), Easing.Linear);
        var edited = plan with
        {
            Shots = [.. plan.Shots.Select((shot, n) => shot with { Cameras = n == 1 ? shot.Cameras.SetItem("16:9", own) : shot.Cameras.Clear() })],
        };
        var again = Director.Take(Pages.Product(), Wide(24), edited);

        Assert.Equal(own, again.Shots[1].Cameras["16:9"]);
        Assert.Equal(plan.Shots[2], again.Shots[2] with { Cameras = plan.Shots[2].Cameras });
        Assert.Equal(plan.Shots[2].Cameras["16:9"], again.Shots[2].Cameras["16:9"]);
        Assert.Equal(3 / 1.25, again.DeviceScale, 6);
    }

    [Fact]
    public void Keeps_targets_clear_of_a_bar_that_stays_on_top()
    {
        var page = Pages.Product();
        var bar = Pages.Of(PageElementKind.Bar, 0, 0, 1280, 80) with { Fixed = true };
        var plan = Director.Plan(page with { Elements = page.Elements.Add(bar) }, Wide(24));

        foreach (var shot in plan.Shots.Where(shot => shot.Kind == ShotKind.Section))
            Assert.True(shot.Target.Y - plan.ScrollAt(shot.Arrival) >= 80, $"{shot.Name} lies under the bar");
    }

    [Fact]
    public void Comes_a_little_closer_than_usual_rather_than_show_a_thin_band_of_the_next()
    {
        var page = new PageMap
        {
            Width = 1280,
            Height = 2100,
            Elements =
            [
                Pages.Of(PageElementKind.Section, 0, 0, 1280, 1400), Pages.Heading(120, 180, 640, 140, "Films from any page", 1, 1),
                Pages.Of(PageElementKind.Section, 0, 1400, 1280, 560), Pages.Heading(340, 1550, 600, 70, "Make your first film"), Pages.Of(PageElementKind.Button, 540, 1680, 200, 60, "Get started", 0.9),
                Pages.Of(PageElementKind.Section, 0, 1960, 1280, 140), Pages.Of(PageElementKind.Text, 120, 2010, 400, 30, "Imprint"),
            ],
        };
        var plan = Director.Plan(page, Wide(12));
        var shot = plan.Shots.Single(shot => shot.Kind == ShotKind.CallToAction);
        foreach (var camera in new[] { shot.Cameras["16:9"].From, shot.Cameras["16:9"].To })
        {
            var seen = camera.Offset(0, plan.ScrollAt(shot.Arrival));
            Assert.True(seen.Y >= 1400 - 0.01 && seen.Bottom <= 1960 + 0.01, $"{seen} leaves the section from 1400 to 1960");
        }
    }

    [Fact]
    public void Shows_a_page_without_a_map_screen_by_screen()
    {
        var plan = Director.Plan(new PageMap { Width = 1280, Height = 5000, Elements = [] }, Wide(20));

        Assert.True(plan.Shots.Count(shot => shot.Kind == ShotKind.Section) >= 3);
        Assert.True(plan.Scroll[^1].Y > 2000);
    }

    [Fact]
    public void Shows_the_middle_of_sections_whose_content_is_not_there_yet()
    {
        var page = Pages.Product();
        var hidden = page with { Elements = [.. page.Elements.Where(e => e.Kind == PageElementKind.Section || e.Box.Y < 720)] };
        var sections = Director.Plan(hidden, Wide(20)).Shots.Where(shot => shot.Kind == ShotKind.Section).ToList();

        Assert.True(sections.Count >= 3);
        Assert.Contains(sections, shot => shot.Target.CenterY == 1850);
    }

    [Fact]
    public void Keeps_the_camera_still_when_asked_to()
    {
        var plan = Director.Plan(Pages.Product(), Wide(20, CameraIntensity.None));

        var track = Track(plan);
        Assert.All(Enumerable.Range(0, plan.Frames), frame => Assert.Equal(new Box(0, 0, 1280, 720), track.At(frame)));
        Assert.True(plan.Shots.Length > 3);
    }

    [Fact]
    public void Scrolls_once_smoothly_from_top_to_bottom_with_a_rest_at_both_ends()
    {
        var plan = Director.Plan(Pages.Product(), Wide(20) with { Mode = TakeMode.Scroll });
        var way = Enumerable.Range(0, plan.Frames).Select(plan.ScrollAt).ToArray();
        var steps = way.Zip(way.Skip(1), (from, to) => to - from).ToArray();

        Assert.Equal((0, 3280), (way[30], way[^30]));
        Assert.All(steps, step => Assert.InRange(step, 0, 1.4 * 3280 / steps.Count(s => s > 0)));
        Assert.All(steps.Zip(steps.Skip(1), (one, two) => Math.Abs(two - one)), jerk => Assert.True(jerk < 1, $"speed jumps by {jerk} px a frame"));
    }

    [Fact]
    public void Films_a_still_of_the_first_screen_only()
    {
        var plan = Director.Plan(Pages.Product(), Wide(5) with { Mode = TakeMode.Still });

        Assert.All(Enumerable.Range(0, plan.Frames), frame => Assert.Equal(0, plan.ScrollAt(frame)));
        Assert.Equal(ShotKind.Still, Assert.Single(plan.Shots).Kind);
    }

    [Fact]
    public void Keeps_its_rules_on_any_page_in_any_format()
    {
        var random = new Random(20261121);
        (int Width, int Height)[] viewports = [(1280, 720), (432, 768), (1080, 1080), (864, 1080)];
        for (var n = 0; n < 600; n++)
        {
            var page = Pages.Random(random);
            var (width, height) = viewports[n % viewports.Length];
            var settings = new PlanSettings
            {
                ViewportWidth = width,
                ViewportHeight = height,
                Formats = [new FrameFormat(width * 3 / 2, height * 3 / 2), FrameFormat.Wide, FrameFormat.Tall],
                Window = n % 5 == 0 ? new Window(44, 40) : Window.None,
                EndCard = n % 3 == 0 ? 2 : 0,
                Duration = 3 + random.NextDouble() * 57,
                Fps = new[] { 24, 25, 30, 50, 60 }[random.Next(5)],
                Mode = (TakeMode)random.Next(3),
                Intensity = (CameraIntensity)random.Next(4),
            };
            var plan = Director.Plan(page, settings);

            Assert.Empty(ShotPlanJson.Problems(plan));
            Assert.Equal(settings.Frames, plan.Frames);
            foreach (var format in settings.Formats)
                Assert.True(format.Width / new CameraTrack(plan, format).Widths.Narrowest / plan.DeviceScale <= 1.25 + 1e-9 || plan.DeviceScale == 3, $"page {n}: {format} is soft");
            Assert.All(plan.Scroll, key => Assert.InRange(key.Y, 0, Math.Max(0, page.Height - height)));
            foreach (var shot in plan.Shots)
            {
                Assert.True((shot.End - shot.Arrival) / (double)plan.Fps >= Pace.Reading(shot.Words) - 1e-9, $"page {n}: {shot.Name} is too short to read");
                foreach (var format in settings.Formats)
                    TargetIsWhole(plan, new CameraTrack(plan, format), shot, n);
            }
        }
    }

    [Fact]
    public void Moves_without_a_jump()
    {
        foreach (var intensity in Enum.GetValues<CameraIntensity>())
        {
            var plan = Director.Plan(Pages.Product(), Wide(24, intensity));
            var track = Track(plan);
            for (var frame = 1; frame < plan.Frames - 1; frame++)
            {
                // A cubic over 0.6 s (the shortest travel) gains at most 24/18² of its way a frame, each frame.
                var (before, at, after) = (track.At(frame - 1), track.At(frame), track.At(frame + 1));
                Assert.InRange(Math.Abs(after.CenterX - 2 * at.CenterX + before.CenterX), 0, 25);
                Assert.InRange(Math.Abs(after.Width - 2 * at.Width + before.Width), 0, 25);
            }
        }
    }

    // What fits into the viewport is seen in every frame at rest.
    private static void TargetIsWhole(ShotPlan plan, CameraTrack track, Shot shot, int page)
    {
        if (shot.Kind is ShotKind.Opening or ShotKind.Closing or ShotKind.EndCard)
            return;

        var viewport = new Box(0, 0, plan.ViewportWidth, plan.ViewportHeight);
        foreach (var frame in new[] { shot.Arrival, (shot.Arrival + shot.End - 1) / 2, shot.End - 1 })
        {
            var seen = shot.Target.Offset(0, -plan.ScrollAt(frame)).Intersect(viewport);
            var camera = track.At(frame);
            var whole = new Box(camera.X - 0.01, camera.Y - 0.51, camera.Width + 0.02, camera.Height + 1.02);
            Assert.True(seen.Area == 0 || whole.Contains(seen), $"page {page}, {track.Format}: {shot.Name} at frame {frame}: {seen} is not within {camera}");
        }
    }

    private static CameraTrack Track(ShotPlan plan) => new(plan, FrameFormat.Wide);

    private static PlanSettings Shared(params FrameFormat[] formats) =>
        new() { ViewportWidth = 1080, ViewportHeight = 1080, FieldHeight = 608, Formats = [.. formats], Fps = 30, Duration = 24 };
}
