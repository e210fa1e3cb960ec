using Platform.Notification;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("notification");
builder.AddNotification();
builder.AddBus(bus => bus.AddNotification());

var app = builder.Build();
app.MapHealth();
await app.RunAsync();
