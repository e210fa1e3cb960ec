using System.Globalization;
using Platform.Bench.Render;

// (nothing)              everything
// film [ROUNDS] [PRESET] a film, against the encode of its frames lying ready, Remotion and editly
// alone [ROUNDS] [PRESET] the same without the other renderers
// preview [ROUNDS]       one moment of every template of the library, once warm
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
switch (args.FirstOrDefault())
{
    case null or "film" or "alone" or "preview":
        await using (var studio = await Studio.OpenAsync())
        {
            if (args.FirstOrDefault() is not "preview") await new FilmBench(studio).RunAsync(rounds, alone: args.FirstOrDefault() is "alone", only: args.ElementAtOrDefault(2));
            if (args.FirstOrDefault() is null or "preview") await new PreviewBench(studio).RunAsync(rounds);
        }
        return 0;
    default:
        Console.Error.WriteLine("usage: [film | alone | preview] [ROUNDS] [PRESET]");
        return 2;
}
