using Platform.AllInOne;

var builder = WebApplication.CreateBuilder(args);
builder.AddPlatform(Path.GetFullPath(Environment.GetEnvironmentVariable("PLATFORM_HOME") ?? ".platform"));

var app = builder.Build();
await app.MapPlatformAsync();
await app.RunAsync();
