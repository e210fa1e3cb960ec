using Platform.Capture.Camera;
using Platform.Capture.Takes;

namespace Platform.Capture.Tests;

public sealed class CameraDirectorTests
{
    private static PlanSettings Wide(double seconds, CameraIntensity intensity = CameraIntensity.Normal) =>
        new() { ViewportWidth = 1280, ViewportHeight = 720, OutputWidth = 1920, OutputHeight = 1080, Fps = 30, Duration = seconds, Intensity = intensity };

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
        Assert.True(plan.CameraAt(0).Contains(hero.Target));
    }

    [Fact]
    public void Does_not_cut_through_what_stands_beside_the_hero()
    {
        var page = Pages.Product();
        var card = Pages.Of(PageElementKind.Image, 900, 220, 280, 260);
        var backdrop = Pages.Of(PageElementKind.Image, 0, 0, 1280, 720);
        var plan = Director.Plan(page with { Elements = page.Elements.Add(card).Add(backdrop) }, Wide(20));
        var hero = plan.Shots.Single(shot => shot.Kind == ShotKind.Hero);

        Assert.True(hero.Camera.To.Contains(card.Box), $"{hero.Camera.To} cuts the card");
        Assert.True(hero.Camera.To.Width < 1280);
    }

    [Fact]
    public void Pans_to_a_near_target_without_stepping_back()
    {
        var near = Plan(secondTop: 820);
        var far = Plan(secondTop: 2200);

        Assert.Equal(1, Widest(far), 6);
        Assert.True(Widest(near) > 1.05, $"steps back to {Widest(near)}");

        static ShotPlan Plan(double secondTop) => Director.Plan(
            new PageMap
            {
                Width = 1280,
                Height = 4000,
                Elements = [Pages.Heading(300, 500, 600, 80, "One", 1, 1), Pages.Heading(300, secondTop, 600, 80, "Two")],
            },
            Wide(12));

        // How far the camera steps back between the hero's end and the second target's beginning, as a zoom.
        static double Widest(ShotPlan plan)
        {
            var second = plan.Shots.Single(shot => shot.Name == "Two");
            return Enumerable.Range(second.Start, second.Travel + 1).Min(frame => plan.ViewportWidth / plan.CameraAt(frame).Width);
        }
    }

    [Fact]
    public void Keeps_targets_clear_of_a_bar_that_stays_on_top()
    {
        var page = Pages.Product();
        var bar = Pages.Of(PageElementKind.Section, 0, 0, 1280, 80) with { Fixed = true };
        var plan = Director.Plan(page with { Elements = page.Elements.Add(bar) }, Wide(24));

        foreach (var shot in plan.Shots.Where(shot => shot.Kind == ShotKind.Section))
            Assert.True(shot.Target.Y - plan.ScrollAt(shot.Arrival) >= 80, $"{shot.Name} lies under the bar");
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

        Assert.All(Enumerable.Range(0, plan.Frames), frame => Assert.Equal(plan.Viewport, plan.CameraAt(frame)));
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
                OutputWidth = width * 3 / 2,
                OutputHeight = height * 3 / 2,
                Duration = 3 + random.NextDouble() * 57,
                Fps = new[] { 24, 25, 30, 50, 60 }[random.Next(5)],
                Mode = (TakeMode)random.Next(3),
                Intensity = (CameraIntensity)random.Next(4),
            };
            var plan = Director.Plan(page, settings);

            Assert.Empty(ShotPlanJson.Problems(plan));
            Assert.Equal(settings.Frames, plan.Frames);
            Assert.True(plan.Zoom * 1.5 / plan.DeviceScale <= 1.25 + 1e-9, $"page {n}: zoom {plan.Zoom} from a take of scale {plan.DeviceScale}");
            Assert.All(plan.Scroll, key => Assert.InRange(key.Y, 0, Math.Max(0, page.Height - height)));
            foreach (var shot in plan.Shots)
            {
                Assert.True((shot.End - shot.Arrival) / (double)plan.Fps >= Pace.Reading(shot.Words) - 1e-9, $"page {n}: {shot.Name} is too short to read");
                TargetIsWhole(plan, shot, n);
            }
        }
    }

    [Fact]
    public void Moves_without_a_jump()
    {
        foreach (var intensity in Enum.GetValues<CameraIntensity>())
        {
            var plan = Director.Plan(Pages.Product(), Wide(24, intensity));
            for (var frame = 1; frame < plan.Frames - 1; frame++)
            {
                // A cubic over 0.56 s (the shortest travel at the liveliest ease) gains at most 24/17² of its way a frame, each frame.
                var (before, at, after) = (plan.CameraAt(frame - 1), plan.CameraAt(frame), plan.CameraAt(frame + 1));
                Assert.InRange(Math.Abs(after.CenterX - 2 * at.CenterX + before.CenterX), 0, 25);
                Assert.InRange(Math.Abs(after.Width - 2 * at.Width + before.Width), 0, 25);
            }
        }
    }

    // What fits is seen in every frame at rest; what is too large for the viewport fills it.
    private static void TargetIsWhole(ShotPlan plan, Shot shot, int page)
    {
        foreach (var frame in new[] { shot.Arrival, (shot.Arrival + shot.End - 1) / 2, shot.End - 1 })
        {
            var seen = shot.Target.Offset(0, -plan.ScrollAt(frame));
            var camera = plan.CameraAt(frame);
            var whole = new Box(camera.X - 0.01, camera.Y - 0.51, camera.Width + 0.02, camera.Height + 1.02);
            Assert.True(whole.Contains(seen), $"page {page}: {shot.Name} at frame {frame}: {seen} is not within {camera}");
        }
    }
}
