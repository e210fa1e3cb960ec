using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Platform.Artifacts.Tests;

public sealed class ArtifactOptionsTests
{
    [Theory]
    [InlineData("Folder=/tmp/a;S3:Endpoint=http://127.0.0.1:1;S3:Bucket=abc;S3:AccessKey=a;S3:SecretKey=b")]
    [InlineData("MaxBytes=5000000")]
    [InlineData("S3:Endpoint=http://127.0.0.1:1;S3:Bucket=abc;S3:AccessKey=a")]
    [InlineData("S3:Endpoint=nonsense;S3:Bucket=abc;S3:AccessKey=a;S3:SecretKey=b")]
    [InlineData("S3:Endpoint=http://127.0.0.1:1;S3:Bucket=../x;S3:AccessKey=a;S3:SecretKey=b")]
    [InlineData("Folder=/tmp/a;Unknown=1")]
    public void Refuses_to_start_with_what_cannot_work(string settings) =>
        Assert.ThrowsAny<Exception>(() => Build(settings).GetRequiredService<IOptions<ArtifactsOptions>>().Value);

    [Fact]
    public void Opens_the_store_that_is_configured()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;

        Assert.IsType<FolderArtifactStore>(Build($"Folder={folder}").GetRequiredService<IArtifactStore>());
        Assert.IsType<S3ArtifactStore>(Build("S3:Endpoint=http://127.0.0.1:1;S3:Bucket=abc;S3:AccessKey=a;S3:SecretKey=b").GetRequiredService<IArtifactMaintenance>());

        Directory.Delete(folder, recursive: true);
    }

    private static ServiceProvider Build(string settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Split(';').Select(pair => pair.Split('=', 2)).Select(pair => new KeyValuePair<string, string?>("Artifacts:" + pair[0], pair[1])))
            .Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddArtifacts().AddArtifacts().BuildServiceProvider();
    }
}
