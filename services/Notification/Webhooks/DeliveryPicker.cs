namespace Platform.Notification.Webhooks;

/// <summary>A delivery that is due.</summary>
internal sealed record DueDelivery(Guid Id, string Url, string Tenant);

/// <summary>Deliveries under way to one URL for one tenant.</summary>
internal sealed record UnderWay(string Url, string Tenant, int Count);

/// <summary>Chooses who goes next, so that nobody's slow endpoint is in the way of others. Pure.</summary>
/// <param name="maxPerUrl">Under way to one URL.</param>
/// <param name="maxPerTenant">Under way for one tenant.</param>
internal sealed class DeliveryPicker(int maxPerUrl, int maxPerTenant)
{
    private readonly Dictionary<string, int> _urls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tenants = new(StringComparer.Ordinal);

    /// <summary>URLs that get no more for now.</summary>
    public IReadOnlyList<string> FullUrls => [.. _urls.Where(url => url.Value >= maxPerUrl).Select(url => url.Key)];

    /// <summary>Tenants that get no more for now.</summary>
    public IReadOnlyList<string> FullTenants => [.. _tenants.Where(tenant => tenant.Value >= maxPerTenant).Select(tenant => tenant.Key)];

    /// <summary>Counts what is under way.</summary>
    public void Count(UnderWay underWay)
    {
        _urls[underWay.Url] = _urls.GetValueOrDefault(underWay.Url) + underWay.Count;
        _tenants[underWay.Tenant] = _tenants.GetValueOrDefault(underWay.Tenant) + underWay.Count;
    }

    /// <summary>Picks from those that are due, in their order, and counts them.</summary>
    /// <param name="due">In the order of their time.</param>
    /// <param name="room">How many at most.</param>
    public IReadOnlyList<Guid> Pick(IEnumerable<DueDelivery> due, int room)
    {
        var picked = new List<Guid>();
        foreach (var delivery in due)
        {
            if (picked.Count == room) break;
            if (_urls.GetValueOrDefault(delivery.Url) >= maxPerUrl || _tenants.GetValueOrDefault(delivery.Tenant) >= maxPerTenant) continue;
            Count(new UnderWay(delivery.Url, delivery.Tenant, 1));
            picked.Add(delivery.Id);
        }
        return picked;
    }
}
