using Platform.Orchestrator;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("orchestrator");
builder.AddOrchestrator();
builder.AddBus(bus => bus.AddOrchestrator());

var app = builder.Build();
app.MapHealth();
await app.RunAsync();
