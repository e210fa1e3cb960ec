using System.Globalization;
using Microsoft.Extensions.Options;

namespace Platform.Stages;

/// <summary>Makes workspaces for work that is no stage.</summary>
public interface IWorkspaces
{
    /// <summary>An empty folder of this process alone; whoever gets it disposes it.</summary>
    Workspace Create();
}

/// <summary>Makes workspaces, and removes those that a killed process left.</summary>
internal sealed class Workspaces(IOptions<StagesOptions> options) : IWorkspaces
{
    /// <summary>This process by machine and number, for operators.</summary>
    public static string Process { get; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    private readonly Lock _gate = new();
    private bool _cleaned;

    /// <inheritdoc/>
    public Workspace Create()
    {
        var root = Path.GetFullPath(options.Value.WorkFolder);
        lock (_gate)
        {
            if (!_cleaned) RemoveLeft(root);
            _cleaned = true;
        }
        var folder = Path.Combine(root, $"{Environment.ProcessId}-{StartOf(Environment.ProcessId)}-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new Workspace(folder);
    }

    // A folder's name says which process made it: number and start time, since numbers come back.
    private static void RemoveLeft(string root)
    {
        if (!Directory.Exists(root)) return;
        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            var parts = Path.GetFileName(folder).Split('-');
            if (parts.Length == 3 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var process) && StartOf(process) != parts[1])
                Workspace.Remove(folder);
        }
    }

    // Field 22 of /proc/PID/stat, counted after the command's name in parentheses: clock ticks since the machine's start.
    private static string StartOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException) { return "gone"; }
    }
}

/// <summary>A folder that is deleted at the end, whatever happens.</summary>
public sealed class Workspace(string folder) : IDisposable
{
    public string Folder { get; } = folder;

    internal long FreeBytes => new DriveInfo(Folder).AvailableFreeSpace;

    /// <inheritdoc/>
    public void Dispose() => Remove(Folder);

    internal static void Remove(string folder)
    {
        try { Directory.Delete(folder, recursive: true); }
        catch (DirectoryNotFoundException) { }      // gone is what was wanted
    }
}
