using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Platform.EndToEnd.Tests;

/// <summary>A finished film, looked at by ffprobe and ffmpeg and by its bytes.</summary>
internal sealed class Film(string path)
{
    /// <summary>Facts of the first stream of a kind: <c>v</c> or <c>a</c>.</summary>
    public async Task<JsonElement> StreamAsync(string kind)
    {
        var json = await ToolAsync("ffprobe", "-v", "error", "-count_frames", "-select_streams", $"{kind}:0", "-show_streams", "-of", "json", path);
        return JsonElement.Parse(json).GetProperty("streams")[0];
    }

    public async Task<double> DurationAsync() =>
        double.Parse(await ToolAsync("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path), CultureInfo.InvariantCulture);

    /// <summary>Hashes of the decoded frames.</summary>
    public async Task<string[]> FrameHashesAsync() =>
        [.. (await ToolAsync("ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-f", "framemd5", "-")).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')[^1].Trim())];

    /// <summary>Difference between the dark and the light tenth of a frame's luma, 0 to 255: nothing in the picture gives next to nothing.</summary>
    public async Task<double> SpreadAsync(double second)
    {
        var text = await ToolAsync("ffmpeg", "-v", "error", "-ss", second.ToString(CultureInfo.InvariantCulture), "-i", path, "-frames:v", "1",
            "-vf", "signalstats,metadata=print:key=lavfi.signalstats.YHIGH:file=-,metadata=print:key=lavfi.signalstats.YLOW:file=-", "-f", "null", "-");
        var values = text.Split('\n').Where(line => line.Contains('=')).Where(line => line.Contains("signalstats", StringComparison.Ordinal))
            .GroupBy(line => line.Split('=')[0]).ToDictionary(lines => lines.Key, lines => double.Parse(lines.First().Split('=')[1], CultureInfo.InvariantCulture));
        return values["lavfi.signalstats.YHIGH"] - values["lavfi.signalstats.YLOW"];
    }

    /// <summary>Names of the file's top-level boxes, in order.</summary>
    public List<string> Boxes()
    {
        var names = new List<string>();
        using var file = File.OpenRead(path);
        var header = new byte[16];
        while (file.Position < file.Length)
        {
            var start = file.Position;
            file.ReadExactly(header, 0, 16);
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 1) size = BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(8));
            names.Add(Encoding.ASCII.GetString(header, 4, 4));
            if (size < 8) break;
            file.Position = start + size;
        }
        return names;
    }

    internal static async Task<string> ToolAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{tool}: {await errors}");
    }
}
