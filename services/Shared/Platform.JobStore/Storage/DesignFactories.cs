using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace Platform.JobStore.Storage;

/// <summary>Gives <c>dotnet ef</c> a context for PostgreSQL: it writes migrations without a database.</summary>
/// <param name="schema">The context's schema.</param>
/// <param name="create">Its constructor.</param>
public abstract class PostgresDesignFactory<TContext>(string schema, Func<DbContextOptions<TContext>, TContext> create) : IDesignTimeDbContextFactory<TContext>
    where TContext : StoreDbContext
{
    /// <inheritdoc/>
    public TContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<TContext>();
        options.UsePostgres(NpgsqlDataSource.Create("Host=localhost"), schema);
        return create(options.Options);
    }
}

/// <summary>Gives <c>dotnet ef</c> a context for SQLite: it writes migrations without a database.</summary>
/// <param name="schema">The context's schema, a prefix here.</param>
/// <param name="create">Its constructor.</param>
public abstract class SqliteDesignFactory<TContext>(string schema, Func<DbContextOptions<TContext>, TContext> create) : IDesignTimeDbContextFactory<TContext>
    where TContext : StoreDbContext
{
    /// <inheritdoc/>
    public TContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<TContext>();
        options.UseSqlite("Data Source=:memory:", schema);
        return create(options.Options);
    }
}
