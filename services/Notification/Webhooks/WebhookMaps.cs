using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platform.Notification.Webhooks;

internal sealed class WebhookEndpointMap : IEntityTypeConfiguration<WebhookEndpoint>
{
    public void Configure(EntityTypeBuilder<WebhookEndpoint> builder)
    {
        builder.ToTable("endpoint");
        builder.HasKey(endpoint => endpoint.Id);
        builder.Property(endpoint => endpoint.Id).ValueGeneratedNever();
        builder.Property(endpoint => endpoint.Tenant).HasMaxLength(64);
        builder.Property(endpoint => endpoint.DisabledReason).HasMaxLength(40);
        builder.HasIndex(endpoint => new { endpoint.Tenant, endpoint.JobId });
        builder.HasIndex(endpoint => endpoint.CreatedAt);
    }
}

internal sealed class DeliveryMap : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> builder)
    {
        builder.ToTable("delivery");
        builder.HasKey(delivery => delivery.Id);
        builder.Property(delivery => delivery.Id).ValueGeneratedNever();
        builder.Property(delivery => delivery.MessageId).HasMaxLength(64);
        builder.Property(delivery => delivery.Type).HasMaxLength(40);
        builder.Property(delivery => delivery.TraceParent).HasMaxLength(64);
        builder.Property(delivery => delivery.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(delivery => delivery.LastCode).HasMaxLength(40);
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.JobId, delivery.Number }).IsUnique();      // an event that comes twice is one
        builder.HasIndex(delivery => delivery.DueAt);
        builder.HasIndex(delivery => delivery.EndedAt);
        builder.HasOne<WebhookEndpoint>().WithMany().HasForeignKey(delivery => delivery.EndpointId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class DeliveryAttemptMap : IEntityTypeConfiguration<DeliveryAttempt>
{
    public void Configure(EntityTypeBuilder<DeliveryAttempt> builder)
    {
        builder.ToTable("attempt");
        builder.HasKey(attempt => new { attempt.DeliveryId, attempt.Number });
        builder.Property(attempt => attempt.Number).ValueGeneratedNever();
        builder.Property(attempt => attempt.Code).HasMaxLength(40);
        builder.HasOne<Delivery>().WithMany().HasForeignKey(attempt => attempt.DeliveryId).OnDelete(DeleteBehavior.Cascade);
    }
}
