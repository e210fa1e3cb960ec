using Platform.Contracts;

namespace Platform.Storage.Tests;

public sealed class PublishResultTests
{
    [Fact]
    public async Task Publishes_every_file_and_says_so()
    {
        await using var host = await StorageHost.StartAsync();
        var (film, thumbnail) = (await host.PutAsync(100_000), await host.PutAsync(100));
        var run = StorageHost.Run("publish");
        var message = new PublishResult { Run = run, Files = [new ResultFile("final.mp4", film), new ResultFile("thumbnail.png", thumbnail)] };

        await host.TellAsync(Queues.Publish, message);
        var completed = await host.AnswerAsync<StageCompleted>(run);

        Assert.Equal([film, thumbnail], completed.Outputs.Values.SelectMany(output => output.Artifacts));
        Assert.Equal(["final.mp4", "thumbnail.png"], completed.Outputs.Keys);
        foreach (var (name, artifact) in new[] { ("final.mp4", film), ("thumbnail.png", thumbnail) })
        {
            await using var stream = await host.Store.OpenResultAsync(StorageHost.Tenant, run.JobId, name, 0, null, default);
            Assert.Equal(artifact.Bytes, stream.Length);
        }
    }

    [Fact]
    public async Task Publishes_nothing_that_is_not_what_it_was()
    {
        await using var host = await StorageHost.StartAsync();
        var film = await host.PutAsync(100_000);
        await File.WriteAllBytesAsync(host.Path("store/" + StorageHost.Key(film)), new byte[100_000]);
        var run = StorageHost.Run("publish");

        await host.TellAsync(Queues.Publish, new PublishResult { Run = run, Files = [new ResultFile("final.mp4", film)] });
        var failed = await host.AnswerAsync<StageFailed>(run);

        Assert.Equal("storage.corrupt", failed.Failure.Code);
        Assert.Equal([StorageHost.Key(film)], await host.KeysAsync());
    }

    [Fact]
    public async Task Says_that_a_file_is_gone()
    {
        await using var host = await StorageHost.StartAsync();
        var film = await host.PutAsync();
        await host.Store.DeleteAsync(StorageHost.Key(film), default);
        var run = StorageHost.Run("publish");

        await host.TellAsync(Queues.Publish, new PublishResult { Run = run, Files = [new ResultFile("final.mp4", film)] });

        Assert.Equal("storage.missing", (await host.AnswerAsync<StageFailed>(run)).Failure.Code);
    }
}
