using System.Diagnostics;
using System.Text;

namespace Platform.Processes.Tests;

public sealed class ProcessRunnerTests : IAsyncDisposable
{
    private readonly TestRunner runner = new();

    public ValueTask DisposeAsync() => runner.DisposeAsync();

    [Fact]
    public async Task Hands_every_argument_on_as_it_is()
    {
        var (result, output) = await runner.ReadAsync(new ChildProcess("printf", "%s|", "a b", "$HOME", "'\"", "", "--", "ä\n"));

        Assert.True(result.Succeeded);
        Assert.Equal("a b|$HOME|'\"||--|ä\n|", output);
    }

    [Fact]
    public async Task Feeds_input_and_reads_output_larger_than_any_pipe()
    {
        var sent = new byte[5_000_001];
        Random.Shared.NextBytes(sent);
        var received = new MemoryStream();

        await runner.Runner.RunAsync(new ChildProcess("cat")
        {
            Input = async (stream, token) => await stream.WriteAsync(sent, token),
            Output = async (stream, token) => await stream.CopyToAsync(received, token),
        }, CancellationToken.None);

        Assert.Equal(sent, received.ToArray());
    }

    [Fact]
    public async Task Forgives_a_child_that_wants_no_more_input()
    {
        var (result, output) = await runner.ReadAsync(new ChildProcess("head", "-c", "3") { Input = async (stream, token) => await stream.WriteAsync(new byte[10_000_000], token) });

        Assert.True(result.Succeeded);
        Assert.Equal(3, output.Length);
    }

    [Fact]
    public async Task Gives_the_exit_code_and_the_end_of_standard_error()
    {
        var lines = new List<string>();
        var result = await runner.Runner.RunAsync(TestRunner.Shell("echo one >&2; printf 'two' >&2; exit 7") with { OnErrorLine = lines.Add }, CancellationToken.None);

        Assert.Equal(7, result.ExitCode);
        Assert.Equal("one\ntwo", result.ErrorTail);
        Assert.Equal(["one", "two"], lines);
    }

    [Fact]
    public async Task Says_which_signal_ended_a_child()
    {
        var result = await runner.Runner.RunAsync(TestRunner.Shell("kill -SEGV $$"), CancellationToken.None);

        Assert.Equal(11, result.Signal);
    }

    [Fact]
    public async Task Keeps_64_KB_of_a_gigabyte_of_errors()
    {
        var result = await runner.Runner.RunAsync(TestRunner.Shell("head -c 300000000 /dev/zero >&2; echo the end >&2"), CancellationToken.None);

        Assert.Equal(64 * 1024, Encoding.UTF8.GetByteCount(result.ErrorTail));
        Assert.EndsWith("the end\n", result.ErrorTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passes_on_nothing_of_its_own_environment()
    {
        Environment.SetEnvironmentVariable("PLATFORM_TEST_SECRET", "s3cret");
        var (_, output) = await runner.ReadAsync(new ChildProcess("env") { Environment = new Dictionary<string, string> { ["MINE"] = "yes" }, WorkingDirectory = "/tmp" });

        var names = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]).Order();
        Assert.Equal(["HOME", "LANG", "MINE", "PATH", "PLATFORM_CHILD", "TZ"], names);
    }

    [Fact]
    public async Task Passes_on_no_open_handle()
    {
        using var inheritable = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out, HandleInheritability.Inheritable);
        var (_, output) = await runner.ReadAsync(TestRunner.Shell("echo /proc/self/fd/*"));

        // 3 is the folder that bash itself reads
        Assert.Equal("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3", output.Trim());
    }

    [Fact]
    public async Task Says_that_a_program_is_missing()
    {
        var e = await Assert.ThrowsAsync<ChildException>(() => runner.Runner.RunAsync(new ChildProcess("no-such-program"), CancellationToken.None));

        Assert.Equal(ChildFailure.NotStarted, e.Reason);
    }

    [Fact]
    public async Task Throws_what_a_reader_throws_after_the_child_is_dead()
    {
        var seconds = TestRunner.Unique();
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => runner.Runner.RunAsync(
            TestRunner.Shell($"echo x; exec sleep {seconds}") with { Output = (_, _) => throw new InvalidDataException("not what I read") },
            CancellationToken.None));

        Assert.Equal("not what I read", e.Message);
        Assert.Empty(TestRunner.Alive(seconds));
    }

    [Fact]
    public async Task Ends_the_feeder_of_a_child_that_is_gone()
    {
        var result = await runner.Runner.RunAsync(
            new ChildProcess("true") { Input = (_, token) => Task.Delay(Timeout.Infinite, token) }, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task Lives_on_when_the_thread_that_asked_for_it_ends()
    {
        IRunningChild? child = null;
        var thread = new Thread(() => child = runner.Runner.StartAsync(TestRunner.Shell("read -t 1 <> <(:); exit 5"), CancellationToken.None).GetAwaiter().GetResult());
        thread.Start();
        thread.Join();

        Assert.Equal(5, (await child!.Completion).ExitCode);
    }

    [Fact]
    public async Task Runs_many_at_once()
    {
        var clock = Stopwatch.StartNew();
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => runner.ReadAsync(TestRunner.Shell($"echo {i}"))));

        Assert.Equal(Enumerable.Range(0, 40), results.Select(r => int.Parse(r.Output, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }
}
