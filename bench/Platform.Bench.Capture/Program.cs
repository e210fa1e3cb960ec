using System.Globalization;
using Platform.Bench.Capture;

// (nothing)                                everything
// sampler                                  what drawing costs the processor
// take [SECONDS [ROUNDS]]                  a take with its encode against bare beginFrame calls, puppeteer and timecut
// composition [FILM [SECONDS]]             composition against the encode of the same frames; FILM gives the frames, - a drawn pattern
switch (args.FirstOrDefault())
{
    case null:
        SamplerBench.Run();
        await TakeAsync();
        await ComposeAsync();
        return 0;
    case "sampler":
        SamplerBench.Run();
        return 0;
    case "composition":
        await ComposeAsync(args.ElementAtOrDefault(1) is { } film and not "-" ? film : null, Number(2));
        return 0;
    case "take":
        await TakeAsync(Number(1), (int)Number(2));
        return 0;
    default:
        Console.Error.WriteLine("usage: [sampler | take [SECONDS [ROUNDS]] | composition [FILM [SECONDS]]]");
        return 2;
}

double Number(int argument) => args.Length > argument ? double.Parse(args[argument], CultureInfo.InvariantCulture) : 5;

static async Task TakeAsync(double seconds = 5, int rounds = 5)
{
    await using var bench = new TakeBench();
    await bench.RunAsync(seconds, rounds);
}

static async Task ComposeAsync(string? film = null, double seconds = 5)
{
    using var bench = new CompositionBench();
    await bench.RunAsync(film, seconds);
}
