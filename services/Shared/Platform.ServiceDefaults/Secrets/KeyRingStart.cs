using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>
/// Makes the first key of an empty ring, one process at a time: two that start together would each make one of their own, and, as a ring is read again
/// only once a day, not understand each other's secrets until then.
/// </summary>
internal sealed class KeyRingStart(IDataProtectionProvider protection, IOptions<SecretsOptions> options, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var single = await TakeAsync(Path.Combine(Secrets.Create(options.Value.Folder).FullName, "starting"), cancellationToken);
        protection.CreateProtector("start").Protect([]);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The system closes the file, and so ends the lock, with its process.
    private async Task<FileStream> TakeAsync(string file, CancellationToken cancellationToken)
    {
        for (var patience = Patience; ; patience -= Retry)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (patience > TimeSpan.Zero)
            {
                await Task.Delay(Retry, time, cancellationToken);       // another process makes it
            }
        }
    }
}
