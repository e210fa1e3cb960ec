using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Templates;

internal static class FrameForm
{
    public static bool Is(JsonObject document) => document.ContainsKey("timeline");
    public static JsonObject Convert(JsonObject document, Origins origins, SchemaValidator check) => document;
}
