using System.Net;
using System.Net.Sockets;

namespace Platform.Egress;

/// <summary>What kind of network an address belongs to.</summary>
public enum AddressKind
{
    /// <summary>Anybody's: may be connected to.</summary>
    Public,

    /// <summary>This machine. Opened by <see cref="EgressOptions.AllowPrivate"/>.</summary>
    Loopback,

    /// <summary>A private network (RFC 1918, RFC 4193). Opened by <see cref="EgressOptions.AllowPrivate"/>.</summary>
    Private,

    /// <summary>Link-local, metadata, shared, multicast, documentation, transition and all other special ranges. Never opened.</summary>
    Reserved,
}

/// <summary>
/// Classifies addresses. Pure. Sources: the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and its updates), and
/// the metadata addresses that cloud providers document.
/// </summary>
public static class AddressGuard
{
    private static readonly (IPNetwork Network, AddressKind Kind)[] V4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), AddressKind.Reserved),        // "this network": Linux connects 0.0.0.0 to itself
        (IPNetwork.Parse("10.0.0.0/8"), AddressKind.Private),
        (IPNetwork.Parse("100.64.0.0/10"), AddressKind.Reserved),    // carrier-grade NAT; 100.100.100.200 is a metadata address
        (IPNetwork.Parse("127.0.0.0/8"), AddressKind.Loopback),
        (IPNetwork.Parse("168.63.129.16/32"), AddressKind.Reserved), // Azure's host agent: public in form only
        (IPNetwork.Parse("169.254.0.0/16"), AddressKind.Reserved),   // link-local, metadata
        (IPNetwork.Parse("172.16.0.0/12"), AddressKind.Private),
        (IPNetwork.Parse("192.0.0.0/24"), AddressKind.Reserved),     // IETF protocols; 192.0.0.192 is a metadata address
        (IPNetwork.Parse("192.0.2.0/24"), AddressKind.Reserved),     // documentation
        (IPNetwork.Parse("192.88.99.0/24"), AddressKind.Reserved),   // 6to4 relays
        (IPNetwork.Parse("192.168.0.0/16"), AddressKind.Private),
        (IPNetwork.Parse("198.18.0.0/15"), AddressKind.Reserved),    // benchmarks
        (IPNetwork.Parse("198.51.100.0/24"), AddressKind.Reserved),  // documentation
        (IPNetwork.Parse("203.0.113.0/24"), AddressKind.Reserved),   // documentation
        (IPNetwork.Parse("224.0.0.0/4"), AddressKind.Reserved),      // multicast
        (IPNetwork.Parse("240.0.0.0/4"), AddressKind.Reserved),      // future use, broadcast
    ];

    private static readonly (IPNetwork Network, AddressKind Kind)[] V6 =
    [
        (IPNetwork.Parse("::1/128"), AddressKind.Loopback),
        (IPNetwork.Parse("fd00:ec2::/32"), AddressKind.Reserved),    // AWS metadata lies inside fc00::/7
        (IPNetwork.Parse("fd20:ce::/32"), AddressKind.Reserved),     // and so does Google's
        (IPNetwork.Parse("fc00::/7"), AddressKind.Private),
        (IPNetwork.Parse("2001::/23"), AddressKind.Reserved),        // IETF protocols: Teredo, ORCHID, benchmarks
        (IPNetwork.Parse("2001:db8::/32"), AddressKind.Reserved),    // documentation
        (IPNetwork.Parse("2002::/16"), AddressKind.Reserved),        // 6to4 hides an IPv4 address
        (IPNetwork.Parse("3fff::/20"), AddressKind.Reserved),        // documentation
        (IPNetwork.Parse("2000::/3"), AddressKind.Public),           // the only global unicast space; all else (NAT64, fe80, ff00 …) is not
    ];

    /// <summary>Says what <paramref name="address"/> is. An IPv4-mapped address is what its IPv4 address is.</summary>
    public static AddressKind Classify(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => Find(V4, address, AddressKind.Public),
            // A scoped address is link-local whatever its bits say.
            AddressFamily.InterNetworkV6 when address.ScopeId == 0 => Find(V6, address, AddressKind.Reserved),
            _ => AddressKind.Reserved,
        };
    }

    /// <summary>Whether a user's URL may lead to <paramref name="address"/>.</summary>
    public static bool Allows(IPAddress address, bool allowPrivate) => Classify(address) switch
    {
        AddressKind.Public => true,
        AddressKind.Loopback or AddressKind.Private => allowPrivate,
        _ => false,
    };

    private static AddressKind Find((IPNetwork Network, AddressKind Kind)[] table, IPAddress address, AddressKind otherwise)
    {
        foreach (var (network, kind) in table)
        {
            if (network.Contains(address))
            {
                return kind;
            }
        }

        return otherwise;
    }
}
