using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Platform.JobStore.Outbox;

internal sealed class OutboxMessageMap : IEntityTypeConfiguration<OutboxMessage>
{
    public const string Table = "outbox_message";

    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable(Table);
        builder.HasKey(message => message.SequenceNumber);
        builder.Property(message => message.SourceAddress).HasConversion<UriToStringConverter>();
        builder.Property(message => message.DestinationAddress).HasConversion<UriToStringConverter>();
        builder.Property(message => message.ResponseAddress).HasConversion<UriToStringConverter>();
        builder.Property(message => message.FaultAddress).HasConversion<UriToStringConverter>();
        builder.HasIndex(message => message.HeldUntil);
        builder.HasIndex(message => new { message.OrderKey, message.SequenceNumber });
        builder.HasIndex(message => message.ScheduleToken);
    }
}

public static class OutboxModelExtensions
{
    /// <summary>Adds the outbox's table to a context.</summary>
    public static ModelBuilder AddOutboxMessageEntity(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        return modelBuilder.ApplyConfiguration(new OutboxMessageMap());
    }

    /// <summary>Wakes whoever delivers, in any process, when a transaction with messages commits. For a migration of PostgreSQL, after the table.</summary>
    public static void CreateOutboxWakeUp(this MigrationBuilder migrationBuilder, string schema)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql(WakeUpSql(schema));
    }

    /// <summary>Takes back <see cref="CreateOutboxWakeUp"/>, after the table is gone.</summary>
    public static void DropOutboxWakeUp(this MigrationBuilder migrationBuilder, string schema)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql($"DROP FUNCTION \"{schema}\".wake_outbox();");
    }

    internal static string WakeUpSql(string schema) =>
        $"""
        CREATE FUNCTION "{schema}".wake_outbox() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('{ChannelOf(schema)}', ''); RETURN NULL; END $$;
        CREATE TRIGGER wake_outbox AFTER INSERT ON "{schema}"."{OutboxMessageMap.Table}"
        FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".wake_outbox();
        """;

    /// <summary>Name that PostgreSQL's listeners listen to.</summary>
    internal static string ChannelOf(string schema) => $"{schema}_outbox";
}
