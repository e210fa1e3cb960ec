using System.Collections.Concurrent;

namespace Platform.Processes;

/// <summary>
/// The one thread that starts every child. Parent-death signals follow the thread that started a process, not the process:
/// a child of a pool thread would be killed when the pool lets that thread go. This one lives as long as the service.
/// </summary>
internal static class LaunchThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static LaunchThread() => new Thread(Run) { IsBackground = true, Name = "children" }.Start();

    /// <summary>Runs a start on the thread and hands on what it returns or throws.</summary>
    public static Task<T> Run<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(start());
            }
#pragma warning disable CA1031 // handed on whole to whoever asked; the thread must live on, for every child dies with it
            catch (Exception e)
            {
                done.SetException(e);
            }
#pragma warning restore CA1031
        });
        return done.Task;
    }

    private static void Run()
    {
        foreach (var start in Work.GetConsumingEnumerable())
        {
            start();
        }
    }
}
