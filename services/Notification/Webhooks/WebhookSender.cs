using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Egress;
using Platform.ServiceDefaults;

namespace Platform.Notification.Webhooks;

/// <summary>Posts a delivery once, signed, where the guard lets it go. Whatever comes of it is an outcome.</summary>
internal sealed class WebhookSender(EgressClient client, WebhookSecrets secrets, IOptions<WebhookOptions> options, TimeProvider time)
{
    private const string EgressPrefix = "fetch.";

    public async Task<Outcome> PostAsync(TakenDelivery delivery, CancellationToken cancellation)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Payload);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        try
        {
            var secret = delivery.ProtectedSecret is { } own ? secrets.Unprotect(own) : secrets.ForTenant(delivery.Tenant);
            KeyValuePair<string, string>[] headers =
            [
                new("webhook-id", delivery.MessageId),
                new("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture)),
                new("webhook-signature", Signature.Of(secret, delivery.MessageId, timestamp, body)),
            ];
            var answer = await client.PostAsync(delivery.Url, body, "application/json", headers, options.Value.Timeout, cancellation);
            return new Outcome(answer.Status, null, answer.RetryAfter);
        }
        catch (EgressException e)
        {
            return new Outcome(e.Status, e.Code.StartsWith(EgressPrefix, StringComparison.Ordinal) ? e.Code[EgressPrefix.Length..] : e.Code);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or IOException)
        {
            return new Outcome(null, FailureCodes.SecretUnreadable);
        }
    }
}
