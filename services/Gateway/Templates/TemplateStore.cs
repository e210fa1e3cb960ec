using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Platform.Gateway.Requests;
using Platform.JobStore.Jobs;
using Platform.Templates;

namespace Platform.Gateway.Templates;

/// <summary>A template by its name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Null for one of the library.</param>
/// <param name="Content">The template.</param>
/// <param name="CreatedAt">When this version came; null for one of the library.</param>
internal sealed record NamedTemplate(string Name, int? Version, JsonElement Content, DateTimeOffset? CreatedAt);

/// <summary>A tenant's templates, and behind them those that come with the product: a tenant's own of the same name comes first.</summary>
internal sealed partial class TemplateStore(JobDbContext db, TimeProvider time)
{
    /// <summary>Templates of one tenant.</summary>
    public const int MostTemplates = 1000;

    /// <summary>Older versions than this many go.</summary>
    public const int MostVersions = 50;

    /// <summary>Whether a text can be the name of a template.</summary>
    public static bool IsName(string text) => NameForm().IsMatch(text);

    /// <summary>The template that <c>name</c> or <c>name@version</c> stands for, or null.</summary>
    public async Task<NamedTemplate?> FindAsync(string tenant, string reference, CancellationToken cancellation)
    {
        var parts = reference.Split('@', 2);
        if (!IsName(parts[0])) return null;
        var version = 0;
        if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out version)) return null;
        var (name, latest) = (parts[0], parts.Length == 1);
        var row = await db.Templates.AsNoTracking().Where(t => t.Tenant == tenant && t.Name == name && (latest || t.Version == version))
            .OrderByDescending(t => t.Version).FirstOrDefaultAsync(cancellation);
        return row is not null ? Named(row)
            : latest && TemplateLibrary.Find(name) is { } shipped ? new NamedTemplate(name, null, shipped, null)
            : null;
    }

    /// <summary>Every template in its version in force, by name.</summary>
    public async Task<IReadOnlyList<NamedTemplate>> ListAsync(string tenant, CancellationToken cancellation)
    {
        var rows = await db.Templates.AsNoTracking()
            .Where(t => t.Tenant == tenant && t.Version == db.Templates.Where(other => other.Tenant == tenant && other.Name == t.Name).Max(other => other.Version))
            .ToListAsync(cancellation);
        var own = rows.Select(Named).ToDictionary(template => template.Name);
        return [.. own.Values.Concat(TemplateLibrary.Names.Where(name => !own.ContainsKey(name)).Select(name => new NamedTemplate(name, null, TemplateLibrary.Find(name)!.Value, null)))
            .OrderBy(template => template.Name, StringComparer.Ordinal)];
    }

    /// <summary>Stores a template as the version in force. The same as the one in force: that one, and nothing is stored. No template: the tenant has <see cref="MostTemplates"/>.</summary>
    public async Task<(NamedTemplate? Template, bool IsNew)> PutAsync(string tenant, string name, JsonElement content, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var current = await db.Templates.AsNoTracking().Where(t => t.Tenant == tenant && t.Name == name).OrderByDescending(t => t.Version).FirstOrDefaultAsync(cancellation);
            if (current is not null && CanonicalJson.Hash("", "", current.Content) == CanonicalJson.Hash("", "", content)) return (Named(current), false);
            if (current is null && await db.Templates.Where(t => t.Tenant == tenant).Select(t => t.Name).Distinct().CountAsync(cancellation) >= MostTemplates) return (null, false);
            var row = new StoredTemplate { Tenant = tenant, Name = name, Version = (current?.Version ?? 0) + 1, Content = content, CreatedAt = Now() };
            db.Templates.Add(row);
            try
            {
                await db.SaveChangesAsync(cancellation);
                await db.Templates.Where(t => t.Tenant == tenant && t.Name == name && t.Version <= row.Version - MostVersions).ExecuteDeleteAsync(cancellation);
                return (Named(row), current is null);
            }
            catch (DbUpdateException e) when (tries < 5 && Idempotency.IsDuplicate(e))
            {
                db.ChangeTracker.Clear();       // another was faster with this version: ours is the next
            }
        }
    }

    /// <summary>Removes a tenant's template with all its versions. False when there is none.</summary>
    public async Task<bool> DeleteAsync(string tenant, string name, CancellationToken cancellation) =>
        IsName(name) && await db.Templates.Where(t => t.Tenant == tenant && t.Name == name).ExecuteDeleteAsync(cancellation) > 0;

    private static NamedTemplate Named(StoredTemplate row) => new(row.Name, row.Version, row.Content, row.CreatedAt);

    // No finer than the databases keep it.
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
