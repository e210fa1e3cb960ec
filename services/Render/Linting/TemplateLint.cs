using System.Numerics;
using System.Text.Json;
using Platform.Browser;
using Platform.Contracts;
using Platform.Pictures;
using Platform.Render.Drawing;
using Platform.Render.Films;
using Platform.Render.Templates;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Linting;

/// <summary>Measures the texts of a template where they stand, and has them judged.</summary>
internal sealed class TemplateLint(IFilms films, Texts texts, StoredFiles files, IWorkspaces workspaces)
{
    /// <summary>Frames that are looked at.</summary>
    private const int MostMoments = 12;

    /// <exception cref="StageException">The template cannot be drawn.</exception>
    public Task<IReadOnlyList<LayoutWarning>> LookAsync(LintTemplate asked, CancellationToken cancellationToken) => Failures.TypedAsync(async () =>
    {
        using var folder = workspaces.Create();
        var template = TemplateRenderer.Read(asked.Template);
        var assets = await files.FetchAsync(template, asked.Tenant, asked.Inputs, folder.Folder, cancellationToken);
        var timeline = Schedule.Of(template, assets.ToDictionary(pair => pair.Key, pair => pair.Value.Info.ToFacts()));
        await films.CheckAsync(timeline, cancellationToken);
        return LayoutRules.Judge(timeline, await MeasureAsync(timeline, assets, folder.Folder, cancellationToken), asked.SafeZone);
    });

    private async Task<List<TextFinding>> MeasureAsync(Timeline timeline, IReadOnlyDictionary<string, Asset> assets, string folder, CancellationToken cancellationToken)
    {
        var layers = timeline.Layers.Where(layer => layer.Clip is TextClip).ToList();
        var fonts = timeline.Fonts.ToDictionary(font => font.Src.Text, font => assets[font.Src.Text].Path);
        var (whole, letters) = (await DrawAsync(layers, "whole"), await DrawAsync([.. layers.Select(Bare)], "letters"));
        var rests = layers.Zip(whole, (layer, drawing) => LayoutRules.Rest(layer, drawing.MayChangeAt, timeline.Frames)).ToList();
        var findings = new List<TextFinding>();
        foreach (var frame in LayoutRules.Some(rests, MostMoments))
        {
            var grounds = new Dictionary<string, Picture>();
            foreach (var (layer, index) in layers.Select((layer, index) => (layer, index)))
            {
                if (frame < layer.Start || frame >= layer.End || (whole[index].MayChangeAt(frame) && rests[index] != frame)) continue;
                var below = Below(timeline, layer).Slice(frame, frame + 1);
                var key = string.Join(' ', below.Layers.Select(other => other.Place));
                if (!grounds.TryGetValue(key, out var ground)) grounds[key] = ground = await StillAsync(below);
                if (Find(layer, frame, whole[index], letters[index], ground) is { } finding) findings.Add(finding);
            }
        }
        return findings;

        Task<IReadOnlyList<LayerDrawing>> DrawAsync(IReadOnlyList<Layer> drawn, string name) =>
            texts.DrawAsync(timeline, drawn, fonts, Directory.CreateDirectory(Path.Combine(folder, name)).FullName, cancellationToken);

        async Task<Picture> StillAsync(Timeline moment)
        {
            var order = new FilmOrder { Timeline = moment, Assets = assets, Encoding = new FilmEncoding("png", null), Folder = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName };
            var png = PngPicture.Decode(await File.ReadAllBytesAsync(await films.MakeAsync(order, cancellationToken), cancellationToken));
            return Picture.FromStraight(png.Width, png.Height, png.ToRgba());
        }
    }

    // Texts may lie over one another while one goes and another comes: only what is no text counts as what lies behind.
    private static Timeline Below(Timeline timeline, Layer text) =>
        timeline.Only(Enumerable.Range(0, timeline.Layers.Count).TakeWhile(number => !ReferenceEquals(timeline.Layers[number], text)).Where(number => timeline.Layers[number].Clip is not TextClip));

    private static TextFinding? Find(Layer layer, int frame, LayerDrawing whole, LayerDrawing letters, Picture ground)
    {
        var strokes = letters.StrokesAt(frame);
        if (letters.Reach(strokes) is not var (low, high)) return null;
        var style = TextStyles.Of((TextClip)layer.Clip, ground.Width, ground.Height);
        var size = style.Size * Math.Sqrt(Math.Abs(strokes[0].ToFrame.GetDeterminant()));
        return new TextFinding(layer, frame, new Box(low.X, low.Y, high.X, high.Y), letters.Inked.X, letters.Inked.Y, size, style.Weight, Stands());

        double? Stands()
        {
            var around = Contrast.Reach(size) + 1;
            var (left, top) = (Math.Clamp((int)low.X - around, 0, ground.Width), Math.Clamp((int)low.Y - around, 0, ground.Height));
            var (width, height) = (Math.Clamp((int)high.X + around + 1, 0, ground.Width) - left, Math.Clamp((int)high.Y + around + 1, 0, ground.Height) - top);
            if (width <= 0 || height <= 0) return null;
            Picture both = new(width, height), seen = new(width, height), mask = new(width, height);
            Painter.Draw(ground, both, Matrix3x2.CreateTranslation(-left, -top));
            whole.Draw(frame, whole.StrokesAt(frame), seen, left, top);
            letters.Draw(frame, strokes, mask, left, top);
            Painter.Draw(seen, both, Matrix3x2.Identity);
            return Contrast.Least(both, mask, size);
        }
    }

    /// <summary>A text of the same layout with nothing but its letters, in full colour.</summary>
    private static Layer Bare(Layer layer)
    {
        var clip = (TextClip)layer.Clip;
        var style = clip.Style.Where(property => property.Key is not ("textShadow" or "textStroke" or "background" or "backgroundColor" or "color")).ToDictionary();
        if (clip.Style.ContainsKey("background") || clip.Style.ContainsKey("backgroundColor")) style["backgroundColor"] = JsonSerializer.SerializeToElement("transparent");      // its padding stays
        return layer with { Clip = clip with { Style = style, Opacity = 1, Keyframes = clip.Keyframes.Where(property => property.Key != "opacity").ToDictionary() } };
    }
}
