namespace Platform.Processes.Tests;

public sealed class SandboxTests : IAsyncDisposable
{
    private readonly TestRunner runner = new();
    private readonly string workspace = Directory.CreateTempSubdirectory("workspace").FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(workspace, recursive: true);
        return runner.DisposeAsync();
    }

    [Fact]
    public async Task Shows_only_the_system_and_what_was_named()
    {
        SkipWithoutSandbox();
        var secret = Path.Combine(Path.GetTempPath(), $"neighbour-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(secret, "secret");
        await File.WriteAllTextAsync(Path.Combine(workspace, "in"), "mine");

        var (_, output) = await runner.ReadAsync(Confined($"cat {secret} /etc/passwd; cat in; ls /etc; ls /tmp; echo made > out; cat /proc/net/dev | wc -l", readable: [Path.Combine(workspace, "in")], writable: [workspace]));

        File.Delete(secret);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("passwd", output, StringComparison.Ordinal);
        Assert.Contains("mine", output, StringComparison.Ordinal);
        Assert.EndsWith("\n3\n", output, StringComparison.Ordinal); // two lines of headings and lo
        Assert.Equal("made\n", await File.ReadAllTextAsync(Path.Combine(workspace, "out")));
    }

    [Fact]
    public async Task Keeps_what_is_readable_from_being_written()
    {
        SkipWithoutSandbox();
        var (result, _) = await runner.ReadAsync(Confined("echo x > out", readable: [workspace], writable: []));

        Assert.False(result.Succeeded);
        Assert.Empty(Directory.GetFiles(workspace));
    }

    [Fact]
    public async Task Has_no_capabilities_and_cannot_get_any()
    {
        SkipWithoutSandbox();
        var (_, output) = await runner.ReadAsync(Confined("grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status; unshare -U true && echo nested", [], []));

        Assert.Equal("CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\n", output);
    }

    [Fact]
    public async Task Runs_without_where_there_is_none()
    {
        await using var without = new TestRunner(("Sandbox", "false"));

        Assert.False(without.Sandbox.Available);
        Assert.NotNull(without.Sandbox.Problem);
        Assert.True((await without.Runner.RunAsync(Confined("cat /etc/passwd", [], []), CancellationToken.None)).Succeeded);
    }

    [Fact]
    public async Task Gives_a_folder_to_the_unprivileged_user_and_runs_as_it()
    {
        Assert.SkipWhen(runner.User.Name is null, "only root has another user to run children as");
        File.SetUnixFileMode(workspace, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        runner.User.Give(workspace);

        foreach (var confinement in (Confinement?[])[null, new Confinement { Writable = [workspace] }])
        {
            var (result, output) = await runner.ReadAsync(TestRunner.Shell("id -u; grep CapEff /proc/self/status; echo x > out") with
            {
                WorkingDirectory = workspace,
                Unprivileged = true,
                Confinement = confinement,
            });

            Assert.True(result.Succeeded, result.ErrorTail);
            Assert.DoesNotContain("0\n0", output, StringComparison.Ordinal);
            Assert.EndsWith("CapEff:\t0000000000000000\n", output, StringComparison.Ordinal);
            Assert.False(output.StartsWith("0\n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Says_which_folder_is_closed_to_the_unprivileged_user()
    {
        Assert.SkipWhen(runner.User.Name is null, "only root has another user to run children as");
        File.SetUnixFileMode(workspace, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var inner = Directory.CreateDirectory(Path.Combine(workspace, "inner")).FullName;

        var e = Assert.Throws<InvalidOperationException>(() => runner.User.Give(inner));
        Assert.Contains(workspace, e.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    private ChildProcess Confined(string script, string[] readable, string[] writable) => TestRunner.Shell(script) with
    {
        WorkingDirectory = readable.Length + writable.Length > 0 ? workspace : null,
        Confinement = new Confinement { Readable = [.. readable], Writable = [.. writable] },
    };

    private void SkipWithoutSandbox() => Assert.SkipWhen(!runner.Sandbox.Available, runner.Sandbox.Problem ?? "");
}
