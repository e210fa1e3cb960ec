using Platform.Artifacts;
using Platform.Capture;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("capture");
builder.Services.AddArtifacts();
builder.AddCapture();
builder.AddBus(bus => bus.AddCapture());

var app = builder.Build();
app.MapHealth();
await app.RunAsync();
