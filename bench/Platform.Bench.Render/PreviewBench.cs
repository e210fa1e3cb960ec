using System.Globalization;
using Platform.Templates;

namespace Platform.Bench.Render;

/// <summary>How long one moment of each template of the library takes once the browser is warm: three moments, the slowest of their medians.</summary>
internal sealed class PreviewBench(Studio studio)
{
    private const double Limit = 1.0;

    public async Task RunAsync(int rounds)
    {
        foreach (var name in TemplateLibrary.Names)
        {
            var template = TemplateLibrary.Find(name)!.Value;
            var length = studio.Timeline(template).Length.TotalSeconds;
            await studio.DrawAsync(template, 0);        // warms
            var slowest = 0.0;
            foreach (var share in new[] { 0.1, 0.5, 0.95 })
            {
                var seconds = new List<double>();
                for (var n = 0; n < rounds; n++) seconds.Add(await studio.SecondsAsync(() => studio.DrawAsync(template, share * length)));
                slowest = Math.Max(slowest, Studio.Median(seconds));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"preview of {name,-16} {slowest:0.00} s (limit {Limit:0.0})"));
        }
    }
}
