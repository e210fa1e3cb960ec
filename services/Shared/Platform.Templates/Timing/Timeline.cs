using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>
/// What is seen in which frame: a template with every time decided. Times are frames and may be negative in a part of a film, so that a clip
/// that began before the part moves as it does in the whole.
/// </summary>
public sealed record Timeline
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int Fps { get; init; }

    /// <summary>Length in frames.</summary>
    public required int Frames { get; init; }

    /// <summary>CSS colour behind everything.</summary>
    public required string Background { get; init; }

    public IReadOnlyList<TemplateFont> Fonts { get; init; } = [];

    /// <summary>What is seen, the lowest first.</summary>
    public required IReadOnlyList<Layer> Layers { get; init; }

    /// <summary>What is heard.</summary>
    public required IReadOnlyList<Sound> Sounds { get; init; }

    public TimeSpan Length => TimeSpan.FromSeconds((double)Frames / Fps);

    /// <summary>Every file that is shown or played.</summary>
    public IEnumerable<Media> Media => Layers.SelectMany(layer => layer.Media).Concat(Sounds.Select(sound => sound.Src)).Concat(Fonts.Select(font => font.Src)).Distinct();

    /// <summary>The picture of some frames, as a film of its own that begins at 0 and has no sound.</summary>
    public Timeline Slice(int from, int to)
    {
        var seen = Only(Enumerable.Range(0, Layers.Count).Where(index => Layers[index].Start < to && Layers[index].End > from));
        return seen with
        {
            Frames = to - from,
            Layers = [.. seen.Layers.Select(layer => layer.Within(from, to) with { Crossing = layer.Crossing is { } crossing && layer.Start + crossing.Frames > from ? crossing : null })],
            Fonts = seen.Layers.Any(layer => layer.Clip is TextClip or HtmlClip) ? Fonts : [],
            Sounds = [],
        };
    }

    /// <summary>The film with some of its layers alone; one that came by a transition from one that is left out is simply there.</summary>
    /// <param name="indices">The layers, in order.</param>
    public Timeline Only(IEnumerable<int> indices)
    {
        var kept = indices.ToList();
        return this with
        {
            Layers = [.. kept.Select(index => Layers[index] with { Crossing = Layers[index].Crossing is { } crossing && kept.IndexOf(crossing.From) is >= 0 and var from ? crossing with { From = from } : null })],
        };
    }

    /// <summary>What is heard, as a film without a picture.</summary>
    public Timeline SoundOnly() => this with { Layers = [], Fonts = [], Background = "#000000" };

    /// <summary>
    /// Frames at which a long film is cut into parts of at most so many. The last moment in reach at which something begins or ends is taken, so that a change within
    /// a scene stays within a part; never the middle of a transition. It depends on the film alone.
    /// </summary>
    public IReadOnlyList<int> Cuts(int most)
    {
        var edges = Layers.SelectMany(layer => new[] { layer.Start, layer.End }).Where(IsFree).ToHashSet();
        var cuts = new List<int> { 0 };
        while (Frames - cuts[^1] > most)
        {
            var (first, last) = (cuts[^1] + Math.Max(1, most / 3), cuts[^1] + most);
            var at = Enumerable.Range(first, last - first + 1).LastOrDefault(edges.Contains);
            if (at == 0) at = Enumerable.Range(first, last - first + 1).LastOrDefault(IsFree);
            for (var frame = last + 1; at == 0; frame++) at = IsFree(frame) ? frame : 0;       // a transition longer than a part
            if (at >= Frames) break;
            cuts.Add(at);
        }
        return [.. cuts, Frames];

        bool IsFree(int frame) => !Layers.Any(layer => layer.Crossing is { } crossing && layer.Start < frame && frame < layer.Start + crossing.Frames);
    }

    /// <summary>As JSON, for the parameters of a stage.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, Documents.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Timeline FromJson(JsonElement json) => json.Deserialize<Timeline>(Documents.Options) ?? throw new JsonException("no timeline");
}

