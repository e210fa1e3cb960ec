using MassTransit;

namespace Platform.JobStore.Outbox;

/// <summary>How the outbox of a context works; names as in MassTransit's own Entity Framework outbox.</summary>
public interface IEntityFrameworkOutboxConfigurator : ITransactionalOutboxConfigurator
{
    /// <summary>How often the table is looked at when nothing wakes the delivery: the resolution of delayed messages. Default 1 s.</summary>
    TimeSpan QueryDelay { set; }

    /// <summary>How many messages one process takes and sends at a time. Default 100.</summary>
    int QueryMessageLimit { set; }

    /// <summary>
    /// Lets the <see cref="IPublishEndpoint"/> and <see cref="ISendEndpointProvider"/> of a scope outside consumers write to the outbox of the scope's
    /// context: publish first, save after. Also adds the delivery to this process.
    /// </summary>
    void UseBusOutbox(Action<IEntityFrameworkBusOutboxConfigurator>? configure = null);
}

/// <summary>How messages leave the outbox.</summary>
public interface IEntityFrameworkBusOutboxConfigurator : IBusOutboxConfigurator
{
    /// <summary>How long the broker has to confirm one message before it counts as not sent. Default 10 s.</summary>
    TimeSpan MessageDeliveryTimeout { set; }

    /// <summary>How long taken messages are left to the process that took them. At least twice <see cref="MessageDeliveryTimeout"/>. Default 30 s.</summary>
    TimeSpan LeaseDuration { set; }
}

internal sealed class OutboxOptions<TDbContext> : IEntityFrameworkOutboxConfigurator, IEntityFrameworkBusOutboxConfigurator
{
    public TimeSpan QueryDelay { get; set; } = TimeSpan.FromSeconds(1);
    public int QueryMessageLimit { get; set; } = 100;
    public TimeSpan MessageDeliveryTimeout { get; set; } = TimeSpan.FromSeconds(10);
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);
    public bool IsBusOutbox { get; private set; }
    public bool Delivers { get; private set; } = true;

    public void UseBusOutbox(Action<IEntityFrameworkBusOutboxConfigurator>? configure = null)
    {
        IsBusOutbox = true;
        configure?.Invoke(this);
    }

    public void DisableDeliveryService() => Delivers = false;

    /// <exception cref="ConfigurationException">A lease could end while its message is still being sent.</exception>
    public void Validate()
    {
        if (LeaseDuration < 2 * MessageDeliveryTimeout)
        {
            throw new ConfigurationException($"LeaseDuration ({LeaseDuration}) must be at least twice MessageDeliveryTimeout ({MessageDeliveryTimeout}).");
        }
    }
}
