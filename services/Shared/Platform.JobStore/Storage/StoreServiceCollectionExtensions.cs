using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.JobStore.Jobs;
using Platform.JobStore.Outbox;

namespace Platform.JobStore.Storage;

public static class StoreServiceCollectionExtensions
{
    /// <summary>Adds <see cref="JobDbContext"/> (scoped) on the database that <c>ConnectionStrings:Platform</c> names.</summary>
    public static IServiceCollection AddJobStore(this IServiceCollection services) =>
        services.AddStore<JobDbContext, PostgresJobDbContext, SqliteJobDbContext>(JobDbContext.Schema);

    /// <summary>
    /// Adds <typeparamref name="TContext"/> (scoped) on the database that <c>ConnectionStrings:Platform</c> names, and its migrations to
    /// <see cref="IStoreMigrator"/>, with a readiness check <c>database</c>. The connection string is read when first needed, so tests may still replace it. Several calls for one context
    /// are one, for services that share a process.
    /// </summary>
    /// <typeparam name="TContext">What the code asks for; knows the model.</typeparam>
    /// <typeparam name="TPostgres">Empty subclass that PostgreSQL's migrations are filed under.</typeparam>
    /// <typeparam name="TSqlite">Empty subclass that SQLite's migrations are filed under.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="schema">The context's schema, which also holds its migration history.</param>
    public static IServiceCollection AddStore<TContext, TPostgres, TSqlite>(this IServiceCollection services, string schema)
        where TContext : StoreDbContext
        where TPostgres : TContext
        where TSqlite : TContext
    {
        if (services.Any(service => service.ServiceType == typeof(TContext)))
        {
            return services;
        }

        if (!services.Any(service => service.ServiceType == typeof(StoreConnection)))
        {
            services.AddHealthChecks().AddCheck<DatabaseHealth>("database", timeout: TimeSpan.FromSeconds(5));     // one database, however many contexts
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => StoreConnection.From(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton(OpenPool);
        services.TryAddSingleton<OutboxSignal<TContext>>();
        services.TryAddSingleton<IStoreMigrator, StoreMigrator>();

        services.AddDbContext<TPostgres>((provider, options) => options
            .UsePostgres(provider.GetRequiredService<NpgsqlDataSource>(), schema)
            .AddInterceptors(new OutboxCommitInterceptor(provider.GetRequiredService<OutboxSignal<TContext>>())));
        services.AddDbContext<TSqlite>((provider, options) => options
            .UseSqlite(provider.GetRequiredService<StoreConnection>().ConnectionString, schema)
            .AddInterceptors(new OutboxCommitInterceptor(provider.GetRequiredService<OutboxSignal<TContext>>())));
        services.AddScoped<TContext>(provider =>
        {
            if (!provider.GetRequiredService<StoreConnection>().IsSqlite)
            {
                return provider.GetRequiredService<TPostgres>();
            }

            var db = provider.GetRequiredService<TSqlite>();
            db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;      // also for one statement: in turn, not polling
            return db;
        });
        services.AddSingleton(new StoreContext(schema, typeof(TContext)));
        return services;
    }

    internal static DbContextOptionsBuilder UsePostgres(this DbContextOptionsBuilder options, NpgsqlDataSource database, string schema) =>
        options.UseNpgsql(database, npgsql => npgsql.MigrationsHistoryTable("migration", schema))
            .AddInterceptors(new LostConnections(database))
            .LeaveErrorsToCallers();

    internal static DbContextOptionsBuilder UseSqlite(this DbContextOptionsBuilder options, string connectionString, string schema)
    {
        SqliteLoader.UseNativeLibrary();
        return options.UseSqlite(connectionString, sqlite => sqlite.MigrationsHistoryTable($"{schema}_migration"))
            .AddInterceptors(Writer)
            .LeaveErrorsToCallers();
    }

    private static readonly SqliteWriter Writer = new();

    private static NpgsqlDataSource OpenPool(IServiceProvider provider) =>
        new NpgsqlDataSourceBuilder(provider.GetRequiredService<StoreConnection>().ConnectionString)
            .UseLoggerFactory(provider.GetService<ILoggerFactory>())
            .Build();

    /// <summary>EF Core would log each failure up to three times before whoever called sees it, and that one logs it once, where it stops.</summary>
    private static DbContextOptionsBuilder LeaveErrorsToCallers(this DbContextOptionsBuilder options) => options.ConfigureWarnings(warnings => warnings.Log(
        (RelationalEventId.ConnectionError, LogLevel.Debug),
        (RelationalEventId.CommandError, LogLevel.Debug),
        (RelationalEventId.TransactionError, LogLevel.Debug),
        (CoreEventId.QueryIterationFailed, LogLevel.Debug),
        (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
}
