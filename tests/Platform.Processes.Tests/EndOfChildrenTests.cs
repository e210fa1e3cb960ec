using System.Diagnostics;

namespace Platform.Processes.Tests;

public sealed class EndOfChildrenTests : IAsyncDisposable
{
    private readonly TestRunner runner = new();
    private readonly string seconds = TestRunner.Unique();

    public ValueTask DisposeAsync() => runner.DisposeAsync();

    [Theory]
    [InlineData("plain", "sleep {0}")]
    [InlineData("plain", "trap '' TERM; sleep {0}; sleep {0}")]
    [InlineData("plain", "sleep {0} & sleep {0} & wait")]
    [InlineData("plain", "(setsid bash -c 'trap \"\" TERM; sleep {0}; sleep {0}' &); sleep {0}")]
    [InlineData("confined", "(setsid setsid -f env -u PLATFORM_CHILD bash -c 'trap \"\" TERM; sleep {0}; sleep {0}' &); sleep {0}")]
    public async Task A_cancel_ends_the_whole_tree_within_five_seconds(string sandbox, string script)
    {
        using var cancel = new CancellationTokenSource();
        var ready = new TaskCompletionSource();
        var run = runner.Runner.RunAsync(
            TestRunner.Shell("echo ready >&2; " + script.Replace("{0}", seconds, StringComparison.Ordinal)) with { OnErrorLine = _ => ready.TrySetResult(), Confinement = sandbox == "confined" ? new Confinement() : null },
            cancel.Token);
        await ready.Task;
        await UntilAsync(() => TestRunner.Alive($"sleep\0{seconds}").Count > 0);
        var clock = Stopwatch.StartNew();

        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Empty(TestRunner.Alive(seconds));
    }

    [Fact]
    public async Task A_cancel_lets_a_child_clean_up_first()
    {
        using var cancel = new CancellationTokenSource();
        var lines = new List<string>();
        var run = runner.Runner.RunAsync(
            TestRunner.Shell($"trap 'echo cleaned >&2; exit' TERM; echo ready >&2; sleep {seconds} & wait") with { OnErrorLine = line => { lines.Add(line); if (line == "ready") { cancel.Cancel(); } } },
            cancel.Token);

        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Equal(["ready", "cleaned"], lines);
    }

    [Fact]
    public async Task Killing_gives_the_signal_as_result()
    {
        await using var child = await runner.Runner.StartAsync(new ChildProcess("sleep", seconds), CancellationToken.None);
        await child.KillAsync();

        Assert.Equal(15, (await child.Completion).Signal);
        Assert.Empty(TestRunner.Alive(seconds));
    }

    [Fact]
    public async Task Nothing_outlives_a_child_that_ends_well()
    {
        var (result, _) = await runner.ReadAsync(TestRunner.Shell($"(setsid sleep {seconds} &) ; sleep {seconds} & exit 0"));

        Assert.True(result.Succeeded);
        Assert.Empty(TestRunner.Alive(seconds));
    }

    [Fact]
    public async Task Nothing_outlives_the_runner()
    {
        var other = new TestRunner();
        var child = await other.Runner.StartAsync(new ChildProcess("sleep", seconds), CancellationToken.None);
        await other.DisposeAsync();

        Assert.True(child.Completion.IsCompleted);
        Assert.Empty(TestRunner.Alive(seconds));
    }

    [Theory]
    [InlineData("plain", "sleep {0}")]
    [InlineData("plain", "trap '' TERM; sleep {0} & (setsid sleep {0} &); sleep {0}")]
    [InlineData("confined", "sleep {0} & sleep {0}")]
    public async Task Nothing_outlives_a_service_that_is_killed(string sandbox, string script)
    {
        using var host = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            [.. Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(EntryPoint).Assembly.Location] : Array.Empty<string>(),
                "host", sandbox, "/bin/bash", "-c", script.Replace("{0}", seconds, StringComparison.Ordinal)]) { RedirectStandardOutput = true })!;
        Assert.NotNull(await host.StandardOutput.ReadLineAsync());
        await UntilAsync(() => TestRunner.Alive($"sleep\0{seconds}").Count > 0);

        host.Kill(); // SIGKILL
        await host.WaitForExitAsync();

        await UntilAsync(() => TestRunner.Alive(seconds).Count == 0);
    }

    /// <summary>Looks until it is so; ten seconds are more than anything here takes.</summary>
    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
