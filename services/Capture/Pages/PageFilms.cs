using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Platform.Capture.Camera;
using Platform.Capture.Takes;
using Platform.Contracts;
using Platform.Ffmpeg;
using Platform.Stages;

namespace Platform.Capture.Pages;

/// <summary>Makes a stage's films out of its take, one for each format asked. Of several, each is kept as a part of its own, and made once.</summary>
internal sealed class PageFilms(IFfmpeg ffmpeg, IMediaProbe probe, CapturePage command, StageWork work)
{
    /// <summary>Raised when the same take and plan begin to give another film.</summary>
    private const int Version = 1;

    private readonly CaptureParameters parameters = command.Parameters;
    private readonly bool writesResult = command.Encode?.WritesResult ?? false;

    /// <summary>The formats asked.</summary>
    public static ImmutableArray<FrameFormat> FormatsOf(CaptureParameters parameters) => parameters.Formats is { } several ? [.. several] : [parameters.Format];

    /// <summary>The window that the page stands in.</summary>
    public static Window WindowOf(CameraParameters camera, double shorterSide)
    {
        // With a frame, enough background to see that it is a window.
        const double framed = 0.06;
        var padding = camera.Padding ?? (camera.Frame == CameraFrame.Browser ? framed : 0);
        return new Window(camera.Frame == CameraFrame.Browser ? Window.BarHeight : 0, Math.Round(padding * shorterSide));
    }

    /// <summary>Seconds of the film's end card; 0 for none.</summary>
    public static double EndCardOf(CaptureParameters parameters)
    {
        // In a shorter film the page itself needs the time.
        const double shortest = 12;
        return parameters.Mode == CaptureMode.Director && (parameters.EndCard.Show ?? parameters.Duration >= shortest) ? parameters.EndCard.Duration : 0;
    }

    /// <exception cref="MediaException">A film could not be made.</exception>
    /// <exception cref="StageException">The logo is no picture.</exception>
    public async Task<StageResult> ComposeAsync(ShotPlan plan, KeptTake take, Window window, Action<double> progress, CancellationToken cancellationToken)
    {
        var formats = FormatsOf(parameters);
        var logo = await LogoAsync(cancellationToken);
        var shots = work.PathOf("shots.json");
        await File.WriteAllTextAsync(shots, ShotPlanJson.Write(plan), cancellationToken);
        var files = new Dictionary<string, OutputFile> { ["shots"] = new(shots, "application/json") };
        var kept = new Dictionary<string, StageOutput> { ["take"] = take.Output };
        if (parameters.Formats is null)
        {
            foreach (var (name, file) in await FilmAsync(formats[0], progress))
                files[name] = file;
            return new StageResult { Files = files, Kept = kept };
        }

        List<StageManifest> films = [];
        foreach (var (n, format) in formats.Index())
        {
            var key = KeyOf(plan, take, window, format);
            films.Add(await work.FindPartAsync(key, cancellationToken)
                ?? await work.KeepPartAsync(key, Version, await FilmAsync(format, share => progress((n + share) / formats.Length)), cancellationToken));
            progress((n + 1.0) / formats.Length);
        }
        foreach (var name in (string[])["video", "thumbnail"])
            kept[name] = new StageOutput { Artifacts = [.. films.Select(film => film.Outputs[name].Artifacts[0])], IsList = true };
        return new StageResult { Files = files, Kept = kept };

        async Task<Dictionary<string, OutputFile>> FilmAsync(FrameFormat format, Action<double> report)
        {
            var name = CameraTrack.Name(format).Replace(':', 'x');
            var path = work.PathOf($"{name}{(writesResult ? ".mp4" : ".mkv")}");
            var composition = new Composition(ffmpeg, work.Folder);
            var settings = new FilmSettings
            {
                Format = format,
                Encode = command.Encode,
                Window = window,
                Background = parameters.Camera.Background == "auto" ? null : Backdrop.Parse(parameters.Camera.Background),
                Logo = logo,
                EndCard = CardOf(take.Timeline),
                Pointer = parameters.Pointer,
            };
            await composition.ComposeAsync(take.Path, take.Timeline, plan, settings, path, report, cancellationToken);
            var info = await probe.ProbeAsync(path, cancellationToken);
            var thumbnail = work.PathOf($"{name}.png");
            await composition.ThumbnailAsync(path, plan, thumbnail, cancellationToken);
            return new Dictionary<string, OutputFile>
            {
                ["video"] = new(path, writesResult ? "video/mp4" : "video/x-matroska", info.ToFacts()),
                ["thumbnail"] = new(thumbnail, "image/png", new MediaFacts { Width = format.Width, Height = format.Height }),
            };
        }
    }

    private CardText CardOf(Timeline timeline)
    {
        var (title, subtitle) = CardText.Split(timeline.Title);
        return new CardText(parameters.EndCard.Title ?? title, parameters.EndCard.Subtitle ?? subtitle, PageAddress.Host(timeline));
    }

    private async Task<LogoPicture?> LogoAsync(CancellationToken cancellationToken)
    {
        if (parameters.Logo is not { } logo)
            return null;

        var path = await work.FetchAsync(command.Inputs[logo.Media.Text], cancellationToken);
        var info = await probe.ProbeAsync(path, cancellationToken);
        return info.Video is { } picture
            ? new LogoPicture(path, info.Container, picture.Width, picture.Height, logo)
            : throw new StageException("capture.logo_unreadable", FailureKind.Permanent, "The logo is no picture.");
    }

    private string KeyOf(ShotPlan plan, KeptTake take, Window window, FrameFormat format)
    {
        var name = CameraTrack.Name(format);
        var shots = plan.Shots.Select(shot => new { shot.Kind, shot.Start, shot.End, shot.Travel, shot.TravelEasing, Camera = shot.Cameras[name] });
        var content = new
        {
            part = "capture.film", Version, take = take.Output.Artifacts[0].Sha256, format, plan.Fps, plan.Frames, plan.Pauses, shots, window, parameters.Camera.Background,
            parameters.Logo, LogoFile = parameters.Logo is { } logo ? command.Inputs[logo.Media.Text].Sha256 : null, card = CardOf(take.Timeline), parameters.Pointer, command.Encode,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, ContractJson.Options)));
    }
}
