using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace Platform.Cli.Operating;

/// <summary><c>queues</c>: what waits on the broker of <c>up</c>, and putting failed messages back.</summary>
internal static class QueuesCommand
{
    private const string NoBroker = "There is no broker here: start one with ./platform up, or set Bus__Uri to amqp://… and RABBITMQ_MANAGEMENT_URL to http://user:password@host:port/.";

    public static Command Create()
    {
        var list = new Command("list", "Lists the queues with their messages and consumers.");
        list.SetAction((_, cancellation) => CommandException.GuardAsync(() => ListAsync(cancellation)));
        var queue = new Argument<string>("queue") { Description = "A queue of failed messages, such as capture_error or capture_dead." };
        var requeue = new Command("requeue", "Moves the messages of an _error or _dead queue back to where they came from.") { queue };
        requeue.SetAction((parsed, cancellation) => CommandException.GuardAsync(() => RequeueAsync(parsed.GetValue(queue)!, cancellation)));
        return new Command("queues", "The broker's queues.") { list, requeue };
    }

    private static async Task<int> ListAsync(CancellationToken cancellation)
    {
        using var http = Client(out var vhost);
        var queues = await http.GetFromJsonAsync<JsonArray>($"api/queues/{vhost}", cancellation) ?? [];
        Console.WriteLine($"{"queue",-40} {"ready",8} {"unacked",8} {"consumers",10}");
        foreach (var queue in queues) Console.WriteLine($"{queue!["name"],-40} {queue["messages_ready"],8} {queue["messages_unacknowledged"],8} {queue["consumers"],10}");
        return 0;
    }

    private static async Task<int> RequeueAsync(string queue, CancellationToken cancellation)
    {
        var target = queue.EndsWith("_error", StringComparison.Ordinal) || queue.EndsWith("_dead", StringComparison.Ordinal)
            ? queue[..queue.LastIndexOf('_')]
            : throw new CommandException(CommandLine.BadInput, "Only messages of an _error or _dead queue can be moved back.");
        var uri = Environment.GetEnvironmentVariable("Bus__Uri") ?? throw new CommandException(CommandLine.Failed, NoBroker);
        await using var connection = await new ConnectionFactory { Uri = new Uri(uri) }.CreateConnectionAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
        await channel.QueueDeclarePassiveAsync(target, cancellation);
        var moved = 0;
        while (await channel.BasicGetAsync(queue, autoAck: false, cancellation) is { } message)
        {
            // Confirmed before it is taken away: a message may come twice, none is lost.
            await channel.BasicPublishAsync("", target, mandatory: true, new BasicProperties(message.BasicProperties), message.Body, cancellation);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);
            moved++;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Moved {moved} messages to {target}."));
        return 0;
    }

    // The address' path names the virtual host; none: the broker's default one, "/".
    private static HttpClient Client(out string vhost)
    {
        var text = Environment.GetEnvironmentVariable("RABBITMQ_MANAGEMENT_URL") ?? throw new CommandException(CommandLine.Failed, NoBroker);
        var url = new Uri(text);
        vhost = url.AbsolutePath.Trim('/') is { Length: > 0 } path ? path : "%2F";
        var http = new HttpClient { BaseAddress = new Uri(url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        return http;
    }
}
