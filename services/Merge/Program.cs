using Platform.Merge;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("merge");
builder.AddMerge();
builder.AddBus(bus => bus.AddMerge());

var app = builder.Build();
app.MapHealth();
await app.RunAsync();
