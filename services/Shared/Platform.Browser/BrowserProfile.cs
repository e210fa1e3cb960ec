using System.Globalization;
using Platform.Processes;

namespace Platform.Browser;

/// <summary>A folder of one browser's own, gone when the browser is.</summary>
internal sealed class BrowserProfile : IDisposable
{
    private const string Prefix = "platform-browser-";

    private BrowserProfile(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Makes a folder that only the browser's user can enter.</summary>
    public static BrowserProfile Create(string root, IChildUser user)
    {
        Directory.CreateDirectory(root);
        var folder = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}"));
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        user.Give(folder);
        return new BrowserProfile(folder);
    }

    /// <summary>Deletes what processes that no longer exist have left: one that was killed could not.</summary>
    public static void Sweep(string root)
    {
        if (!Directory.Exists(root))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(root, Prefix + "*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && !Directory.Exists($"/proc/{pid}"))
            {
                Delete(folder);
            }
        }
    }

    public void Dispose() => Delete(Folder);

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else's sweep was faster.
        }
    }
}
