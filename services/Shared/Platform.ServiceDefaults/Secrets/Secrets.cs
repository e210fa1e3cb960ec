using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>Secrets that are stored encrypted: one key ring for all processes that share them.</summary>
public static class Secrets
{
    private const string ApplicationName = "platform";

    /// <summary>Adds Data Protection on the folder that <see cref="SecretsOptions"/> names, <see cref="WebhookSecrets"/> and <see cref="StageSecrets"/>. Several calls count as one.</summary>
    public static void AddSecrets(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(WebhookSecrets))) return;
        services.AddOptions<SecretsOptions, SecretsOptionsValidator>(SecretsOptions.Section);
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, KeyRingStart>());      // before Data Protection's own start, which knows no lock
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<SecretsOptions>, ILoggerFactory>((keys, secrets, logs) =>
            keys.XmlRepository = new FileSystemXmlRepository(Create(secrets.Value.Folder), logs));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<StageSecrets>();

        // It warns at each new key that keys lie in the folder unencrypted: the folder's mode guards them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
    }

    internal static DirectoryInfo Create(string folder) =>
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
