using System.IO.Pipes;

namespace Platform.Processes;

internal sealed partial class RunningChild
{
    /// <summary>Runs one pipe's reader or writer; what it throws ends the child, and is thrown again by <see cref="Completion"/>.</summary>
    private async Task PumpAsync(Func<Task> pump)
    {
        try
        {
            await pump();
        }
        catch (OperationCanceledException) when (pumping.IsCancellationRequested || feeding.IsCancellationRequested)
        {
            // the child has ended, for a reason that is known already
        }
#pragma warning disable CA1031 // the error is a caller's own; it is handed back to him, whole, by Judge
        catch (Exception e)
        {
            ending.TrySetResult(new Ending(Kind.Broken, Error: e));
        }
#pragma warning restore CA1031
    }

    private async Task ReadErrorsAsync()
    {
        var buffer = new byte[16 * 1024];
        await using var pipe = new PulseStream(process.StandardError.BaseStream, ownPulse);
        for (int read; (read = await pipe.ReadAsync(buffer, pumping.Token)) > 0;)
        {
            errors.Add(buffer.AsSpan(0, read));
        }

        errors.Finish();
    }

    private async Task ReadOutputAsync()
    {
        await using var pipe = new PulseStream(Enlarged(process.StandardOutput.BaseStream), ownPulse);
        await (child.Output is { } read ? read(pipe, pumping.Token) : pipe.CopyToAsync(Stream.Null, pumping.Token));
    }

    private async Task WriteInputAsync()
    {
        var pipe = new PulseStream(Enlarged(process.StandardInput.BaseStream), ownPulse);
        try
        {
            if (child.Input is { } write)
            {
                await write(pipe, feeding.Token);
            }

            await pipe.DisposeAsync();
        }
        catch (IOException) when (pipe.Broken)
        {
            // The child wants no more. Whether that is well, its exit code says.
            await pipe.DisposeAsync();
        }
    }

    private async Task ClosePipesAsync(Task pumps)
    {
        try
        {
            await pumps.WaitAsync(PipePatience, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // Someone who escaped the tree holds the other ends: closing ours is all that is left.
            process.StandardError.Dispose();
            process.StandardOutput.Dispose();
        }
    }

    private static Stream Enlarged(Stream stream)
    {
        if (stream is PipeStream pipe)
        {
            Native.EnlargePipe(pipe.SafePipeHandle);
        }

        return stream;
    }
}
