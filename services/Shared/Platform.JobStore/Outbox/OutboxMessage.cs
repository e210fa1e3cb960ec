using System.Reflection;
using MassTransit;
using MassTransit.Context;
using MassTransit.Metadata;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace Platform.JobStore.Outbox;

/// <summary>A message that leaves once the transaction that wrote it has committed. Deleted when the broker has confirmed it.</summary>
public sealed class OutboxMessage : OutboxMessageContext
{
    private Headers? _headers;
    private IReadOnlyDictionary<string, object>? _properties;

    /// <summary>Order of writing.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Messages of one key are sent in order of writing, each after the one before was confirmed; null: no order.</summary>
    public Guid? OrderKey { get; init; }

    /// <summary>MassTransit's id of the message: the same at every delivery.</summary>
    public required Guid MessageId { get; init; }
    public Guid? ConversationId { get; init; }
    public Guid? CorrelationId { get; init; }
    public Guid? InitiatorId { get; init; }
    public Guid? RequestId { get; init; }
    public Uri? SourceAddress { get; init; }
    public required Uri DestinationAddress { get; init; }
    public Uri? ResponseAddress { get; init; }
    public Uri? FaultAddress { get; init; }
    public required string ContentType { get; init; }

    /// <summary>Names of the message's types, separated by semicolons.</summary>
    public required string MessageType { get; init; }
    public required string Body { get; init; }

    /// <summary>Headers as a JSON object, the trace included.</summary>
    public string? Headers { get; init; }

    /// <summary>What the transport keeps outside the headers, as a JSON object.</summary>
    public string? Properties { get; init; }

    /// <summary>When the message was written, by the writer's clock.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>When the message is worth nothing any more.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When a delayed message is due; null: at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Nobody takes the row before: it is delayed, or somebody is sending it (a lease), or the last try failed. Null: free.</summary>
    public DateTimeOffset? HeldUntil { get; set; }

    /// <summary>How many tries to send it failed.</summary>
    public int Failures { get; set; }

    /// <summary>
    /// Whether the last try was answered with a refusal of this very message: a command to a queue that nobody has declared. It is tried again, but later
    /// messages of its key do not wait for it.
    /// </summary>
    public bool IsRefused { get; set; }

    /// <summary>Names a scheduled message, so that it can be cancelled.</summary>
    public Guid? ScheduleToken { get; init; }

    Guid? MessageContext.MessageId => MessageId;
    DateTime? MessageContext.SentTime => WrittenAt.UtcDateTime;
    DateTime? MessageContext.ExpirationTime => ExpiresAt?.UtcDateTime;
    HostInfo MessageContext.Host => HostMetadataCache.Host;

    Headers MessageContext.Headers => _headers ??= Headers is null
        ? EmptyHeaders.Instance
        : new DictionarySendHeaders(SystemTextJsonMessageSerializer.Instance.DeserializeDictionary<object?>(Headers)!);

    IReadOnlyDictionary<string, object> OutboxMessageContext.Properties =>
        _properties ??= SystemTextJsonMessageSerializer.Instance.DeserializeDictionary<object>(Properties) ?? new Dictionary<string, object>();

    /// <summary>Takes down a message that is about to be sent.</summary>
    internal static OutboxMessage From<T>(SendContext<T> context, TimeProvider time)
        where T : class
    {
        var now = time.GetUtcNow();
        var due = context.Delay is { Ticks: > 0 } delay ? now + delay : (DateTimeOffset?)null;
        return new OutboxMessage
        {
            OrderKey = OrderKeyOf<T>.Get?.Invoke(context.Message) ?? context.CorrelationId,
            MessageId = context.MessageId ?? throw new MessageException(typeof(T), "A message in the outbox needs an id."),
            ConversationId = context.ConversationId,
            CorrelationId = context.CorrelationId,
            InitiatorId = context.InitiatorId,
            RequestId = context.RequestId,
            SourceAddress = context.SourceAddress,
            DestinationAddress = context.DestinationAddress ?? throw new MessageException(typeof(T), "A message in the outbox needs a destination."),
            ResponseAddress = context.ResponseAddress,
            FaultAddress = context.FaultAddress,
            ContentType = (context.ContentType ?? context.Serialization.DefaultContentType).ToString(),
            MessageType = string.Join(';', context.SupportedMessageTypes),
            Body = context.Serializer.GetMessageBody(context).GetString(),
            Headers = SystemTextJsonMessageSerializer.Instance.SerializeDictionary(context.Headers.GetAll()),
            Properties = PropertiesOf(context),
            WrittenAt = now,
            ExpiresAt = now + context.TimeToLive,
            DueAt = due,
            HeldUntil = due,
            ScheduleToken = context.ScheduledMessageId,
        };
    }

    private static string? PropertiesOf<T>(SendContext<T> context)
        where T : class
    {
        if (context is not TransportSendContext<T> transport)
        {
            return null;
        }

        if (context is MessageSendContext<T> { IsPublish: false, RequestId: null } command)
        {
            command.Mandatory = true;   // a command that no queue takes is refused by the broker and stays here; it would be dropped without a word
        }

        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        transport.WritePropertiesTo(properties);
        properties.Remove("Delay");     // DueAt does that; left in, the RabbitMQ transport would ask for its delayed-exchange plugin
        return SystemTextJsonMessageSerializer.Instance.SerializeDictionary(properties);
    }

    /// <summary>Messages of one job are kept in order; the property is looked up once per type.</summary>
    private static class OrderKeyOf<T>
    {
        public static readonly Func<T, Guid?>? Get =
            typeof(T).GetProperty("JobId", BindingFlags.Public | BindingFlags.Instance) is { CanRead: true } property && property.PropertyType == typeof(Guid)
                ? property.GetMethod!.CreateDelegate<Func<T, Guid>>() is var get ? message => get(message) : null
                : null;
    }
}
