using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Platform.Contracts;

namespace Platform.ServiceDefaults;

/// <summary>Which transport carries messages.</summary>
public sealed class BusOptions : IValidatableObject
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Bus";

    /// <summary>The broker, as <c>amqp://user:password@host:port/vhost</c>; null for messages that live in this process.</summary>
    public Uri? Uri { get; set; }

    /// <summary>
    /// The broker's <c>consumer_timeout</c>: a delivery held for longer is taken away and worked again, so no stage may take longer. The broker
    /// does not tell, so it is said here.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")] public TimeSpan ConsumerTimeout { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How often the connection is probed: a lost one is noticed after about twice this.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00")] public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var type in StageTypes.All.Where(type => Uri is not null && type.Timeout > ConsumerTimeout))
            yield return new ValidationResult($"{type.Name} stages may take {type.Timeout}, longer than the broker's consumer timeout {ConsumerTimeout}.", [nameof(ConsumerTimeout)]);
        if (Uri is { Scheme: not ("amqp" or "amqps") })
            yield return new ValidationResult("The broker's address must begin with amqp:// or amqps://.", [nameof(Uri)]);
    }
}

[OptionsValidator]
internal sealed partial class BusOptionsValidator : IValidateOptions<BusOptions>;
