using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Contracts;

namespace Platform.JobStore.Jobs;

internal sealed class JobStateMap : IEntityTypeConfiguration<JobState>
{
    public void Configure(EntityTypeBuilder<JobState> builder)
    {
        builder.ToTable("job");
        builder.HasKey(job => job.CorrelationId);
        builder.Property(job => job.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(job => job.Tenant).HasMaxLength(64);
        builder.Property(job => job.Name).HasMaxLength(200);
        builder.Property(job => job.CurrentState).HasMaxLength(16);
        builder.Property(job => job.Document).HasJson();
        builder.Property(job => job.Inputs).HasJson();
        builder.Property(job => job.Outputs).HasJson();
        builder.Property(job => job.Stages).HasJson();
        builder.Property(job => job.Webhook).HasJson();
        builder.Property(job => job.Results).HasJson();
        builder.Property(job => job.Failure).HasJson();
        builder.HasMany(job => job.Events).WithOne().HasForeignKey(e => e.JobId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(job => new { job.Tenant, job.CorrelationId });
        builder.HasIndex(job => job.WakeAt);
        builder.HasIndex(job => job.ExpiresAt);
    }
}

internal sealed class JobEventMap : IEntityTypeConfiguration<JobEvent>
{
    public void Configure(EntityTypeBuilder<JobEvent> builder)
    {
        builder.ToTable("job_event");
        builder.HasKey(e => new { e.JobId, e.Number });
        builder.Property(e => e.Type).HasMaxLength(40);
        builder.Property(e => e.Number).ValueGeneratedNever();
        builder.Property(e => e.Data).HasJson();
    }
}

internal sealed class StageProgressMap : IEntityTypeConfiguration<StageProgress>
{
    public void Configure(EntityTypeBuilder<StageProgress> builder)
    {
        builder.ToTable("stage_progress");      // no foreign key: a late report must not wait for the job's row
        builder.HasKey(p => new { p.JobId, p.Stage });
        builder.Property(p => p.Stage).HasMaxLength(64);
        builder.Property(p => p.Activity).HasMaxLength(100);
    }
}

internal sealed class JobMetadataMap : IEntityTypeConfiguration<JobMetadata>
{
    public void Configure(EntityTypeBuilder<JobMetadata> builder)
    {
        builder.ToTable("job_metadata");
        builder.HasKey(m => new { m.JobId, m.Key });
        builder.Property(m => m.Key).HasMaxLength(100);
        builder.Property(m => m.Value).HasMaxLength(1000);
        builder.HasIndex(m => new { m.Key, m.Value });
        builder.HasOne<JobState>().WithMany().HasForeignKey(m => m.JobId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class IdempotentRequestMap : IEntityTypeConfiguration<IdempotentRequest>
{
    public void Configure(EntityTypeBuilder<IdempotentRequest> builder)
    {
        builder.ToTable("idempotent_request");
        builder.HasKey(r => new { r.Tenant, r.Key });
        builder.Property(r => r.Tenant).HasMaxLength(64);
        builder.Property(r => r.Key).HasMaxLength(255);
        builder.Property(r => r.BodyHash).HasMaxLength(64);
        builder.HasIndex(r => r.CreatedAt);
    }
}

internal sealed class UploadMap : IEntityTypeConfiguration<Upload>
{
    public void Configure(EntityTypeBuilder<Upload> builder)
    {
        builder.ToTable("upload");
        builder.HasKey(u => u.Id);
        builder.Property(u => u.Id).ValueGeneratedNever();
        builder.Property(u => u.Tenant).HasMaxLength(64);
        builder.Property(u => u.FileName).HasMaxLength(255);
        builder.Property(u => u.Artifact).HasJson();
        builder.HasIndex(u => u.ExpiresAt);
    }
}

internal sealed class StoredTemplateMap : IEntityTypeConfiguration<StoredTemplate>
{
    public void Configure(EntityTypeBuilder<StoredTemplate> builder)
    {
        builder.ToTable("template");
        builder.HasKey(t => new { t.Tenant, t.Name, t.Version });
        builder.Property(t => t.Tenant).HasMaxLength(64);
        builder.Property(t => t.Name).HasMaxLength(64);
        builder.Property(t => t.Version).ValueGeneratedNever();
        builder.Property(t => t.Content).HasJson();
    }
}

internal static class JsonColumn
{
    /// <summary>Keeps a value as JSON text; compared by that text, since the value is mutable.</summary>
    public static PropertyBuilder<T> HasJson<T>(this PropertyBuilder<T> property) => property.HasConversion(
        value => JsonSerializer.Serialize(value, ContractJson.Stored),
        text => JsonSerializer.Deserialize<T>(text, ContractJson.Stored)!,
        new ValueComparer<T>(
            (left, right) => JsonSerializer.Serialize(left, ContractJson.Stored) == JsonSerializer.Serialize(right, ContractJson.Stored),
            value => JsonSerializer.Serialize(value, ContractJson.Stored).GetHashCode(StringComparison.Ordinal),
            value => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, ContractJson.Stored), ContractJson.Stored)!));
}
