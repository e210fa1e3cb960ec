using Platform.Gateway;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("gateway");
builder.AddGateway();
builder.AddBus(bus => bus.AddGateway());

var app = builder.Build();
app.MapGateway();
app.MapHealth();
await app.RunAsync();
