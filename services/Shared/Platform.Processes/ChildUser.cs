using System.Globalization;
using Microsoft.Extensions.Options;

namespace Platform.Processes;

/// <summary>Finds the unprivileged user in <c>/etc/passwd</c> and hands folders to it.</summary>
internal sealed class ChildUser(IOptions<ProcessOptions> options) : IChildUser
{
    private static readonly string[] Usual = ["platform-browser", "nobody"];

    private readonly Lazy<(string Name, uint User, uint Group)?> user = new(() => Native.EffectiveUser == 0 ? Find(options.Value.User) : null);

    public string? Name => user.Value?.Name;

    public (uint User, uint Group)? Ids => user.Value is var (_, id, group) ? (id, group) : null;

    public void Give(string folder)
    {
        if (user.Value is not var (name, id, group))
        {
            return;
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        for (var above = Path.GetDirectoryName(full); above is not null; above = Path.GetDirectoryName(above))
        {
            if ((File.GetUnixFileMode(above) & UnixFileMode.OtherExecute) == 0)
            {
                throw new InvalidOperationException($"User {name} cannot reach {full}: the folder {above} is closed to it.");
            }
        }

        Native.ChangeOwner(full, id, group);
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        foreach (var path in Directory.EnumerateFileSystemEntries(full, "*", all))
        {
            Native.ChangeOwner(path, id, group);
        }
    }

    private static (string Name, uint User, uint Group)? Find(string? wanted)
    {
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToDictionary(fields => fields[0], StringComparer.Ordinal);
        var name = wanted ?? Usual.First(users.ContainsKey);
        return users.TryGetValue(name, out var found)
            ? (name, uint.Parse(found[2], CultureInfo.InvariantCulture), uint.Parse(found[3], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"Processes:User names {name}, and there is no such user on this machine.");
    }
}
