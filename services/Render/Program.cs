using Platform.Render;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("render");
builder.AddRender();
builder.AddBus(bus => bus.AddRender());

var app = builder.Build();
app.MapHealth();
await app.RunAsync();
