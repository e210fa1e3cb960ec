using System.Diagnostics;
using System.Runtime.CompilerServices;
using Npgsql;
using Platform.JobStore.Tests.Support;

[assembly: AssemblyFixture(typeof(Servers))]

namespace Platform.JobStore.Tests.Support;

/// <summary>
/// A real PostgreSQL and RabbitMQ: those that PLATFORM_TEST_POSTGRES (a connection string) and PLATFORM_TEST_RABBITMQ (amqp://…) name, else private ones that
/// go with the tests. Without them and without their packages, tests that need them are skipped with that reason.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"platform-jobstore-{Environment.ProcessId}");
    private readonly Lazy<Task<string>> _postgres;
    private readonly Lazy<Task<Uri>> _rabbit;

    public Servers()
    {
        _postgres = new(StartPostgresAsync);
        _rabbit = new(StartRabbitAsync);
    }

    public Task<Uri> RabbitAsync() => _rabbit.Value;

    /// <summary>A new empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        var server = await _postgres.Value;
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 40 }.ConnectionString;
    }

    public async Task DropDatabaseAsync(string database)
    {
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await using var connection = new NpgsqlConnection(await _postgres.Value);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"DROP DATABASE {name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_folder)) return;
        foreach (var server in new[] { "postgres", "rabbitmq" }) await RunAsync(server, "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> StartPostgresAsync()
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_TEST_POSTGRES") is { Length: > 0 } given) return given;
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "needs PLATFORM_TEST_POSTGRES or the package postgresql-15");
        var uri = new Uri(await RunAsync("postgres", "start"));
        var user = uri.UserInfo.Split(':');
        return $"Host={uri.Host};Port={uri.Port};Username={user[0]};Password={user[1]};Database={uri.AbsolutePath.Trim('/')}";
    }

    private async Task<Uri> StartRabbitAsync()
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_TEST_RABBITMQ") is { Length: > 0 } given) return new Uri(given);
        Assert.SkipUnless(Directory.Exists("/usr/lib/rabbitmq"), "needs PLATFORM_TEST_RABBITMQ or the package rabbitmq-server");
        return new Uri((await RunAsync("rabbitmq", "start")).Split(' ')[0]);
    }

    private async Task<string> RunAsync(string server, string verb)
    {
        Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("bash", [Path.Combine(Repository(), "deploy", "servers", $"{server}.sh"), verb, Path.Combine(_folder, server)])
            {
                RedirectStandardOutput = true,
            },
        };
        process.Start();
        var line = await process.StandardOutput.ReadLineAsync();     // the server inherits the pipe, so its end never comes
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? line?.Trim() ?? "" : throw new InvalidOperationException($"{server} did not {verb}: exit code {process.ExitCode}");
    }

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
