using Platform.ServiceDefaults;
using Platform.Transcode;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("transcode");
builder.AddTranscode();
builder.AddBus(bus => bus.AddTranscode());

var app = builder.Build();
app.MapHealth();
await app.RunAsync();
