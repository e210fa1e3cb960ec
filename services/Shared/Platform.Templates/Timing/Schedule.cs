using Platform.Contracts;

namespace Platform.Templates;

/// <summary>Decides when everything happens.</summary>
public sealed class Schedule
{
    /// <summary>Seconds of a clip that nothing says the length of.</summary>
    private const double UsualLength = 5;

    private readonly Template _template;
    private readonly IReadOnlyDictionary<string, MediaFacts> _media;
    private readonly Dictionary<string, int> _named = [];
    private readonly List<Layer> _layers = [];
    private readonly List<Sound> _sounds = [];

    private Schedule(Template template, IReadOnlyDictionary<string, MediaFacts> media) => (_template, _media) = (template, media);

    /// <summary>Lays a template out in time.</summary>
    /// <param name="template">The template.</param>
    /// <param name="media">What is known of its files, by the string that names them.</param>
    /// <exception cref="TemplateException">A length depends on what nobody knows.</exception>
    public static Timeline Of(Template template, IReadOnlyDictionary<string, MediaFacts> media) => new Schedule(template, media).Plan();

    private Timeline Plan()
    {
        foreach (var clip in _template.Tracks.SelectMany(track => track.Clips).Where(clip => clip.Name is not null))
            if (OwnLength(clip) is { } length) _named[clip.Name!] = length;

        var tracks = _template.Tracks.Select((track, index) => Place(track, track.Name is { } name ? $"Track \"{name}\"" : $"Track {index + 1}", $"/tracks/{index}")).ToList();
        var known = tracks.SelectMany(track => track).Where(placed => placed.Length is not null).Select(placed => placed.Start + placed.Length!.Value).DefaultIfEmpty(0).Max();
        var frames = _template.Duration is { } duration ? Math.Max(1, Frames(duration)) : known > 0 ? known : Frames(UsualLength);
        foreach (var track in tracks) Lay(track, frames);
        return new Timeline
        {
            Width = _template.Size.Width, Height = _template.Size.Height, Fps = _template.Fps, Frames = frames,
            Background = _template.Background, Fonts = _template.Fonts, Layers = _layers, Sounds = _sounds,
        };
    }

    private List<Placed> Place(Track track, string label, string pointer)
    {
        var placed = new List<Placed>();
        for (var i = 0; i < track.Clips.Count; i++)
        {
            var clip = track.Clips[i];
            var name = $"{label}, clip {(clip.Name is { } own ? $"\"{own}\"" : $"{i + 1}")}";
            var (before, next) = (placed.Count > 0 ? placed[^1] : null, i + 1 < track.Clips.Count ? track.Clips[i + 1] : null);
            var length = OwnLength(clip);
            var crossing = (clip as VisualClip)?.Transition is { } transition && before is not null ? Math.Max(1, Frames(transition.Duration)) : 0;
            int start;
            if (clip.Start is { } at) start = Frames(at);
            else if (before is null) start = 0;
            else if (before.Length is { } lasted) start = Math.Max(before.Start, before.Start + lasted - crossing);
            else throw new TemplateException("render.length_unknown", $"{name}: begins where the clip before it ends, and that lasts until the film's end. Give one of them its time.");

