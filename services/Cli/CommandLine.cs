namespace Platform.Cli;

/// <summary>What every command shares.</summary>
internal static class CommandLine
{
    /// <summary>The document or the arguments are wrong.</summary>
    public const int BadInput = 2;

    /// <summary>The work failed.</summary>
    public const int Failed = 1;

    /// <summary>The folder that holds this installation's data.</summary>
    public static string Home => Path.GetFullPath(Environment.GetEnvironmentVariable("PLATFORM_HOME") is { Length: > 0 } home ? home : ".platform");
}

/// <summary>Ends a command with a message on standard error and an exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Runs a command's action; its failure is told, not thrown.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try { return await action(); }
        catch (CommandException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return e.ExitCode;
        }
    }
}
