using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Platform.Browser;
using Platform.Cli.Api;
using Platform.Cli.Making;
using Platform.Pictures;

namespace Platform.Cli.Templates;

/// <summary><c>golden</c>: draws moments of templates and compares them with pictures that were kept.</summary>
internal static class GoldenCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("frames") { Description = "Which moments of which templates (JSON). Their pictures lie beside it." };
        var update = new Option<bool>("--update") { Description = "Keep what is drawn now." };
        var differences = new Option<string>("--differences") { Description = "Folder for what is drawn where it differs, and for pictures of the difference.", DefaultValueFactory = _ => "golden-differences" };
        var command = new Command("golden", "Draws moments of templates and compares them with the pictures that are kept beside the file. Exit code 1: some differ, or are not there; 2: something is wrong.") { file, update, differences };
        command.SetAction((parsed, cancellation) => CommandException.GuardAsync(() => RunAsync(parsed.GetValue(file)!, parsed.GetValue(update), parsed.GetValue(differences)!, Console.Out, cancellation)));
        return command;
    }

    /// <summary>Runs it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="update">Whether what is drawn is kept.</param>
    /// <param name="differences">Where differences go.</param>
    /// <param name="output">A line for every picture.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<int> RunAsync(string path, bool update, string differences, TextWriter output, CancellationToken cancellation)
    {
        var golden = GoldenFrames.Read(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var all = true;
        await using var host = await PrivateHost.StartAsync(CommandLine.Home, allowPrivate: false, LogLevel.Error, cancellation);
        foreach (var frame in golden.Frames)
            try
            {
                var set = await TemplateOnStage.SetAsync(host.Api, frame.Template, frame.Input is { } input ? JsonObject.Create(input) : null, folder, cancellation);
                foreach (var second in frame.At)
                {
                    var (name, drawn) = (frame.Picture(second), Narrowed(PngPicture.Decode(await host.Api.PreviewAsync(set.Name, set.Input, second, cancellation)), golden.Width));
                    if (update) await File.WriteAllBytesAsync(Path.Combine(folder, name), drawn.Encode(), cancellation);
                    var (same, found) = update ? (true, "kept") : await JudgeAsync(golden, Path.Combine(folder, name), drawn, differences, cancellation);
                    await output.WriteLineAsync($"{name}: {found}");
                    all &= same;
                }
            }
            catch (ApiException e) { throw new CommandException(CommandLine.BadInput, $"{frame.Template}: {e.Message}"); }
        return all ? 0 : CommandLine.Failed;
    }

    private static async Task<(bool Same, string Found)> JudgeAsync(GoldenFrames golden, string path, PngPicture drawn, string differences, CancellationToken cancellation)
    {
        var kept = File.Exists(path) ? Decode(path, await File.ReadAllBytesAsync(path, cancellation)) : null;
        var comparison = kept is not null && (kept.Width, kept.Height) == (drawn.Width, drawn.Height) ? FrameComparison.Of(kept, drawn) : null;
        if (comparison is not null && comparison.Ssim >= golden.Ssim && comparison.Changed <= golden.Changed) return (true, $"as kept ({Text(comparison)})");

        Directory.CreateDirectory(differences);
        var (name, extension) = (Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
        var seen = Path.Combine(differences, name + extension);
        await File.WriteAllBytesAsync(seen, drawn.Encode(), cancellation);
        if (kept is null) return (false, $"NOT KEPT yet; drawn is {seen}, --update keeps it");
        if (comparison is null) return (false, $"DIFFERS: {drawn.Width}×{drawn.Height}, kept is {kept.Width}×{kept.Height}; drawn is {seen}");
        var shown = Path.Combine(differences, $"{name}.difference{extension}");
        await File.WriteAllBytesAsync(shown, FrameComparison.Difference(kept, drawn).Encode(), cancellation);
        return (false, $"DIFFERS ({Text(comparison)}); see {shown}");
    }

    private static PngPicture Decode(string path, byte[] file)
    {
        try { return PngPicture.Decode(file); }
        catch (InvalidDataException e) { throw new CommandException(CommandLine.BadInput, $"{path}: {e.Message}"); }
    }

    private static string Text(FrameComparison found) => string.Create(CultureInfo.InvariantCulture, $"SSIM {found.Ssim:0.0000}, PSNR {found.Psnr:0.0} dB, {found.Changed * 100:0.00} % changed");

    private static PngPicture Narrowed(PngPicture picture, int? width)
    {
        if (width is not { } narrow || narrow >= picture.Width) return picture;
        var small = new Picture(narrow, Math.Max(1, (int)Math.Round((double)picture.Height * narrow / picture.Width)));
        Painter.Draw(Picture.FromStraight(picture.Width, picture.Height, picture.ToRgba()), small, Matrix3x2.CreateScale((float)small.Width / picture.Width, (float)small.Height / picture.Height));
        var rgba = new byte[small.Pixels.Length];
        Packing.ToRgba(small, rgba);
        return PngPicture.FromRgba(small.Width, small.Height, rgba);
    }
}
