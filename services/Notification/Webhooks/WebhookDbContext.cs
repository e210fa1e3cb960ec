using Microsoft.EntityFrameworkCore;
using Platform.JobStore.Storage;

namespace Platform.Notification.Webhooks;

/// <summary>Endpoints and what they are told: schema <c>webhooks</c>.</summary>
internal abstract class WebhookDbContext(DbContextOptions options) : StoreDbContext(options, Schema)
{
    /// <summary>Schema of the tables; a prefix where the database has no schemas.</summary>
    public const string Schema = "webhooks";

    public DbSet<WebhookEndpoint> Endpoints => Set<WebhookEndpoint>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();
    public DbSet<DeliveryAttempt> Attempts => Set<DeliveryAttempt>();

    /// <summary>
    /// The endpoint's row, held until the transaction ends: whoever adds a delivery, and whoever disables the endpoint, knows of the other.
    /// On SQLite the transaction itself is the lock.
    /// </summary>
    public Task<WebhookEndpoint?> LockEndpointAsync(Guid id, CancellationToken cancellation) => (Database.IsNpgsql()
        ? Endpoints.FromSql($"SELECT * FROM webhooks.endpoint WHERE id = {id} FOR UPDATE")
        : Endpoints.Where(endpoint => endpoint.Id == id)).AsNoTracking().SingleOrDefaultAsync(cancellation);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfiguration(new WebhookEndpointMap())
            .ApplyConfiguration(new DeliveryMap())
            .ApplyConfiguration(new DeliveryAttemptMap());
}

/// <summary>Files PostgreSQL's migrations.</summary>
internal sealed class PostgresWebhookDbContext(DbContextOptions<PostgresWebhookDbContext> options) : WebhookDbContext(options)
{
    internal sealed class Design() : PostgresDesignFactory<PostgresWebhookDbContext>(Schema, options => new(options));
}

/// <summary>Files SQLite's migrations.</summary>
internal sealed class SqliteWebhookDbContext(DbContextOptions<SqliteWebhookDbContext> options) : WebhookDbContext(options)
{
    internal sealed class Design() : SqliteDesignFactory<SqliteWebhookDbContext>(Schema, options => new(options));
}
