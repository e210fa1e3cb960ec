using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.AllInOne;
using Platform.JobStore.Storage;
using Platform.Storage.Expiry;

namespace Platform.Cli.Operating;

/// <summary><c>prune</c>: removes from the artifact store, now, what nobody needs any more.</summary>
internal static class PruneCommand
{
    public static Command Create()
    {
        var command = new Command("prune", "Removes files that no job needs any more, and brings a folder store under its limit.");
        command.SetAction(async (_, cancellation) =>
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.AddPlatform(CommandLine.Home);
            await using var app = builder.Build();
            await app.Services.GetRequiredService<IStoreMigrator>().MigrateAsync(cancellation);
            var expired = await app.Services.GetRequiredService<IExpiry>().SweepAsync(cancellation);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Removed {expired.Artifacts} files, {expired.Manifests} manifests, {expired.Partials} unfinished uploads: {expired.Bytes / 1e6:0.0} MB. {expired.BytesLeft / 1e6:0.0} MB are left."));
            return 0;
        });
        return command;
    }
}
