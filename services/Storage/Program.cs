using Platform.ServiceDefaults;
using Platform.Storage;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("storage");
builder.AddStorage();
builder.AddBus(bus => bus.AddStorage());

var app = builder.Build();
app.MapHealth();
await app.RunAsync();
