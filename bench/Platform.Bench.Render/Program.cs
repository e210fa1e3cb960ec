using System.Globalization;
using Platform.Bench.Render;

// (nothing)            everything
// film [ROUNDS]        a film, against the encode of its frames lying ready, Remotion and editly
// preview [ROUNDS]     one moment of every template of the library, once warm
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
switch (args.FirstOrDefault())
{
    case null or "film" or "preview":
        await using (var studio = await Studio.OpenAsync())
        {
            if (args.FirstOrDefault() is null or "film") await new FilmBench(studio).RunAsync(rounds);
            if (args.FirstOrDefault() is null or "preview") await new PreviewBench(studio).RunAsync(rounds);
        }
        return 0;
    default:
        Console.Error.WriteLine("usage: [film | preview] [ROUNDS]");
        return 2;
}