/// <summary>A clip that is seen.</summary>
public sealed record Layer
{
    /// <summary>The words that name it in an error: <c>Track "titles", clip "headline"</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Where the clip stands in the template, as a pointer; empty in a part of a film, which depends on no such thing.</summary>
    [JsonIgnore]
    public string Place { get; init; } = "";

    /// <summary>Frame that it begins at.</summary>
    public required int Start { get; init; }

    /// <summary>Frames.</summary>
    public required int Length { get; init; }

    /// <summary>What is seen; a group's clips are layers of their own.</summary>
    public required Clip Clip { get; init; }

    /// <summary>The groups that it lies in, the innermost first.</summary>
    public IReadOnlyList<Group> Groups { get; init; } = [];

    /// <summary>How the layer before it in its track gives way.</summary>
    public Crossing? Crossing { get; init; }

    public int End => Start + Length;

    /// <summary>The clip as what it always is.</summary>
    public VisualClip Visual => (VisualClip)Clip;

    internal IEnumerable<Media> Media
    {
        get
        {
            if (Clip is ImageClip image) yield return image.Src;
            if (Clip is VideoClip video) yield return video.Src;
            if (Visual.Mask?.Src is { } mask) yield return mask;
        }
    }

    // One that stands still within a part is the same whenever it began: only then do parts of a film with other times before them stay what they were.
    internal Layer Within(int from, int to)
    {
        var moved = this with { Start = Start - from, Groups = [.. Groups.Select(group => group with { Start = group.Start - from })] };
        var stands = Clip is TextClip or ShapeClip or ColorClip or GradientClip or ImageClip { KenBurns: null } && Groups.Count == 0 && Start < from && End > to && Crossing is null;
        return stands && Motion.StandsStill(Visual, Length, from - Start, to - Start)
            ? moved with { Start = 0, Length = to - from, Clip = Visual with { Enter = null, Exit = null } }
            : moved;
    }
}

/// <summary>A group that layers lie in.</summary>
/// <param name="Start">Frame that it begins at.</param>
/// <param name="Length">Frames.</param>
/// <param name="Clip">Its place and its moves; without its clips.</param>
public sealed record Group(int Start, int Length, GroupClip Clip);

/// <summary>How one layer gives way to the next.</summary>
/// <param name="From">Index of the layer that gives way.</param>
/// <param name="Name">One of ffmpeg's transitions.</param>
/// <param name="Frames">How long, from the start of the layer that comes.</param>
/// <param name="Easing">Its pace.</param>
public sealed record Crossing(int From, string Name, int Frames, Easing Easing);

/// <summary>A piece of sound.</summary>
public sealed record Sound
{
    /// <inheritdoc cref="Layer.Label"/>
    public required string Label { get; init; }

    public required Media Src { get; init; }

    /// <summary>Frame that it begins at.</summary>
    public required int Start { get; init; }

    /// <summary>Frames.</summary>
    public required int Length { get; init; }

    /// <summary>Seconds left out at its beginning.</summary>
    public double From { get; init; }

    public double Speed { get; init; } = 1;

    public bool Loop { get; init; }

    public double Volume { get; init; } = 1;

    /// <summary>Seconds.</summary>
    public double FadeIn { get; init; }

    /// <summary>Seconds.</summary>
    public double FadeOut { get; init; }

    public Ducking? Duck { get; init; }

    /// <summary>Volume over time; instead of <see cref="Volume"/> where there is any.</summary>
    public IReadOnlyList<Keyframe> Volumes { get; init; } = [];
}

/// <summary>A template cannot be laid out in time.</summary>
/// <param name="code">Stable, such as <c>render.length_unknown</c>.</param>
/// <param name="detail">Which track and clip, and why.</param>
public sealed class TemplateException(string code, string detail) : Exception(detail)
{
    public string Code { get; } = code;
}
