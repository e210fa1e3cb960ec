using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Stages;
using Platform.Templates;

namespace Platform.Render.Templates;

/// <summary>Turns a long film into stages: its picture in parts, its sound as a whole, and one that joins them. Pure.</summary>
internal static class FilmParts
{
    private const string Join = "join";
    private const string Sound = "sound";

    /// <param name="timeline">The film.</param>
    /// <param name="most">Frames of a part at most.</param>
    /// <param name="encode">How the film is encoded.</param>
    public static StageExpansion Of(Timeline timeline, int most, FinalEncode? encode)
    {
        var cuts = timeline.Cuts(most);
        var parts = cuts.Zip(cuts.Skip(1), (from, to) => (Frames: to - from, Stage: Part(timeline.Slice(from, to), false, encode))).ToList();
        return new StageExpansion(stage =>
        {
            var stages = parts.Select((part, index) => KeyValuePair.Create(Name(index), part.Stage)).ToDictionary();
            if (timeline.Sounds.Count > 0) stages[Sound] = Part(timeline.SoundOnly(), true, encode);
            stages[Join] = Typed(StageTypes.RenderJoin, new JoinParameters
            {
                Parts = [.. parts.Select((_, index) => Media.Parse($"@{stage}~{Name(index)}"))],
                Frames = [.. parts.Select(part => part.Frames)],
                Fps = timeline.Fps,
                Sound = timeline.Sounds.Count > 0 ? Media.Parse($"@{stage}~{Sound}") : null,
            });
            return stages;
        }, Join);
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"part-{index + 1}");

    private static JsonElement Part(Timeline slice, bool sound, FinalEncode? encode) => Typed(StageTypes.RenderPart, new PartParameters
    {
        Timeline = slice.ToJson(), Sound = sound, Media = [.. slice.Media], Encode = encode,
    });

    private static JsonElement Typed<T>(StageType type, T parameters)
    {
        var stage = (JsonObject)JsonSerializer.SerializeToNode(parameters, ContractJson.Options)!;
        stage.Insert(0, "type", type.Name);
        return JsonSerializer.SerializeToElement(stage);
    }
}
