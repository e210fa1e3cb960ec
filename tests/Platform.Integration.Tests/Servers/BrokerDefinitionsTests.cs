using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Platform.Integration.Tests.Servers;

/// <summary>A broker that the tests of one class may kill.</summary>
public sealed class BrokerOfOurOwn : IAsyncLifetime
{
    internal PrivateServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await PrivateServer.StartAsync("rabbitmq");

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>The broker as <c>deploy/rabbitmq</c> describes it.</summary>
[Trait("Category", "Integration")]
public sealed class BrokerDefinitionsTests(BrokerOfOurOwn broker) : IClassFixture<BrokerOfOurOwn>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly PrivateServer _server = broker.Server;

    [Fact]
    public async Task Knows_its_users_and_no_guest()
    {
        using var operators = Management(_server);

        var users = await operators.GetFromJsonAsync<JsonElement>("api/users", Cancellation);
        Assert.Equal(["operator", "platform"], users.EnumerateArray().Select(user => user.GetProperty("name").GetString()!).Order());

        using var guest = Management(_server, "guest:guest");
        using var refused = await guest.GetAsync(new Uri("api/overview", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_queue_declared_without_a_net_drops_nothing_at_the_delivery_limit()
    {
        using var management = Management(_server);
        await DeclareAsync(management, "bare");
        await PublishAsync(management, "bare");

        for (var delivery = 0; delivery <= 20; delivery++) Assert.NotNull(await TakeAsync(management, "bare"));

        Assert.Null(await TakeAsync(management, "bare"));
        Assert.NotNull(await TakeAsync(management, "dead"));
    }

    [Fact]
    public async Task A_queue_declared_a_moment_before_a_kill_works_after_it()
    {
        using (var management = Management(_server)) await DeclareAsync(management, "young");

        await _server.KillAsync();
        await _server.StartAsync();

        using var again = Management(_server);
        await PublishAsync(again, "young");
        Assert.NotNull(await TakeAsync(again, "young"));
    }

    private static HttpClient Management(PrivateServer server, string? user = null)
    {
        var url = new Uri(server.Addresses[1]);
        var http = new HttpClient { BaseAddress = new Uri(url.GetLeftPart(UriPartial.Authority).Replace(url.UserInfo + "@", "", StringComparison.Ordinal)), Timeout = TimeSpan.FromSeconds(10) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user ?? url.UserInfo)));
        return http;
    }

    private static async Task DeclareAsync(HttpClient management, string queue)
    {
        using var answer = await management.PutAsJsonAsync($"api/queues/platform/{queue}", new { durable = true, arguments = new Dictionary<string, string> { ["x-queue-type"] = "quorum" } }, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task PublishAsync(HttpClient management, string queue)
    {
        var message = new { properties = new { delivery_mode = 2 }, routing_key = queue, payload = "hello", payload_encoding = "string" };
        using var answer = await management.PostAsJsonAsync("api/exchanges/platform/amq.default/publish", message, Cancellation);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("routed").GetBoolean());
    }

    // Takes a message and hands it back, as a consumer that dies does. Null: none was there.
    private static async Task<JsonElement?> TakeAsync(HttpClient management, string queue)
    {
        using var answer = await management.PostAsJsonAsync($"api/queues/platform/{queue}/get", new { count = 1, ackmode = "reject_requeue_true", encoding = "auto" }, Cancellation);
        answer.EnsureSuccessStatusCode();
        var messages = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return messages.GetArrayLength() == 0 ? null : messages[0];
    }
}
