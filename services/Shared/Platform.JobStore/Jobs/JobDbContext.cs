using Microsoft.EntityFrameworkCore;
using Platform.JobStore.Outbox;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Jobs;

/// <summary>Jobs and what belongs to them: schema <c>jobs</c>.</summary>
public abstract class JobDbContext(DbContextOptions options) : StoreDbContext(options, Schema)
{
    /// <summary>Schema of the tables; a prefix where the database has no schemas.</summary>
    public const string Schema = "jobs";

    public DbSet<JobState> Jobs => Set<JobState>();
    public DbSet<JobEvent> Events => Set<JobEvent>();
    public DbSet<StageProgress> Progress => Set<StageProgress>();
    public DbSet<JobMetadata> Metadata => Set<JobMetadata>();
    public DbSet<IdempotentRequest> Requests => Set<IdempotentRequest>();
    public DbSet<Upload> Uploads => Set<Upload>();
    public DbSet<StoredTemplate> Templates => Set<StoredTemplate>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfiguration(new JobStateMap())
            .ApplyConfiguration(new JobEventMap())
            .ApplyConfiguration(new StageProgressMap())
            .ApplyConfiguration(new JobMetadataMap())
            .ApplyConfiguration(new IdempotentRequestMap())
            .ApplyConfiguration(new UploadMap())
            .ApplyConfiguration(new StoredTemplateMap())
            .AddOutboxMessageEntity();
}
