using System.Diagnostics;

namespace Platform.TestSupport;

/// <summary>Programs that tests make and look at media with.</summary>
public static class Tools
{
    /// <summary>Runs a program; gives what it wrote to its standard output.</summary>
    /// <exception cref="InvalidOperationException">It failed: what it said.</exception>
    public static Task<byte[]> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, input: null);

    /// <summary>Runs a program; gives what it wrote to its standard output.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads on its standard input.</param>
    /// <param name="folder">Where it runs.</param>
    /// <exception cref="InvalidOperationException">It failed: what it said.</exception>
    public static async Task<byte[]> RunAsync(string program, string[] arguments, byte[]? input = null, string? folder = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder })!;
        var errors = process.StandardError.ReadToEndAsync();
        var writing = Task.Run(async () =>
        {
            await process.StandardInput.BaseStream.WriteAsync(input ?? []);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await writing;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{program} exited with {process.ExitCode}: {await errors}");
    }

    /// <summary>Whether a program is there to be run.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/local/bin").Any(folder => File.Exists(Path.Combine(folder, program)));
}
