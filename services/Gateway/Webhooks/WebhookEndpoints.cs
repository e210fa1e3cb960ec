using Platform.Gateway.Access;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Webhooks;

/// <summary>What receivers of webhooks need to know.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder api) =>
        api.MapGet("/webhooks/secret", (HttpContext context, WebhookSecrets secrets) => new SecretAnswer(secrets.ForTenant(context.Tenant())))
            .RequireAuthorization(Scopes.Admin)
            .WithName("getWebhookSecret").WithSummary("See the secret that signs webhooks of jobs that name none of their own").Produces<SecretAnswer>();

    /// <summary>The signing secret, as the Standard Webhooks specification writes it: <c>whsec_</c> and base64.</summary>
    internal sealed record SecretAnswer(string Secret);
}
