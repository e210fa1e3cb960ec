using Platform.Bench.Merge;

await using var bench = new FilmBench();
await bench.RunAsync();
