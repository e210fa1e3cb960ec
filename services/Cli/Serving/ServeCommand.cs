using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.AllInOne;
using Platform.Cli.Operating;

namespace Platform.Cli.Serving;

/// <summary><c>serve</c>: API, dashboard and all services in one process.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var listen = new Option<string>("--listen") { Description = "Address and port.", DefaultValueFactory = _ => "127.0.0.1:8080" };
        var allowPrivate = new Option<bool>("--allow-private") { Description = "Let pages, files and webhooks lead to this machine and its network. Only when listening on loopback." };
        var command = new Command("serve", "Runs the API and every service in one process, durable in the data folder: unfinished jobs go on after a restart.") { listen, allowPrivate };
        command.SetAction((parsed, cancellation) => CommandException.GuardAsync(() => RunAsync(parsed.GetValue(listen)!, parsed.GetValue(allowPrivate), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(string listen, bool allowPrivate, CancellationToken cancellation)
    {
        if (!IPEndPoint.TryParse(listen, out var endpoint)) throw new CommandException(CommandLine.BadInput, $"--listen {listen}: must be an IP address and a port, such as 127.0.0.1:8080.");
        if (allowPrivate && !IPAddress.IsLoopback(endpoint.Address)) throw new CommandException(CommandLine.BadInput, "--allow-private needs an address on loopback: it would open this network to every caller.");
        using var single = SingleServer(CommandLine.Home);

        var keys = new KeyFile(CommandLine.Home);
        var made = keys.IsEmpty && IPAddress.IsLoopback(endpoint.Address) ? keys.Add("default", []) : null;
        if (keys.IsEmpty) throw new CommandException(CommandLine.BadInput, "Others can reach this address, and there is no key yet: make one with `./platform keys create`.");

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(keys.Settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Egress:AllowPrivate"] = allowPrivate ? "true" : "false",
            ["Egress:ForbiddenEndpoints:0"] = endpoint.ToString(),
        });
        builder.Configuration.AddEnvironmentVariables();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
        builder.AddPlatform(CommandLine.Home);

        var app = builder.Build();
        await app.MapPlatformAsync(cancellation);
        await app.StartAsync(cancellation);
        Console.WriteLine($"API   http://{endpoint}/v1   documentation http://{endpoint}/docs");
        Console.WriteLine(made is null ? "Key   as made before: ./platform keys list" : $"Key   {made}   (shown once; kept as a hash)");
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    // Two processes on one SQLite file and one in-memory bus each would work every job twice.
    private static FileStream SingleServer(string home)
    {
        Directory.CreateDirectory(home);
        try { return new FileStream(Path.Combine(home, "serve.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException) { throw new CommandException(CommandLine.Failed, $"Another `serve` works on {home}."); }
    }
}
