using Platform.Bench.Caption;

// (nothing)   everything
// draw        drawing only
if (args is not ([] or ["draw"]))
{
    Console.Error.WriteLine("usage: [draw]");
    return 2;
}

await using var bench = new CaptionBench();
await bench.RunAsync(listens: args.Length == 0);
return 0;
