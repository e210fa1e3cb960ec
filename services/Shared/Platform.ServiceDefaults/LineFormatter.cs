using System.Globalization;
using System.Net.Sockets;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using RabbitMQ.Client.Exceptions;

namespace Platform.ServiceDefaults;

/// <summary>
/// Writes a log entry as one line, in UTC. An exception stands in it with its stack, unless all that it says is that a server is away: then every try would tell the
/// same stack again, and its messages are enough.
/// </summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine(Line(DateTimeOffset.UtcNow, logEntry.LogLevel, logEntry.Category, logEntry.EventId.Id, message, logEntry.Exception));
    }

    public static string Line(DateTimeOffset at, LogLevel level, string category, int eventId, string message, Exception? exception)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Short(level)}: {category}[{eventId}] {message}");
        return (exception is null ? line : $"{line} {(IsOutage(exception) ? Messages(exception, message) : exception)}").ReplaceLineEndings(" ");
    }

    /// <summary>Whether an exception comes of a server that nobody reaches, or of a connection to one that was lost.</summary>
    public static bool IsOutage(Exception exception) =>
        exception is ConnectionException or BrokerUnreachableException or RabbitMQClientException or SocketException
        || exception.InnerException is { } inner && IsOutage(inner);

    // What the exceptions say, from the outermost in, each thing once.
    private static string Messages(Exception exception, string said)
    {
        List<string> messages = [];
        for (var each = exception; each is not null; each = each.InnerException)
            if (each is not AggregateException && !said.Contains(each.Message, StringComparison.Ordinal) && !messages.Contains(each.Message))
                messages.Add(each.Message);
        return string.Join(" <- ", messages);
    }

    // The four letters that the framework's console has.
    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce", LogLevel.Debug => "dbug", LogLevel.Information => "info", LogLevel.Warning => "warn", LogLevel.Error => "fail", _ => "crit",
    };
}
