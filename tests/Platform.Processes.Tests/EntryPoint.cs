namespace Platform.Processes.Tests;

/// <summary>Runs the tests, or, as <c>host PROGRAM ARGUMENTS…</c>, is a service that starts one child and waits to be killed.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["host", var confined, var program, .. var rest] => await HostAsync(confined == "confined", program, rest),
        _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
            await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, (_, _) => { }),
        _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
    };

    private static async Task<int> HostAsync(bool confined, string program, string[] arguments)
    {
        await using var runner = new TestRunner();
        await using var child = await runner.Runner.StartAsync(
            new ChildProcess(program, [.. arguments]) { Confinement = confined ? new Confinement() : null },
            CancellationToken.None);
        Console.WriteLine(child.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await child.Completion;
        return 0;
    }
}
