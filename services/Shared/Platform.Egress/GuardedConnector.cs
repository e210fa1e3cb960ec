using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Platform.Egress;

/// <summary>
/// Opens every connection that a user's URL or page asks for. It resolves the name once, classifies each address that came back, and
/// connects to those addresses and no others, so that a name which changes its answer between check and use gains nothing.
/// </summary>
public sealed class GuardedConnector
{
    private readonly EgressOptions _options;
    private readonly ImmutableArray<ForbiddenEndpoint> _forbidden;
    private readonly IResolver _resolver;
    private readonly IConnector _connector;
    private readonly Func<IPAddress, bool> _isOwn;

    public GuardedConnector(IOptions<EgressOptions> options, IResolver resolver, IConnector connector)
        : this(options.Value, resolver, connector)
    {
    }

    internal GuardedConnector(EgressOptions options, IResolver resolver, IConnector connector, Func<IPAddress, bool>? isOwn = null)
    {
        (_options, _resolver, _connector, _isOwn) = (options, resolver, connector, isOwn ?? OwnAddresses.Contain);
        _forbidden = [.. options.ForbiddenEndpoints.Select(ForbiddenEndpoint.TryParse).OfType<ForbiddenEndpoint>()];
    }

    /// <summary>Where users' URLs may lead.</summary>
    public EgressOptions Options => _options;

    /// <summary>The same guard that also keeps away from <paramref name="endpoints"/>, each <c>host:port</c>.</summary>
    public GuardedConnector Forbidding(params IEnumerable<string> endpoints) => new(
        new EgressOptions
        {
            AllowPrivate = _options.AllowPrivate,
            Limits = _options.Limits,
            ForbiddenEndpoints = [.. _options.ForbiddenEndpoints, .. endpoints],
        },
        _resolver,
        _connector,
        _isOwn);

    /// <summary>Connects to <paramref name="host"/>, a name or a literal address, if one of its addresses is allowed.</summary>
    /// <exception cref="EgressException">Blocked, not resolved, not connected, or too late.</exception>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var allowed = new List<IPAddress>();
        foreach (var address in await ResolveAsync(host, cancellationToken))
        {
            if (Allows(address) && !await IsForbiddenAsync(address, port, cancellationToken))
            {
                allowed.Add(address);
            }
        }

        return allowed.Count == 0
            ? throw new EgressException(EgressCodes.AddressBlocked, transient: false, "The host is not at a public address.")
            : await ConnectAnyAsync(allowed, port, cancellationToken);
    }

    /// <summary>A public address of this very machine leads to our own services, whatever they listen on.</summary>
    private bool Allows(IPAddress address) =>
        AddressGuard.Allows(address, _options.AllowPrivate) && (_options.AllowPrivate || !_isOwn(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            return [literal];
        }

        try
        {
            // The system's resolver may ignore its token: stop waiting for it all the same.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_options.Limits.Resolve);
            var addresses = await _resolver.ResolveAsync(host, limit.Token).WaitAsync(limit.Token);
            return addresses.Count > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (Exception e) when (e is SocketException or ArgumentException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new EgressException(EgressCodes.DnsFailed, transient: true, "The host's name could not be resolved.", e);
        }
    }

    private async Task<Stream> ConnectAnyAsync(List<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        Exception? last = null;
        var share = _options.Limits.Connect / addresses.Count; // a silent address leaves the next one its time
        foreach (var address in addresses)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(share);
            try
            {
                return await _connector.ConnectAsync(new IPEndPoint(address, port), limit.Token);
            }
            catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                last = e;
            }
        }

        throw last is SocketException
            ? new EgressException(EgressCodes.ConnectFailed, transient: true, "No connection to the host.", last)
            : new EgressException(EgressCodes.Timeout, transient: true, "The host did not accept a connection in time.", last);
    }

    private async Task<bool> IsForbiddenAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var endpoint in _forbidden.Where(endpoint => endpoint.Port == port))
        {
            if (await IsAtAsync(endpoint, plain, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> IsAtAsync(ForbiddenEndpoint endpoint, IPAddress address, CancellationToken cancellationToken)
    {
        try
        {
            var own = await ResolveAsync(endpoint.Host, cancellationToken);
            return own.Any(address.Equals) || (own.Any(_isOwn) && _isOwn(address));
        }
        catch (EgressException)
        {
            // Unknown where it is: keep away from every inner address, and let the rest of the Internet go on.
            return AddressGuard.Classify(address) != AddressKind.Public;
        }
    }
}
