using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Platform.Ffmpeg;
using Platform.Pictures;
using Platform.Render.Drawing;
using Platform.Render.Graphs;

namespace Platform.Render.Films;

/// <summary>Frames that we draw while ffmpeg reads them: through a named pipe in the workspace, each only when it is asked for.</summary>
internal sealed partial class FrameFeed(LayerDrawing drawing, Area area, ImmutableArray<int> changes, Surface surface, bool opaque, int fps)
{
    private const uint OwnerOnly = 0x180;      // 0600

    // Linux's F_SETPIPE_SZ, and the most that it grants to everybody: a frame then takes two turns of writing and reading, not twenty.
    private const int SetPipeSize = 1031, PipeBytes = 1 << 20;

    private volatile bool _stopped;
    private Task _writing = Task.CompletedTask;
    private string _path = "";

    /// <summary>Makes the pipe and begins to draw.</summary>
    public FfmpegInput Start(string path, CancellationToken cancellationToken)
    {
        _path = path;
        if (MakeFifo(path, OwnerOnly) != 0) throw new IOException($"mkfifo failed with {Marshal.GetLastPInvokeError()}");
        // A thread of its own: opening and writing block until ffmpeg reads, and the pool's threads are for the drawing itself.
        _writing = Task.Factory.StartNew(() => Write(path, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return new FfmpegInput(path)
        {
            Format = "rawvideo",
            Options = ["-pixel_format", Format, "-video_size", FormattableString.Invariant($"{area.Width}x{area.Height}"), "-framerate", FormattableString.Invariant($"{fps}")],
        };
    }

    /// <summary>Ends it when ffmpeg has ended, whether or not everything was read.</summary>
    /// <exception cref="Exception">What kept the frames from being drawn.</exception>
    public async Task EndAsync()
    {
        _stopped = true;
        if (!_writing.IsCompleted)
        {
            // Both ends in one hand: an open that waits for a reader returns, and so does a write that waits for room.
            using var pipe = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            var pump = Task.Factory.StartNew(() =>
            {
                var waste = new byte[1 << 16];
                while (!_writing.IsCompleted && pipe.Read(waste) > 0) { }
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pipe.WriteByte(0);
            await pump;
        }
        await drawing.DisposeAsync();
        await _writing;
    }

    private string Format => surface == Surface.Rgb ? "rgba" : opaque ? "yuv420p" : "yuva420p";

    private int Bytes => surface == Surface.Rgb ? area.Width * area.Height * 4 : opaque ? Packing.Yuv420Bytes(area.Width, area.Height) : Packing.Yuva420Bytes(area.Width, area.Height);

    private void Write(string path, CancellationToken cancellationToken)
    {
        var draw = Drawer();
        using var pipe = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        _ = Control(pipe.SafeFileHandle, SetPipeSize, PipeBytes);      // a smaller one is only slower
        try
        {
            foreach (var change in changes)
            {
                if (_stopped) return;
                cancellationToken.ThrowIfCancellationRequested();
                drawing.PrepareAsync(change, cancellationToken).AsTask().GetAwaiter().GetResult();
                pipe.Write(draw(change), 0, Bytes);
            }
        }
        catch (IOException) { }      // the reader is gone: ffmpeg has read what it needs, or says itself why it ended
    }

    private Func<int, byte[]> Drawer()
    {
        if (surface == Surface.Yuv && opaque && drawing.CameraAt(changes[0]) is not null) return Camera();
        var frame = new byte[Bytes];
        var picture = new Picture(area.Width, area.Height);
        return change =>
        {
            drawing.Draw(change, drawing.StrokesAt(change), picture, area.X, area.Y);
            if (surface == Surface.Rgb) Packing.ToRgba(picture, frame);
            else Packing.ToYuv420(picture, frame, withAlpha: !opaque);
            return frame;
        };
    }

    // A camera over one picture that fills everything: far cheaper on the film's own planes.
    private Func<int, byte[]> Camera()
    {
        var still = drawing.Still;
        PictureSize source = new(still.Width, still.Height), target = new(area.Width, area.Height);
        byte[] from = FrameSampler.Frame(source), to = FrameSampler.Frame(target);
        Packing.ToYuv420(still, from, withAlpha: false);
        var sampler = new FrameSampler(source, target);
        return change =>
        {
            sampler.Draw(from, to, drawing.CameraAt(change)!.Value);
            return to;
        };
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int value);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);
}
