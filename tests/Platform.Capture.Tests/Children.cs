using System.Globalization;

namespace Platform.Capture.Tests;

/// <summary>A process as <c>/proc</c> shows it.</summary>
internal sealed record Child(int Id, string CommandLine);

/// <summary>Finds the browser processes of one host by its profile folder, which is in the browser's command line.</summary>
internal static class Children
{
    public static List<Child> All() => [.. Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => name!.All(char.IsAsciiDigit))
        .Select(name => (Id: int.Parse(name!, CultureInfo.InvariantCulture), Line: Read($"/proc/{name}/cmdline")))
        .Where(process => process.Line.Length > 0)
        .Select(process => new Child(process.Id, process.Line.Replace('\0', ' ')))];

    /// <summary>The host's browsers and everything below them.</summary>
    public static List<Child> Of(CaptureHost host)
    {
        var all = All();
        var found = all.Where(child => child.CommandLine.Contains(host.Profiles, StringComparison.Ordinal)).ToList();
        for (var before = 0; before < found.Count;)
        {
            before = found.Count;
            var ids = found.Select(child => child.Id).ToHashSet();
            found.AddRange(all.Where(child => !ids.Contains(child.Id) && ids.Contains(ParentOf(child.Id))));
        }

        return found;
    }

    public static string StatusOf(int id, string field) =>
        Read($"/proc/{id}/status").Split('\n').FirstOrDefault(line => line.StartsWith(field + ":", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "";

    private static int ParentOf(int id) => int.TryParse(StatusOf(id, "PPid"), CultureInfo.InvariantCulture, out var parent) ? parent : 0;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it ended meanwhile
        }
    }
}
