using Platform.Caption;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("caption");
builder.AddCaption();
builder.AddBus(bus => bus.AddCaption());

var app = builder.Build();
app.MapHealth();
await app.RunAsync();
