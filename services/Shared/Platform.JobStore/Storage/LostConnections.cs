using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Platform.JobStore.Storage;

/// <summary>
/// One connection that broke in use says that the server was restarted: the idle ones are dead too, and each would fail one more request. So all go.
/// </summary>
internal sealed class LostConnections(NpgsqlDataSource database) : DbCommandInterceptor
{
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Look(command);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Look(command);
        return Task.CompletedTask;
    }

    private void Look(DbCommand command)
    {
        if (command.Connection is { State: not ConnectionState.Open })
        {
            database.Clear();
        }
    }
}
