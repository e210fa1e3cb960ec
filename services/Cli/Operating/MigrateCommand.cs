using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.AllInOne;
using Platform.JobStore.Storage;

namespace Platform.Cli.Operating;

/// <summary><c>migrate</c>: brings the database that <c>ConnectionStrings__Platform</c> names up to date; a step of its own before services start.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Brings the database up to date.");
        command.SetAction(async (_, cancellation) =>
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.AddPlatform(CommandLine.Home);
            await using var app = builder.Build();
            await app.Services.GetRequiredService<IStoreMigrator>().MigrateAsync(cancellation);
            return 0;
        });
        return command;
    }
}
