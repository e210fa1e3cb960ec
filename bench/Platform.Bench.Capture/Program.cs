using System.Globalization;
using Platform.Bench.Capture;

// sampler                                  what drawing costs the processor
// take [SECONDS [ROUNDS]]                  a take with its encode against bare beginFrame calls
// composition [FILM [SECONDS [ROUNDS]]]    composition against the encode of the same frames; FILM gives the frames
switch (args.FirstOrDefault())
{
    case "sampler":
        SamplerBench.Run();
        return 0;
    case "composition":
        using (var bench = new CompositionBench())
            await bench.RunAsync(
                args.ElementAtOrDefault(1), args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 5, args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 5);
        return 0;
    case "take":
        await using (var bench = new TakeBench())
            await bench.RunAsync(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5);
        return 0;
    default:
        Console.Error.WriteLine("usage: sampler | take [SECONDS [ROUNDS]] | composition [FILM [SECONDS [ROUNDS]]]");
        return 2;
}
