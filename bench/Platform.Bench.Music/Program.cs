using Platform.Bench.Music;

await using var bench = new SoundtrackBench();
await bench.RunAsync();