            length ??= clip.Length.Rule == "end" ? null
                : next?.Start is { } following ? Math.Max(1, Frames(following) - start + ((next as VisualClip)?.Transition is { } to ? Frames(to.Duration) : 0))
                : next is not null ? Frames(UsualLength)
                : null;
            if (crossing > 0) crossing = Math.Min(crossing, before!.Length is { } last ? before.Start + last - start : crossing);
            placed.Add(new Placed(clip, name, $"{pointer}/clips/{i}", start, length, Math.Min(crossing, length ?? crossing)));
        }
        return placed;
    }

    private void Lay(List<Placed> track, int frames)
    {
        var before = -1;
        foreach (var placed in track)
        {
            var length = placed.Length ?? Math.Max(0, frames - placed.Start);
            length = Math.Min(length, frames - placed.Start);
            if (length <= 0)
            {
                if (placed.Length is null || placed.Start >= frames) throw new TemplateException("render.clip_after_end", $"{placed.Label}: begins at or after the film's end.");
                continue;
            }
            var first = _layers.Count;
            Lay(placed.Clip, placed.Label, placed.Place, placed.Start, length, [], (placed.Clip as VisualClip)?.Transition is { } transition && placed.Crossing > 0 && before >= 0
                ? new Crossing(before, transition.Name, placed.Crossing, transition.Easing) : null);
            before = _layers.Count == first + 1 ? first : -1;       // several layers cannot give way as one
        }
    }

    private void Lay(Clip clip, string label, string place, int start, int length, IReadOnlyList<Group> groups, Crossing? crossing)
    {
        switch (clip)
        {
            case AudioClip audio:
                _sounds.Add(new Sound
                {
                    Label = label, Src = audio.Src, Start = start, Length = length, From = audio.From, Loop = audio.Loop, Volume = audio.Volume,
                    FadeIn = audio.FadeIn, FadeOut = audio.FadeOut, Duck = audio.Duck, Volumes = audio.Keyframes.GetValueOrDefault("volume") ?? [],
                });
                break;
            case GroupClip group:
                var inside = new Group(start, length, group with { Clips = [] });
                foreach (var (child, number) in group.Clips.Select((child, number) => (child, number)))
                {
                    var name = $"{label}, clip {(child.Name is { } own ? $"\"{own}\"" : $"{number + 1}")}";
                    var from = child.Start is { } at ? Frames(at) : 0;
                    var lasts = Math.Min(OwnLength(child) ?? length - from, length - from);
                    if (lasts > 0) Lay(child, name, $"{place}/clips/{number}", start + from, lasts, [inside, .. groups], null);
                }
                break;
            case VisualClip visual:
                _layers.Add(new Layer { Label = label, Place = place, Start = start, Length = length, Clip = visual with { Transition = null, Start = null, Length = ClipLength.Auto }, Groups = groups, Crossing = crossing });
                if (visual is VideoClip { Volume: > 0 } video && _media.GetValueOrDefault(video.Src.Text) is { AudioCodec: not null })
                    _sounds.Add(new Sound
                    {
                        Label = label, Src = video.Src, Start = start, Length = length, From = video.From, Speed = video.Speed, Loop = video.Loop, Volume = video.Volume,
                        FadeIn = video.FadeIn, FadeOut = video.FadeOut,
                    });
                break;
        }
    }

    // What a clip's length is whatever lies around it.
    private int? OwnLength(Clip clip)
    {
        if (clip.Length.Seconds is { } seconds) return Math.Max(1, Frames(seconds));
        if (clip.Length.As is { } other) return _named.TryGetValue(other, out var length) ? length : null;
        if (clip.Length.Rule == "end") return null;
        return clip switch
        {
            VideoClip { Loop: false } video => MediaLength(video.Src, video.From, video.Speed),
            AudioClip { Loop: false } audio => MediaLength(audio.Src, audio.From, 1),
            GroupClip group when group.Clips.Select(child => OwnLength(child) is { } length ? (child.Start is { } at ? Frames(at) : 0) + length : 0).DefaultIfEmpty().Max() is > 0 and var end => end,
            _ => null,
        };
    }

    private int? MediaLength(Media media, double from, double speed) =>
        _media.GetValueOrDefault(media.Text)?.Duration is { } duration ? Math.Max(1, Frames(Math.Max(0, duration - from) / speed)) : null;

    private int Frames(double seconds) => (int)Math.Round(seconds * _template.Fps, MidpointRounding.AwayFromZero);

    private sealed record Placed(Clip Clip, string Label, string Place, int Start, int? Length, int Crossing);
}
