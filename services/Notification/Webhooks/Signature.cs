using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.ServiceDefaults;

namespace Platform.Notification.Webhooks;

/// <summary>Signs as the Standard Webhooks specification says, version 1: HMAC-SHA256 over <c>id.timestamp.body</c>. Pure.</summary>
internal static class Signature
{
    /// <summary>The value of <c>webhook-signature</c>.</summary>
    /// <param name="secret"><c>whsec_</c> and base64.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>: seconds since 1970.</param>
    /// <param name="body">The bytes that are sent.</param>
    /// <exception cref="FormatException">The secret is not base64.</exception>
    public static string Of(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var encoded = secret.StartsWith(WebhookSecrets.Prefix, StringComparison.Ordinal) ? secret[WebhookSecrets.Prefix.Length..] : secret;
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(encoded));
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
