using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Ffmpeg.Tests;

/// <summary>The library as a service gets it, and a folder of films made for one test.</summary>
internal sealed class TestFfmpeg : IAsyncDisposable
{
    private readonly ServiceProvider provider;

    public TestFfmpeg(params (string Key, string Value)[] settings) => provider = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build())
        .AddFfmpeg()
        .BuildServiceProvider();

    public string Folder { get; } = Directory.CreateTempSubdirectory("ffmpeg-tests-").FullName;

    public IFfmpeg Ffmpeg => provider.GetRequiredService<IFfmpeg>();

    public IMediaProbe Probe => provider.GetRequiredService<IMediaProbe>();

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Makes a file with ffmpeg itself, whatever it is.</summary>
    public async Task<string> MakeAsync(string name, string arguments)
    {
        var path = PathOf(name);
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments.Split(' '), path]) { RedirectStandardError = true, WorkingDirectory = Folder })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
        return path;
    }

    public async Task<string> WriteAsync(string name, byte[] content)
    {
        await File.WriteAllBytesAsync(PathOf(name), content);
        return PathOf(name);
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
