using System.Buffers.Binary;
using System.Security.Cryptography;
using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Storage.Tests;

public sealed class FetchMediaTests
{
    [Fact]
    public async Task Brings_a_file_in_typed_by_what_it_is()
    {
        await using var host = await StorageHost.StartAsync();
        var content = RandomNumberGenerator.GetBytes(100_000);
        host.Internet.Answer = context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.Body.WriteAsync(content).AsTask();
        };
        host.Probe.Find = () => new MediaInfo("mp3", TimeSpan.FromSeconds(12.5), content.Length, [], [new AudioStream(0, "mp3", 2, 44100, "stereo")]);

        var completed = await FetchAsync<StageCompleted>(host, "http://media.example/bed.mp3?token=hunter2");

        var artifact = Assert.Single(completed.Outputs["media"].Artifacts);
        Assert.Equal(new Artifact
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            Bytes = content.Length,
            ContentType = "audio/mpeg",
            Media = new MediaFacts { Duration = 12.5, AudioCodec = "mp3" },
        }, artifact);
        Assert.True(await host.Store.ExistsAsync(StorageHost.Tenant, artifact.Sha256, default));
    }

    [Theory]
    [InlineData("http://inside.example/x.mp4", "fetch.address_blocked", FailureKind.Permanent)]
    [InlineData("http://127.0.0.1/x.mp4", "fetch.url_not_allowed", FailureKind.Permanent)]
    [InlineData("http://media.example/404", "fetch.not_found", FailureKind.Permanent)]
    [InlineData("http://media.example/403?Expires=5", "fetch.forbidden", FailureKind.Permanent)]
    [InlineData("http://media.example/503", "fetch.http_error", FailureKind.Transient)]
    [InlineData("http://media.example/large", "fetch.too_large", FailureKind.Permanent)]
    [InlineData("http://media.example/cut", "fetch.truncated", FailureKind.Transient)]
    [InlineData("http://media.example/noise", "media.unreadable", FailureKind.Permanent)]
    public async Task Says_why_a_file_cannot_be_had(string url, string code, FailureKind kind)
    {
        await using var host = await StorageHost.StartAsync();
        host.Internet.Answer = async context =>
        {
            var what = context.Request.Path.Value![1..];
            if (int.TryParse(what, out var status)) context.Response.StatusCode = status;
            else if (what is "large" or "cut")
            {
                context.Response.ContentLength = what == "large" ? 1_000_001 : 1000;
                await context.Response.Body.WriteAsync(new byte[10]);
                await context.Response.Body.FlushAsync();
                if (what == "cut") context.Abort();
                var hungUp = new TaskCompletionSource();
                await using (context.RequestAborted.Register(hungUp.SetResult)) await hungUp.Task;
            }
            else await context.Response.Body.WriteAsync(RandomNumberGenerator.GetBytes(1000));
        };

        var failed = await FetchAsync<StageFailed>(host, url);

        Assert.Equal((code, kind), (failed.Failure.Code, failed.Failure.Kind));
        Assert.DoesNotContain("Expires", failed.Failure.Detail, StringComparison.Ordinal);
        Assert.Empty(await host.KeysAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.Path("work")));
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task Looks_into_sound_pictures_and_captions_and_refuses_the_rest()
    {
        await using var host = await StorageHost.StartAsync(realProbe: true);
        host.Internet.Answer = context => context.Response.Body.WriteAsync(context.Request.Path.Value switch
        {
            "/tone" => Wave(seconds: 2),
            "/dot" => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="),
            "/said" => "1\r\n00:00:00,500 --> 00:00:01,500\r\nHello there\r\n"u8.ToArray(),
            "/list" => "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"u8.ToArray(),
            _ => RandomNumberGenerator.GetBytes(100_000),
        }).AsTask();

        var tone = (await FetchAsync<StageCompleted>(host, "http://media.example/tone")).Outputs["media"].Artifacts[0];
        var dot = (await FetchAsync<StageCompleted>(host, "http://media.example/dot")).Outputs["media"].Artifacts[0];
        var said = (await FetchAsync<StageCompleted>(host, "http://media.example/said")).Outputs["media"].Artifacts[0];
        var list = await FetchAsync<StageFailed>(host, "http://media.example/list");
        var noise = await FetchAsync<StageFailed>(host, "http://media.example/noise");

        Assert.Equal(("audio/wav", 2.0, "pcm_s16le"), (tone.ContentType, Math.Round(tone.Media!.Duration!.Value, 2), tone.Media.AudioCodec));
        Assert.Equal(("image/png", 1, 1, null), (dot.ContentType, dot.Media!.Width!.Value, dot.Media.Height!.Value, dot.Media.FrameRate));
        Assert.Equal(("application/x-subrip", null), (said.ContentType, said.Media));
        Assert.Equal("media.unsupported_container", list.Failure.Code);
        Assert.StartsWith("media.un", noise.Failure.Code, StringComparison.Ordinal);
        Assert.All([list, noise], failed => Assert.Equal(FailureKind.Permanent, failed.Failure.Kind));
    }

    private static async Task<T> FetchAsync<T>(StorageHost host, string url) where T : class
    {
        var run = StorageHost.Run("fetch");
        await host.TellAsync(Queues.Fetch, new FetchMedia { Run = run, Url = url, MaxBytes = 1_000_000 });
        return await host.AnswerAsync<T>(run);
    }

    private static byte[] Wave(int seconds)
    {
        var data = 16000 * 2 * seconds;
        var wave = new byte[44 + data];
        "RIFF"u8.CopyTo(wave);
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(4), 36 + data);
        "WAVEfmt "u8.CopyTo(wave.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wave.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wave.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(24), 16000);
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(28), 32000);
        BinaryPrimitives.WriteInt16LittleEndian(wave.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wave.AsSpan(34), 16);
        "data"u8.CopyTo(wave.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(40), data);
        return wave;
    }
}
