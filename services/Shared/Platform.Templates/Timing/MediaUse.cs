using Platform.Contracts;

namespace Platform.Templates;

/// <summary>A file that a film is made of.</summary>
/// <param name="Media">The file.</param>
/// <param name="Place">Where it is used, in the words that errors use: <c>Track "titles", clip 2, src</c>.</param>
/// <param name="IsFont">A font rather than picture or sound.</param>
public sealed record MediaUse(Media Media, string Place, bool IsFont = false)
{
    /// <summary>The files of a template, each once.</summary>
    public static IEnumerable<MediaUse> Of(Template template) => Fonts(template.Fonts)
        .Concat(template.Tracks.SelectMany((track, index) => Clips(track.Clips, track.Name is { } name ? $"Track \"{name}\"" : $"Track {index + 1}")))
        .DistinctBy(use => use.Media);

    /// <summary>The files of a film or a part of one, each once.</summary>
    public static IEnumerable<MediaUse> Of(Timeline timeline) => Fonts(timeline.Fonts)
        .Concat(timeline.Layers.SelectMany(layer => Clip(layer.Clip, layer.Label)))
        .Concat(timeline.Sounds.Select(sound => new MediaUse(sound.Src, $"{sound.Label}, src")))
        .DistinctBy(use => use.Media);

    private static IEnumerable<MediaUse> Fonts(IReadOnlyList<TemplateFont> fonts) => fonts.Select(font => new MediaUse(font.Src, $"Font \"{font.Family}\", src", true));

    private static IEnumerable<MediaUse> Clips(IReadOnlyList<Clip> clips, string label) =>
        clips.SelectMany((clip, index) => Clip(clip, $"{label}, clip {(clip.Name is { } name ? $"\"{name}\"" : $"{index + 1}")}"));

    private static IEnumerable<MediaUse> Clip(Clip clip, string label)
    {
        if (clip is ImageClip image) yield return new MediaUse(image.Src, $"{label}, src");
        if (clip is VideoClip video) yield return new MediaUse(video.Src, $"{label}, src");
        if (clip is AudioClip audio) yield return new MediaUse(audio.Src, $"{label}, src");
        if (clip is VisualClip { Mask.Src: { } mask }) yield return new MediaUse(mask, $"{label}, mask/src");
        if (clip is GroupClip group)
            foreach (var use in Clips(group.Clips, label)) yield return use;
    }
}
