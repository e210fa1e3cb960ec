using System.Runtime.InteropServices;

namespace Platform.Processes;

/// <summary>The few system calls that .NET has no method for.</summary>
internal static partial class Native
{
    public const int Kill = 9;
    public const int Terminate = 15;

    private const uint CloseOnExec = 4; // CLOSE_RANGE_CLOEXEC, linux/close_range.h
    private const int SetPipeSize = 1031; // F_SETPIPE_SZ, linux/fcntl.h

    public static uint EffectiveUser => GetEffectiveUser();

    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    public static void Send(int process, int signal) => _ = SendSignal(process, signal);

    /// <summary>Marks every open handle of this process as one that no child inherits.</summary>
    public static void KeepHandlesFromChildren() => _ = CloseRange(3, uint.MaxValue, CloseOnExec);

    /// <summary>Asks for a larger pipe, which saves switches between the two ends; the kernel may refuse, and the pipe works on.</summary>
    public static void EnlargePipe(SafeHandle pipe)
    {
        const int wanted = 1 << 20; // what an unprivileged process may have: /proc/sys/fs/pipe-max-size
        _ = Control(pipe, SetPipeSize, wanted);
    }

    /// <summary>Changes the owner of a path; of a link itself, never of what it points at.</summary>
    /// <exception cref="UnauthorizedAccessException">This process may not.</exception>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (ChangeOwnerOfLink(path, user, group) != 0)
        {
            throw new UnauthorizedAccessException($"{path} could not be given to user {user}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "close_range", SetLastError = true)]
    private static partial int CloseRange(uint first, uint last, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle handle, int command, int value);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwnerOfLink(string path, uint user, uint group);
}
