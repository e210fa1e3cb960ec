using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Browser;
using Platform.Capture.Takes;
using Platform.Egress;
using Platform.Ffmpeg;
using Platform.Processes;

namespace Platform.Bench.Capture;

/// <summary>
/// How much longer a take with its encode takes than as many bare <c>beginFrame</c> calls with JPEG on the same page, in the same browser; beside it what others take for as many
/// frames, encode included: puppeteer's screenshots (in real time, whatever the page does meanwhile) and timecut. Rounds in turn, the median of each.
/// </summary>
internal sealed class TakeBench : IAsyncDisposable
{
    private const int Width = 1280, Height = 720, Fps = 30;

    // All of it is painted anew in every frame: the most that a page can ask for.
    private const string Page = "<style>body{margin:0;height:100vh;background:linear-gradient(45deg,#102,#26c,#f60);background-size:300% 300%;animation:b 4s linear infinite;font:60px sans-serif;color:#fff}"
        + "@keyframes b{to{background-position:100% 100%}}h1{animation:h 3s ease-in-out infinite alternate}@keyframes h{to{transform:translateX(600px) rotate(8deg)}}</style><h1>Frame after frame</h1>";

    private readonly string workspace = Directory.CreateTempSubdirectory("bench-take-").FullName;
    private readonly ServiceProvider services = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddFfmpeg().AddEgress().AddBrowser().BuildServiceProvider();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Directory.Delete(workspace, recursive: true);
    }

    /// <param name="seconds">Length of the take.</param>
    /// <param name="rounds">Rounds.</param>
    public async Task RunAsync(double seconds, int rounds)
    {
        var request = new PageRequest { Url = SiteAddress.For("bench"), ViewportWidth = Width, ViewportHeight = Height };
        var frames = (int)(seconds * Fps);
        await using var studio = new Studio(services.GetRequiredService<IBrowserLauncher>(), services.GetRequiredService<GuardedConnector>(), new OnePage(), Visitor.Nobody, TimeSpan.FromMinutes(30));
        var report = new ScoutReport { Url = request.Url.AbsoluteUri, Map = new PageMap { Width = Width, Height = Height, Elements = [] } };
        List<double> bare = [], take = [];
        var page = Path.Combine(workspace, "page.html");
        await File.WriteAllTextAsync(page, Page);
        var peers = await PeersAsync();
        for (var n = 0; n <= rounds; n++)
        {
            var call = new BareCalls(frames);
            await FilmAsync(call);
            bare.Add(call.Seconds);
            var film = new Timed(frames);
            var began = Stopwatch.GetTimestamp();
            await FilmAsync(film);
            // Until the encoder has ended, but without the page's arrival, which the bare calls have as well and do not count.
            take.Add(Stopwatch.GetElapsedTime(began).TotalSeconds - film.Arrival(began));
            foreach (var (peer, times) in peers)
            {
                times.Add(await peer.FilmAsync(new Uri(page).AbsoluteUri, frames, Fps, Width, Height, Path.Combine(workspace, "peer.mp4")));
            }
        }

        // The first round warms caches and compiler.
        double calls = Median(bare.Skip(1)), whole = Median(take.Skip(1));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{frames} frames of {Width}x{Height}: bare beginFrame with JPEG {calls:0.00} s ({calls / frames * 1000:0.0} ms a frame), take with its encode {whole:0.00} s: {whole / calls:0.00} x (limit 1.50)"));
        foreach (var (peer, times) in peers)
        {
            var theirs = Median(times.Skip(1));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{peer.Name,20}: {theirs:0.00} s, {theirs / calls:0.00} x the bare calls, {theirs / whole:0.00} x the take"));
        }

        Task FilmAsync(IPerformance performance) => new PageFilm(studio, request, new Witness(workspace), services.GetRequiredService<IFfmpeg>())
            .FilmAsync(report, performance, Path.Combine(workspace, "take.mkv"), _ => { }, default);
    }

    private async Task<Dictionary<Peer, List<double>>> PeersAsync()
    {
        var runner = services.GetRequiredService<IProcessRunner>();
        Dictionary<Peer, List<double>> peers = [];
        foreach (var peer in (Peer[])[new(runner, "puppeteer", "puppeteer-core", "24.8.2"), new(runner, "timecut", "timecut", "0.3.3")])
        {
            if (await peer.InstallAsync() is { } problem)
                Console.WriteLine($"{peer.Name} takes no part: {problem}");
            else
                peers[peer] = [];
        }

        return peers;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    /// <summary>As many frames as the take has, straight from the browser, kept nowhere.</summary>
    private sealed class BareCalls(int frames) : IPerformance
    {
        public int Fps => TakeBench.Fps;

        public double Scale => 1;

        public double Seconds { get; private set; }

        public async Task PerformAsync(VirtualTimePage page, Reel reel, CancellationToken cancellationToken)
        {
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < frames; i++)
            {
                await page.NextFrameAsync(FramePicture.Jpeg, TimePolicy.WaitForNetwork, cancellationToken);
            }

            Seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await reel.ShootAsync(0, null, cancellationToken); // an encoder without a frame fails
        }
    }

    private sealed class Timed(int frames) : IPerformance
    {
        private long arrived;

        public int Fps => TakeBench.Fps;

        public double Scale => 1;

        public double Arrival(long since) => Stopwatch.GetElapsedTime(since, arrived).TotalSeconds;

        public async Task PerformAsync(VirtualTimePage page, Reel reel, CancellationToken cancellationToken)
        {
            arrived = Stopwatch.GetTimestamp();
            for (var i = 0; i < frames; i++)
            {
                await reel.ShootAsync(0, null, cancellationToken);
            }
        }
    }

    private sealed class OnePage : ISiteSource
    {
        public ValueTask<SiteFile?> OpenAsync(string site, string path, CancellationToken cancellationToken) =>
            ValueTask.FromResult<SiteFile?>(path == "index.html" ? new SiteFile(new MemoryStream(Encoding.UTF8.GetBytes(Page)), "text/html") : null);
    }
}
