using System.Collections.Immutable;
using System.Text.Json;
using Platform.Caption.Captions;
using Platform.Contracts;
using Platform.Stages;

namespace Platform.Caption.Sources;

/// <summary>Reads a list of words with times: our own <c>words</c> output, or a plain list. Pure.</summary>
internal static class GivenWords
{
    private const int MostWords = 200_000;

    /// <summary>Reads <c>[{"text","start","end","speaker"?}]</c>, or an object with them as <c>words</c>; <c>word</c> is taken for <c>text</c>.</summary>
    /// <exception cref="StageException"><c>caption.unreadable</c>, <c>caption.limit_exceeded</c>.</exception>
    public static ImmutableArray<Word> Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            var list = document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.GetProperty("words") : document.RootElement;
            if (list.GetArrayLength() > MostWords)
            {
                throw new StageException("caption.limit_exceeded", FailureKind.Permanent, $"A list may have {MostWords} words.");
            }

            return [.. list.EnumerateArray().Select(Word).Where(word => word.Text.Length > 0).OrderBy(word => word.Start)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new StageException("caption.unreadable", FailureKind.Permanent, "The file is no list of words: [{\"text\":\"Hello\",\"start\":0.5,\"end\":0.9}], times in seconds.", e);
        }
    }

    private static Word Word(JsonElement item) => new(
        ((item.TryGetProperty("text", out var text) ? text : item.GetProperty("word")).GetString() ?? "").Trim(),
        Seconds(item.GetProperty("start")),
        Seconds(item.GetProperty("end")))
    {
        Probability = item.TryGetProperty("probability", out var probability) && probability.ValueKind == JsonValueKind.Number ? Math.Clamp(probability.GetDouble(), 0, 1) : 1,
        Speaker = item.TryGetProperty("speaker", out var speaker) && speaker.ValueKind == JsonValueKind.String ? speaker.GetString() : null,
    };

    private static TimeSpan Seconds(JsonElement number) => TimeSpan.FromSeconds(Math.Clamp(number.GetDouble(), 0, 1e6));
}
