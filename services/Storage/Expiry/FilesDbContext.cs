using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.JobStore.Storage;

namespace Platform.Storage.Expiry;

/// <summary>A job needs a file until a time.</summary>
internal sealed class FileReference
{
    public required string Tenant { get; init; }

    /// <summary>The file.</summary>
    public required string Sha256 { get; init; }

    public required Guid JobId { get; init; }

    public required DateTimeOffset Until { get; set; }
}

/// <summary>Who needs which file until when: schema <c>files</c>.</summary>
internal abstract class FilesDbContext(DbContextOptions options) : StoreDbContext(options, Schema)
{
    /// <summary>Schema of the tables; a prefix where the database has no schemas.</summary>
    public const string Schema = "files";

    public DbSet<FileReference> References => Set<FileReference>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyConfiguration(new FileReferenceMap());
}

internal sealed class FileReferenceMap : IEntityTypeConfiguration<FileReference>
{
    public void Configure(EntityTypeBuilder<FileReference> builder)
    {
        builder.ToTable("reference");
        builder.HasKey(r => new { r.Tenant, r.Sha256, r.JobId });
        builder.Property(r => r.Tenant).HasMaxLength(64);
        builder.Property(r => r.Sha256).HasMaxLength(64);
        builder.HasIndex(r => r.JobId);
        builder.HasIndex(r => r.Until);
    }
}

/// <summary>Files PostgreSQL's migrations.</summary>
internal sealed class PostgresFilesDbContext(DbContextOptions<PostgresFilesDbContext> options) : FilesDbContext(options)
{
    internal sealed class Design() : PostgresDesignFactory<PostgresFilesDbContext>(Schema, options => new(options));
}

/// <summary>Files SQLite's migrations.</summary>
internal sealed class SqliteFilesDbContext(DbContextOptions<SqliteFilesDbContext> options) : FilesDbContext(options)
{
    internal sealed class Design() : SqliteDesignFactory<SqliteFilesDbContext>(Schema, options => new(options));
}
