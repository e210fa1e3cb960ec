using Platform.Contracts;

namespace Platform.Templates;

internal static class TemplateSense { public static void Check(Template template, SchemaValidator check) { } }
