using Microsoft.EntityFrameworkCore;

namespace Platform.JobStore.Jobs;

/// <summary>Jobs and what belongs to them: schema <c>jobs</c>.</summary>
public class JobDbContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>Schema of the tables; a prefix where the database has no schemas.</summary>
    public const string Schema = "jobs";

    public DbSet<JobState> Jobs => Set<JobState>();
    public DbSet<JobEvent> Events => Set<JobEvent>();
    public DbSet<StageProgress> Progress => Set<StageProgress>();
    public DbSet<JobMetadata> Metadata => Set<JobMetadata>();
    public DbSet<IdempotentRequest> Requests => Set<IdempotentRequest>();
    public DbSet<Upload> Uploads => Set<Upload>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.HasDefaultSchema(Schema)
            .ApplyConfiguration(new JobStateMap())
            .ApplyConfiguration(new JobEventMap())
            .ApplyConfiguration(new StageProgressMap())
            .ApplyConfiguration(new JobMetadataMap())
            .ApplyConfiguration(new IdempotentRequestMap())
            .ApplyConfiguration(new UploadMap());
}
