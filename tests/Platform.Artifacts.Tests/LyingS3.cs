using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Artifacts.Tests;

/// <summary>What an S3 server may do instead of what it says.</summary>
internal enum Lie
{
    None,

    /// <summary>503 SlowDown.</summary>
    Busy,

    /// <summary>200, and the object is not kept.</summary>
    Forgets,

    /// <summary>200, and half of the object is kept.</summary>
    KeepsHalf,

    /// <summary>200, and another content of the same length is kept, with the tag that is hoped for.</summary>
    KeepsNoise,

    /// <summary>200 with an error in the body.</summary>
    ErrorInside,

    /// <summary>The object is kept; its tag is wrong.</summary>
    WrongTag,

    /// <summary>The connection is reset in mid-body.</summary>
    Resets,
}

/// <summary>A small S3 server in memory that lies about the puts it is told to lie about.</summary>
internal sealed class LyingS3 : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<int, Lie> _lie;
    private readonly ConcurrentDictionary<string, (byte[] Content, string Tag)> _objects = new();
    private int _puts;

    private LyingS3(Func<int, Lie> lie)
    {
        _lie = lie;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Endpoint => _app.Urls.Single();

    public int Puts => _puts;

    public byte[]? Content(string key) => _objects.TryGetValue($"/lies/{key}", out var found) ? found.Content : null;

    public static async Task<LyingS3> StartAsync(Func<int, Lie> lie)
    {
        var server = new LyingS3(lie);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (context.Request.Query.ContainsKey("list-type"))
        {
            await context.Response.WriteAsync("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
        }
        else if (context.Request.Method == "PUT")
        {
            await PutAsync(context, path);
        }
        else if (_objects.TryGetValue(path, out var found))
        {
            context.Response.Headers.ETag = $"\"{found.Tag}\"";
            context.Response.ContentLength = found.Content.Length;
            if (context.Request.Method == "GET") await context.Response.Body.WriteAsync(found.Content);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

#pragma warning disable CA5351 // what S3 calls a tag
    private async Task PutAsync(HttpContext context, string path)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var content = body.ToArray();
        var tag = Convert.ToHexStringLower(MD5.HashData(content));
        switch (_lie(Interlocked.Increment(ref _puts)))
        {
            case Lie.Busy: context.Response.StatusCode = 503; return;
            case Lie.Resets: context.Abort(); return;
            case Lie.Forgets: break;
            case Lie.KeepsHalf: _objects[path] = (content[..(content.Length / 2)], tag); break;
            case Lie.KeepsNoise: _objects[path] = (RandomNumberGenerator.GetBytes(content.Length), "0123456789abcdef0123456789abcdef"); break;
            case Lie.ErrorInside: await context.Response.WriteAsync("<Error><Code>InternalError</Code></Error>"); return;
            case Lie.WrongTag: _objects[path] = (content, "0123456789abcdef0123456789abcdef"); break;
            default: _objects[path] = (content, tag); break;
        }
        context.Response.Headers.ETag = $"\"{tag}\"";
    }
#pragma warning restore CA5351
}
