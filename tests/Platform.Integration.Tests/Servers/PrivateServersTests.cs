using Amazon.Runtime;
using Amazon.S3;
using Npgsql;

namespace Platform.Integration.Tests.Servers;

/// <summary>The servers that <c>up</c> starts: nothing acknowledged is lost by a kill, and nothing stays behind.</summary>
[Trait("Category", "Integration")]
public sealed class PrivateServersTests
{
    [Fact]
    public async Task The_database_keeps_what_it_committed_through_a_kill()
    {
        await using var server = await PrivateServer.StartAsync("postgres");
        await using var source = NpgsqlDataSource.Create(ConnectionString(server));
        await ExecuteAsync(source, "CREATE TABLE kept (n int)");
        for (var n = 0; n < 50; n++) await ExecuteAsync(source, $"INSERT INTO kept VALUES ({n})");

        await server.KillAsync();
        await server.StartAsync();

        await using var again = NpgsqlDataSource.Create(ConnectionString(server) + ";Pooling=false");
        await using var count = again.CreateCommand("SELECT count(*) FROM kept");
        Assert.Equal(50L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_object_store_keeps_what_it_acknowledged_through_a_kill()
    {
        await using var server = await PrivateServer.StartAsync("ceph");
        var content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        using (var store = Store(server)) await store.PutObjectAsync(new() { BucketName = "platform", Key = "kept", InputStream = new MemoryStream(content) }, TestContext.Current.CancellationToken);

        await server.KillAsync();
        await server.StartAsync();

        using var again = Store(server);
        using var answer = await again.GetObjectAsync("platform", "kept", TestContext.Current.CancellationToken);
        using var read = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(read, TestContext.Current.CancellationToken);
        Assert.Equal(content, read.ToArray());
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("rabbitmq")]
    [InlineData("ceph")]
    public async Task A_stopped_server_leaves_no_process_and_starts_again_at_the_same_address(string kind)
    {
        await using var server = await PrivateServer.StartAsync(kind);
        var addresses = server.Addresses;
        Assert.NotEmpty(server.Processes());

        await server.StopAsync();
        Assert.Empty(server.Processes());

        await server.StartAsync();
        Assert.Equal(addresses, server.Addresses);
    }

    private static string ConnectionString(PrivateServer server)
    {
        var url = new Uri(server.Addresses[0]);
        return $"Host={url.Host};Port={url.Port};Username=platform;Password={url.UserInfo.Split(':')[1]};Database=platform";
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static AmazonS3Client Store(PrivateServer server) => new(server.Addresses[1], server.Addresses[2], new AmazonS3Config
    {
        ServiceURL = server.Addresses[0],
        AuthenticationRegion = "us-east-1",
        ForcePathStyle = true,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });
}
