using Microsoft.EntityFrameworkCore;

namespace Platform.JobStore.Storage;

/// <summary>
/// EF Core's lock for SQLite is a row, which outlives a process that is killed while migrating: the next one would wait for it for ever. So the real lock
/// is an open file, which the system closes with its process, and who holds it removes a row that was left.
/// </summary>
internal static class SqliteMigrationLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    public static async Task<IDisposable?> TakeAsync(string file, CancellationToken cancellationToken)
    {
        if (file is "" or ":memory:")
        {
            return null;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        for (var patience = Patience; ; patience -= Retry)
        {
            try
            {
                return new FileStream(file + ".migrating", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (patience > TimeSpan.Zero)
            {
                await Task.Delay(Retry, cancellationToken);     // another process migrates
            }
        }
    }

    public static Task ForgetDeadHoldersAsync(DbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
}
