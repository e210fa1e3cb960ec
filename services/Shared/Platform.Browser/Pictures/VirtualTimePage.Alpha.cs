namespace Platform.Browser;

public sealed partial class VirtualTimePage
{
    /// <summary>Takes away the white that lies under every page: what it does not paint is transparent.</summary>
    internal async Task MakeTransparentAsync(CancellationToken cancellationToken) => await SendAsync(
        "Emulation.setDefaultBackgroundColorOverride",
        new() { ["color"] = new Dictionary<string, object> { ["r"] = 0, ["g"] = 0, ["b"] = 0, ["a"] = 0 } },
        cancellationToken);
}
