using Platform.Notification.Webhooks;

namespace Platform.Notification.Tests;

public sealed class DeliveryPickerTests
{
    private static readonly IReadOnlyList<Guid> Ids = [.. Enumerable.Range(0, 10).Select(i => new Guid(i, 0, 0, new byte[8]))];

    [Fact]
    public void Picks_in_order_up_to_the_room_there_is()
    {
        var picker = new DeliveryPicker(2, 16);

        var picked = picker.Pick([Due(0, "a"), Due(1, "b"), Due(2, "c")], 2);

        Assert.Equal([Ids[0], Ids[1]], picked);
    }

    [Fact]
    public void Counts_what_is_under_way_to_a_url()
    {
        var picker = new DeliveryPicker(2, 16);
        picker.Count(new UnderWay("a", "t", 1));

        var picked = picker.Pick([Due(0, "a"), Due(1, "a"), Due(2, "b")], 10);

        Assert.Equal([Ids[0], Ids[2]], picked);
        Assert.Equal(["a"], picker.FullUrls);
    }

    [Fact]
    public void Leaves_room_for_other_tenants()
    {
        var picker = new DeliveryPicker(2, 3);
        picker.Count(new UnderWay("a", "greedy", 2));

        var picked = picker.Pick([Due(0, "b", "greedy"), Due(1, "c", "greedy"), Due(2, "d", "modest")], 10);

        Assert.Equal([Ids[0], Ids[2]], picked);
        Assert.Equal(["greedy"], picker.FullTenants);
    }

    private static DueDelivery Due(int id, string url, string tenant = "t") => new(Ids[id], url, tenant);
}
