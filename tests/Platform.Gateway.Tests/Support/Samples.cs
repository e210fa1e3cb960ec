namespace Platform.Gateway.Tests.Support;

internal static class Samples
{
    /// <summary>The smallest job that is right.</summary>
    public const string Capture = """{"stages":{"page":{"type":"capture","url":"https://example.com"}}}""";

    /// <summary>A page with music from a URL.</summary>
    public const string Film = """
        {
          "name": "Launch film",
          "stages": {
            "page":  { "type": "capture", "url": "https://example.com", "duration": 20 },
            "final": { "type": "music", "video": "@page", "music": "https://cdn.example.com/bed.mp3" }
          },
          "output": "final",
          "metadata": { "order": "42" }
        }
        """;
}
