namespace Platform.Processes.Tests;

public sealed class LaunchLineTests
{
    private static readonly LaunchFacts Facts = new((65534, 65534), true, [("bin", "usr/bin"), ("lib", null)]);

    [Fact]
    public void Puts_session_death_signal_and_nothing_else_around_a_plain_child() => Assert.Equal(
        "/usr/bin/setsid /usr/bin/prlimit --core=0 /usr/bin/setpriv --pdeathsig KILL -- /usr/bin/ffmpeg -version",
        string.Join(' ', LaunchLine.For(new ChildProcess("ffmpeg", "-version"), "/usr/bin/ffmpeg", Facts)));

    [Fact]
    public void Puts_limits_user_and_sandbox_in_that_order() => Assert.Equal(
        "/usr/bin/setsid /usr/bin/prlimit --core=0 --data=1000000 --fsize=2000 --cpu=15 /usr/bin/setpriv --pdeathsig KILL --reuid=65534 --regid=65534 --clear-groups -- "
        + "/usr/bin/bwrap --unshare-all --unshare-user --disable-userns --die-with-parent --cap-drop ALL --ro-bind /usr /usr --symlink usr/bin /bin --ro-bind /lib /lib "
        + "--ro-bind-try /etc/alternatives /etc/alternatives --ro-bind-try /etc/ld.so.cache /etc/ld.so.cache --ro-bind-try /etc/fonts /etc/fonts "
        + "--proc /proc --dev /dev --tmpfs /tmp --bind /work /work --ro-bind /work/in /work/in --ro-bind /opt/whisper-cli /opt/whisper-cli --chdir /work -- /opt/whisper-cli x",
        string.Join(' ', LaunchLine.For(
            new ChildProcess("whisper-cli", "x")
            {
                WorkingDirectory = "/work",
                Unprivileged = true,
                Limits = new ChildLimits { MemoryBytes = 1_000_000, FileBytes = 2000, CpuTime = TimeSpan.FromSeconds(9.5) },
                Confinement = new Confinement { Readable = ["/work/in"], Writable = ["/work"] },
            },
            "/opt/whisper-cli",
            Facts)));

    [Fact]
    public void Leaves_the_sandbox_out_where_there_is_none() => Assert.Equal(
        "/usr/bin/setsid /usr/bin/prlimit --core=0 /usr/bin/setpriv --pdeathsig KILL -- /usr/bin/ffmpeg",
        string.Join(' ', LaunchLine.For(new ChildProcess("ffmpeg") { Confinement = new Confinement() }, "/usr/bin/ffmpeg", Facts with { Sandbox = false })));
}
