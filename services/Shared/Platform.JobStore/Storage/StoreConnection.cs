using System.Data.Common;
using Microsoft.Extensions.Configuration;

namespace Platform.JobStore.Storage;

/// <summary>Which database the platform keeps its state in: <c>ConnectionStrings:Platform</c>, an Npgsql string or SQLite's <c>Data Source=file</c>.</summary>
/// <param name="ConnectionString">As configured.</param>
/// <param name="IsSqlite">Whether it names an SQLite file; PostgreSQL otherwise.</param>
public sealed record StoreConnection(string ConnectionString, bool IsSqlite)
{
    /// <summary>Name of the connection string.</summary>
    public const string Name = "Platform";

    private static readonly string[] SqliteKeys = ["Data Source", "DataSource", "Filename"];

    /// <summary>Tells the kind of database by the keys of its connection string.</summary>
    /// <exception cref="InvalidOperationException">The string is missing or no connection string.</exception>
    public static StoreConnection From(IConfiguration configuration) =>
        configuration.GetConnectionString(Name) is { Length: > 0 } text
            ? Parse(text)
            : throw new InvalidOperationException($"ConnectionStrings:{Name} is missing: an Npgsql connection string, or 'Data Source=FILE' for SQLite.");

    /// <inheritdoc cref="From"/>
    public static StoreConnection Parse(string connectionString)
    {
        try
        {
            var keys = new DbConnectionStringBuilder { ConnectionString = connectionString };
            return new StoreConnection(connectionString, SqliteKeys.Any(keys.ContainsKey));
        }
        catch (ArgumentException)
        {
            throw new InvalidOperationException($"ConnectionStrings:{Name} is not a connection string.");   // the value may hold a password
        }
    }

    /// <summary>Without the value: it may hold a password.</summary>
    public override string ToString() => IsSqlite ? "SQLite" : "PostgreSQL";
}
