using Microsoft.EntityFrameworkCore;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Jobs;

/// <summary>Files PostgreSQL's migrations.</summary>
internal sealed class PostgresJobDbContext(DbContextOptions<PostgresJobDbContext> options) : JobDbContext(options)
{
    internal sealed class Design() : PostgresDesignFactory<PostgresJobDbContext>(Schema, options => new(options));
}

/// <summary>Files SQLite's migrations.</summary>
internal sealed class SqliteJobDbContext(DbContextOptions<SqliteJobDbContext> options) : JobDbContext(options)
{
    internal sealed class Design() : SqliteDesignFactory<SqliteJobDbContext>(Schema, options => new(options));
}
