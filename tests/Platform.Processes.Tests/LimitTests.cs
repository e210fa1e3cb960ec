namespace Platform.Processes.Tests;

public sealed class LimitTests : IAsyncDisposable
{
    private readonly TestRunner runner = new();
    private readonly string seconds = TestRunner.Unique();

    public ValueTask DisposeAsync() => runner.DisposeAsync();

    [Fact]
    public Task Wall_time() => EndsAsync(ChildFailure.TimedOut, $"while :; do echo; sleep 0.1; done; sleep {seconds}", new ChildLimits { WallTime = TimeSpan.FromSeconds(1) });

    [Fact]
    public Task Silence() => EndsAsync(ChildFailure.Stalled, $"echo once; sleep {seconds}", new ChildLimits { Silence = TimeSpan.FromSeconds(1) });

    [Fact]
    public Task Processor_time_of_the_whole_tree() =>
        EndsAsync(ChildFailure.CpuTime, $": {seconds}; (while :; do :; done) & (while :; do :; done) & wait", new ChildLimits { CpuTime = TimeSpan.FromSeconds(1) });

    [Fact]
    public Task Processes() => EndsAsync(ChildFailure.Processes, $"for i in 1 2 3 4 5 6 7 8; do sleep {seconds} & done; wait", new ChildLimits { Processes = 5 });

    [Fact]
    public Task Memory_of_the_whole_tree() => EndsAsync(
        ChildFailure.Memory,
        $"hold() {{ local x=$(head -c 20000000 /dev/zero | tr '\\0' x); sleep {seconds}; }}; for i in 1 2 3 4 5 6; do hold & done; wait",
        new ChildLimits { MemoryBytes = 90_000_000 });

    [Fact]
    public async Task Memory_of_one_process_before_it_is_used()
    {
        var (result, _) = await runner.ReadAsync(TestRunner.Shell("x=$(head -c 400000000 /dev/zero | tr '\\0' x); echo ${#x}") with { Limits = new ChildLimits { MemoryBytes = 100_000_000 } });

        Assert.False(result.Succeeded);
    }

    [Fact]
    public async Task Size_of_a_file()
    {
        var file = Path.GetTempFileName();
        await EndsAsync(ChildFailure.FileSize, $"exec head -c 5000000 /dev/zero > {file}", new ChildLimits { FileBytes = 1_000_000 });

        Assert.Equal(1_000_000, new FileInfo(file).Length);
        File.Delete(file);
    }

    [Fact]
    public async Task Only_a_heartbeat_counts_where_there_is_one()
    {
        var heart = new Heartbeat();
        await EndsAsync(ChildFailure.Stalled, $"while :; do echo; sleep 0.1; done; : {seconds}", new ChildLimits { Silence = TimeSpan.FromSeconds(1) }, heart);

        var beaten = TestRunner.Shell("for i in 1 2 3 4 5 6; do echo $i >&2; sleep 0.3; done") with
        {
            Limits = new ChildLimits { Silence = TimeSpan.FromSeconds(1) },
            Heartbeat = heart,
            OnErrorLine = _ => heart.Beat(),
        };
        Assert.True((await runner.Runner.RunAsync(beaten, CancellationToken.None)).Succeeded);
    }

    private async Task EndsAsync(ChildFailure reason, string script, ChildLimits limits, Heartbeat? heart = null)
    {
        var e = await Assert.ThrowsAsync<ChildException>(() => runner.Runner.RunAsync(TestRunner.Shell(script) with { Limits = limits, Heartbeat = heart }, CancellationToken.None));

        Assert.Equal(reason, e.Reason);
        Assert.Empty(TestRunner.Alive(seconds));
    }
}
