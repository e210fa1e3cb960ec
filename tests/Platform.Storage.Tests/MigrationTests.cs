using Microsoft.EntityFrameworkCore;
using Platform.Storage.Expiry;

namespace Platform.Storage.Tests;

public sealed class MigrationTests
{
    [Fact]
    public void Migrations_say_all_of_the_model()
    {
        using var postgres = new PostgresFilesDbContext.Design().CreateDbContext([]);
        using var sqlite = new SqliteFilesDbContext.Design().CreateDbContext([]);

        Assert.False(postgres.Database.HasPendingModelChanges(), "run: dotnet ef migrations add NAME --context PostgresFilesDbContext -o Migrations/Postgres");
        Assert.False(sqlite.Database.HasPendingModelChanges(), "run: dotnet ef migrations add NAME --context SqliteFilesDbContext -o Migrations/Sqlite");
    }
}
