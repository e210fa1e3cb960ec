using System.CommandLine;
using Platform.Cli.Making;
using Platform.Cli.Operating;
using Platform.Cli.Serving;
using Platform.Cli.Templates;

var root = new RootCommand("Turns a request - a graph of stages - into a finished video.")
{
    MakeCommand.Create(),
    LintCommand.Create(),
    GoldenCommand.Create(),
    ServeCommand.Create(),
    MigrateCommand.Create(),
    PruneCommand.Create(),
    KeysCommand.Create(),
    QueuesCommand.Create(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
