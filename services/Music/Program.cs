using Platform.Music;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("music");
builder.AddMusic();
builder.AddBus(bus => bus.AddMusic());

var app = builder.Build();
app.MapHealth();
await app.RunAsync();
