using Platform.Bench.Capture;

SamplerBench.Run();
