using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Access;

/// <summary>Lets callers in by <c>X-Api-Key</c> or <c>Authorization: Bearer</c>: one key, in a header, never in the query, which ends in logs.</summary>
internal sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IKeyRing keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string TenantClaim = "tenant";
    public const string ScopeClaim = "scope";
    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Presented(Request.Headers) is not { } presented) return Task.FromResult(AuthenticateResult.NoResult());
        if (keys.Find(presented) is not { } holder) return Task.FromResult(AuthenticateResult.Fail("unknown key"));
        var claims = holder.Scopes.Select(scope => new Claim(ScopeClaim, scope)).Prepend(new Claim(TenantClaim, holder.Tenant));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name)), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"platform\"";
        return Problems.Unauthenticated().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.InsufficientScope().ExecuteAsync(Context);

    // Two keys are as good as none: whose request would it be?
    private static string? Presented(IHeaderDictionary headers)
    {
        var (own, bearer) = (headers["X-Api-Key"], headers.Authorization);
        if (own.Count + bearer.Count != 1) return null;
        if (own.Count == 1) return own[0];
        return bearer[0] is { } text && text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? text[Bearer.Length..] : null;
    }
}

internal static class AccessRegistration
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<IKeyRing, ConfiguredKeyRing>();
        services.AddAuthentication(KeyAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        services.AddAuthorization(authorization =>
        {
            foreach (var scope in Scopes.All)
                authorization.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Allows(context, scope)));
        });
        return services;
    }

    /// <summary>Whose request it is.</summary>
    public static string Tenant(this HttpContext context) =>
        context.User.FindFirstValue(KeyAuthentication.TenantClaim) ?? throw new InvalidOperationException("The endpoint lets callers in without a key.");

    private static bool Allows(AuthorizationHandlerContext context, string scope) =>
        context.User.HasClaim(KeyAuthentication.ScopeClaim, scope) || context.User.HasClaim(KeyAuthentication.ScopeClaim, Scopes.Admin);
}
