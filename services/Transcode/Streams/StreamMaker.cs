using System.Collections.Immutable;
using System.Text;
using Platform.Ffmpeg;
using Platform.Transcode.Films;

namespace Platform.Transcode.Streams;

/// <summary>A streamed film: its playlist for players, and the files that it leads to.</summary>
/// <param name="Master">Path of the playlist that a player is given.</param>
/// <param name="Parts">Paths of all other files.</param>
/// <param name="Renditions">From the largest to the smallest.</param>
/// <param name="Plan">What was decided.</param>
internal sealed record StreamedFilm(string Master, ImmutableArray<string> Parts, ImmutableArray<MadeRendition> Renditions, FilmPlan Plan);

/// <summary>Makes what HTTP Live Streaming needs of a film.</summary>
internal sealed class StreamMaker(IFfmpeg ffmpeg, IMediaProbe probe)
{
    /// <summary>Makes it.</summary>
    /// <param name="order">The film.</param>
    /// <param name="captions">Path of captions in WebVTT, or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MediaException">The film cannot be read or made.</exception>
    /// <exception cref="Stages.StageException">What is asked for is not possible.</exception>
    public async Task<StreamedFilm> MakeAsync(FilmOrder order, string? captions, CancellationToken cancellationToken)
    {
        var film = await probe.ProbeAsync(order.Film, cancellationToken);
        var plan = FilmPlan.For(film, order.Parameters, order.Settings);
        var own = captions is null ? null : StreamTexts.Read(await File.ReadAllBytesAsync(captions, cancellationToken));
        foreach (var (code, detail) in plan.Remarks(film))
        {
            order.Warn(code, detail);
        }

        var folder = Directory.CreateDirectory(Path.Combine(order.Folder, "stream")).FullName;
        var renditions = Ladder.For(plan.Width, plan.Height);
        var command = StreamCommand.For(plan, renditions, film, order.Film, folder, order.Settings);
        await ffmpeg.RunAsync(command, order.Folder, now => order.Report(now.Share ?? 0, "encoding"), cancellationToken);

        var made = ImmutableArray.CreateBuilder<MadeRendition>(renditions.Length);
        foreach (var rendition in renditions)
        {
            made.Add(new MadeRendition(rendition, await IndexAsync(folder, rendition.Name)));
            MediaInfo.RequireSameDuration(plan.Length, TimeSpan.FromSeconds(made[^1].Index.Seconds));
        }

        var sound = film.Audio is { } source ? new StreamedSound(await IndexAsync(folder, Playlists.Sound), plan.CopiesSound ? source.Channels : plan.Layout == "mono" ? 1 : 2) : null;
        var texts = StreamTexts.Of(film.Texts, own);
        if (own is not null)
        {
            await WriteAsync($"{StreamTexts.Own}.vtt", own);
        }

        foreach (var rendition in made)
        {
            await WriteAsync($"{rendition.Rendition.Name}.m3u8", Playlists.Media($"{rendition.Rendition.Name}.mp4", rendition.Index));
        }

        if (sound is not null)
        {
            await WriteAsync($"{Playlists.Sound}.m3u8", Playlists.Media($"{Playlists.Sound}.mp4", sound.Index));
        }

        foreach (var text in texts)
        {
            await WriteAsync($"{text.Name}.m3u8", Playlists.Text($"{text.Name}.vtt", made[0].Index.Seconds));
        }

        await WriteAsync("manifest.mpd", DashManifest.Write(made.ToImmutable(), plan.Rate, sound, texts));
        string[] parts = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        var master = await WriteAsync("master.m3u8", Playlists.Master(made.ToImmutable(), plan.Rate, sound, texts));
        return new StreamedFilm(master, [.. parts], made.ToImmutable(), plan);

        async Task<string> WriteAsync(string name, string text)
        {
            var path = Path.Combine(folder, name);
            await File.WriteAllTextAsync(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
            return path;
        }

        async Task<FragmentIndex> IndexAsync(string of, string name)
        {
            await using var file = File.OpenRead(Path.Combine(of, $"{name}.mp4"));
            var head = new byte[Math.Min(FragmentIndex.HeadBytes, file.Length)];
            await file.ReadExactlyAsync(head, cancellationToken);
            return FragmentIndex.Read(head);
        }
    }
}
