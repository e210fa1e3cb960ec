using System.Security.Cryptography;

namespace Platform.Artifacts.Tests;

public sealed class LyingServerTests
{
    [Theory]
    [InlineData("Busy")]
    [InlineData("Forgets")]
    [InlineData("KeepsHalf")]
    [InlineData("KeepsNoise")]
    [InlineData("ErrorInside")]
    [InlineData("Resets")]
    public async Task Sends_again_what_did_not_arrive(string lie)
    {
        await using var server = await LyingS3.StartAsync(put => put == 1 ? Enum.Parse<Lie>(lie) : Lie.None);

        var (content, key) = await PutAsync(server);

        Assert.Equal(content, server.Content(key));
        Assert.Equal(2, server.Puts);
    }

    [Fact]
    public async Task Accepts_an_intact_object_with_another_tag()
    {
        await using var server = await LyingS3.StartAsync(_ => Lie.WrongTag);

        var (content, key) = await PutAsync(server);

        Assert.Equal(content, server.Content(key));
        Assert.Equal(1, server.Puts);
    }

    [Theory]
    [InlineData("Forgets", "storage.corrupt")]
    [InlineData("KeepsHalf", "storage.corrupt")]
    [InlineData("KeepsNoise", "storage.corrupt")]
    [InlineData("ErrorInside", "storage.corrupt")]
    public async Task Never_calls_a_lie_a_success(string lie, string code)
    {
        await using var server = await LyingS3.StartAsync(_ => Enum.Parse<Lie>(lie));

        var e = await Assert.ThrowsAsync<ArtifactStoreException>(() => PutAsync(server));

        Assert.Equal((code, true), (e.Code, e.Transient));
    }

    private static async Task<(byte[] Content, string Key)> PutAsync(LyingS3 server)
    {
        using var store = new S3ArtifactStore(
            new S3Session(new S3Options { Endpoint = server.Endpoint, AccessKey = "a", SecretKey = "b", Bucket = "lies", Timeout = TimeSpan.FromSeconds(30) }), TimeProvider.System);
        var content = RandomNumberGenerator.GetBytes(100_000);
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, content);
            var artifact = await store.PutAsync("t", path, "video/mp4", null, default);
            return (content, ArtifactKeys.Artifact("t", artifact.Sha256));
        }
        finally { File.Delete(path); }
    }
}
