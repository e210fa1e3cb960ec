using Platform.Bench.Caption;

await using var bench = new CaptionBench();
await bench.RunAsync();
