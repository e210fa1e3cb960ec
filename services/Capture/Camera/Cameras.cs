using System.Collections.Immutable;
using Platform.Capture.Takes;

namespace Platform.Capture.Camera;

/// <summary>Gives the shots of a plan their cameras, one for each format. Pure.</summary>
internal static class Cameras
{
    /// <summary>The plan with a camera in every shot for every format asked, keeping those that it has; and the scale that the closest of them needs.</summary>
    /// <param name="plan">Times, targets and scroll.</param>
    /// <param name="settings">Formats and intensity.</param>
    /// <param name="bars">What lies across the top of the viewport.</param>
    public static ShotPlan Frame(ShotPlan plan, PlanSettings settings, Bars bars)
    {
        var pace = Pace.Of(settings.Intensity);
        var stands = settings.Formats.Select(format => (Name: CameraTrack.Name(format), Format: format, AtTop: new Stand(settings, format, pace, bars.First), Below: new Stand(settings, format, pace, bars.Staying))).ToList();
        var viewport = new Box(0, 0, plan.ViewportWidth, plan.ViewportHeight);
        ImmutableArray<Shot> shots = [.. plan.Shots.Select(shot => shot with { Cameras = For(shot) })];
        var scale = stands.Max(s => shots.Max(shot => s.Format.Width / Math.Min(shot.Cameras[s.Name].From.Width, shot.Cameras[s.Name].To.Width)));
        return plan with { Shots = shots, DeviceScale = Math.Clamp(Math.Max(settings.FilmScale, scale / Pace.LargestEnlargement), 1, Pace.LargestScale) };

        ImmutableSortedDictionary<string, CameraMove> For(Shot shot)
        {
            var scroll = plan.ScrollAt(shot.End - 1);
            var seen = shot.Target.Offset(0, -scroll).Intersect(viewport);
            if (seen.Area <= 0)
                seen = viewport;
            var part = (shot.Part.Area > 0 ? shot.Part : shot.Target).Offset(0, -scroll);
            return ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, stands.Select(s => KeyValuePair.Create(
                s.Name, shot.Cameras.TryGetValue(s.Name, out var given) ? given : Move(scroll < 1 ? s.AtTop : s.Below, shot, seen, part.Union(seen)))));
        }

        CameraMove Move(Stand stand, Shot shot, Box seen, Box part) => shot.Kind switch
        {
            ShotKind.Opening when settings.Mode == TakeMode.Director => new CameraMove(stand.First, stand.First, Easing.Linear),
            ShotKind.Opening or ShotKind.Closing or ShotKind.Scroll => new CameraMove(stand.Whole, stand.Whole, Easing.Linear),
            ShotKind.Action => stand.At(seen),
            ShotKind.Still => new CameraMove(stand.Whole, seen == viewport || pace.Creep == 1 ? stand.Whole : stand.Toward(seen), Easing.Glide),
            _ => stand.On(seen, part),
        };
    }
}
