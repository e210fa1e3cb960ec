using Microsoft.EntityFrameworkCore;

namespace Platform.JobStore.Storage;

/// <summary>
/// One model on two databases. Names are snake_case; a schema becomes a prefix of the table's name on SQLite; times are UTC,
/// to the microsecond, comparable and sortable in SQL on both. Each provider has an empty subclass of its own, for EF Core keeps migrations by context type.
/// </summary>
/// <param name="options">The subclass's options.</param>
/// <param name="schema">The schema that every table of this context is in.</param>
public abstract class StoreDbContext(DbContextOptions options, string schema) : DbContext(options)
{
    /// <summary>Whether an explicit transaction holds outbox messages that are not committed yet.</summary>
    internal bool HasUncommittedMessages { get; set; }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        var sqlite = Database.IsSqlite();
        if (sqlite)
        {
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTextConverter>();
        }
        else
        {
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        }

        configurationBuilder.Conventions.Add(_ => new StoreNames(schema, sqlite));
    }
}
