using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Ffmpeg;
using Platform.Templates;

namespace Platform.Render.Graphs;

/// <summary>Writes a plan as filters. Pure: the same plan always gives the same graph. Its picture is at <c>[picture]</c>.</summary>
internal static class RenderGraph
{
    /// <summary>Ticks of a second that transitions are paced in.</summary>
    private const int Ticks = 90_000;

    /// <summary>More holds than this in one drawn source, and all its frames are drawn.</summary>
    public const int MostHolds = 40;

    public static FilterGraph For(RenderPlan plan)
    {
        var chains = new List<FilterChain>();
        var ground = Ground(plan);
        var below = "ground";
        chains.AddRange(WriteGround(plan, ground));
        var number = 0;
        foreach (var piece in plan.Pieces.Except(ground))
        {
            var (layer, over) = ($"layer{number}", $"over{number}");
            number++;
            chains.AddRange(Write(plan, piece, layer, exact: false));
            chains.AddRange(piece.Blend == "normal" ? [Over(plan, below, layer, over, piece)] : Blended(plan, below, layer, over, piece));
            below = over;
        }
        chains.Add(Filters.Chain(below, "picture", Filters.SquarePixels(), Filters.PixelFormat(plan.Surface == Surface.Yuv ? "yuv420p" : "rgba")));
        return new FilterGraph([.. chains]);
    }

    /// <summary>
    /// The pieces that are the film's ground: one after another, each filling the picture and letting nothing through. They are joined instead of being laid
    /// over one another, which costs nothing a frame.
    /// </summary>
    private static ImmutableArray<Piece> Ground(RenderPlan plan)
    {
        var whole = new Area(0, 0, plan.Width, plan.Height);
        var ground = ImmutableArray.CreateBuilder<Piece>();
        var end = 0;
        foreach (var piece in plan.Pieces)
        {
            if (!piece.Opaque || piece.Area != whole || piece.Blend != "normal" || piece.From < end) break;
            ground.Add(piece);
            end = piece.To;
        }
        return ground.ToImmutable();
    }

    private static IEnumerable<FilterChain> WriteGround(RenderPlan plan, ImmutableArray<Piece> ground)
    {
        var parts = new List<string>();
        var gaps = new List<(int Index, int Frames)>();
        var at = 0;
        foreach (var piece in ground.Append(new Piece(plan.Frames, plan.Frames, default, true, null!)))
        {
            if (piece.From > at) { gaps.Add((parts.Count, piece.From - at)); parts.Add($"gap{parts.Count}"); }
            if (piece.Frames > 0) parts.Add($"part{parts.Count}");
            at = piece.To;
        }
        var only = parts.Count == 1 ? "ground" : null;
        if (gaps.Count > 1) yield return Filters.Chain($"{plan.Background}:v", "", Filters.Split(gaps.Count)) with { Outputs = [.. gaps.Select(gap => $"still{gap.Index}")] };
        foreach (var (index, frames) in gaps)
            yield return Filters.Chain(gaps.Count > 1 ? $"still{index}" : $"{plan.Background}:v", only ?? $"gap{index}", Filters.LoopStill(frames), Filters.TimeBase(plan.Fps), Filters.SetPts("N"));

        var next = 0;
        foreach (var piece in ground)
        {
            while (gaps.Any(gap => gap.Index == next)) next++;
            foreach (var chain in Write(plan, piece, only ?? $"part{next}", exact: true)) yield return chain;
            next++;
        }
        if (only is null) yield return new FilterChain([.. parts], [Filters.Concat(parts.Count), Filters.TimeBase(plan.Fps), Filters.SetPts("N")], ["ground"]);
    }

    /// <summary>A piece's pictures: at their times, or from 0 on and exactly as many as it has frames.</summary>
    private static IEnumerable<FilterChain> Write(RenderPlan plan, Piece piece, string output, bool exact)
    {
        Filter[] finish = exact ? [Filters.HoldLast(), Filters.FirstFrames(piece.Frames), Filters.TimeBase(plan.Fps), Filters.SetPts("N")] : [Filters.FirstFrames(piece.Frames)];
        switch (piece.Source)
        {
            case Drawn drawn when exact:
                var relative = drawn.Changes.Select(change => change - piece.From).ToImmutableArray();
                return [Filters.Chain($"{drawn.Input}:v", output,
                [
                    .. relative.Length == piece.Frames ? (Filter[])[] : [Filters.TimeBase(plan.Fps), Filters.SetPts(Times(relative)), Filters.FillFps(plan.Fps, 0), Filters.HoldLast()],
                    Filters.FirstFrames(piece.Frames), Filters.TimeBase(plan.Fps), Filters.SetPts("N"),
                ])];
            case Drawn drawn:
                return [Filters.Chain($"{drawn.Input}:v", output, Filters.TimeBase(plan.Fps), Filters.SetPts(Times(drawn.Changes)))];
            case Filmed film:
                return FilmChain.Fitted($"{film.Input}:v:0", output, FilmChain.Timed(film.Shot, plan.Fps, piece.From), film.Shot, piece.Area.Width, piece.Area.Height, plan.Surface, finish);
            case Crossed crossed:
                return Cross(plan, piece, crossed, output, exact);
            default:
                throw new InvalidOperationException($"no chain for {piece.Source}");
        }
    }

    private static IEnumerable<FilterChain> Cross(RenderPlan plan, Piece piece, Crossed crossed, string output, bool exact)
    {
        var format = plan.Surface == Surface.Rgb ? "gbrap" : piece.Opaque ? "yuv444p" : "yuva444p";
        var (before, after) = ($"{output}a", $"{output}b");
        foreach (var (source, name) in new[] { (crossed.Before, before), (crossed.After, after) })
        {
            foreach (var chain in Write(plan, piece with { Source = source }, $"{name}in", exact: true)) yield return chain;
            yield return Filters.Chain($"{name}in", name, [Filters.PixelFormat(format), .. piece.Opaque ? (Filter[])[] : [Filters.Premultiply()], Filters.TimeBase(Ticks), Filters.SetPts(Paced(plan, piece, crossed))]);
        }
        var shift = exact ? 0 : piece.From;
        yield return new FilterChain([before, after],
        [
            Filters.Transition(crossed.Name, (double)crossed.Length / plan.Fps, (double)-Tick(plan, crossed, crossed.Passed) / Ticks),
            // Colours are mixed as far as they are seen: what is transparent would darken what it is mixed with.
            .. piece.Opaque ? (Filter[])[] : [Filters.Unpremultiply()],
            Filters.TimeBase(plan.Fps), Filters.SetPts(string.Create(CultureInfo.InvariantCulture, $"N+{shift}")),
            Filters.PixelFormat(plan.Surface == Surface.Rgb ? "rgba" : piece.Opaque ? "yuv420p" : "yuva420p"),
            Filters.FirstFrames(piece.Frames),
        ], [output]);
    }

    // A transition goes by its films' clock: one that runs unevenly gives it its pace.
    private static string Paced(RenderPlan plan, Piece piece, Crossed crossed)
    {
        if (crossed.Easing == Easing.Linear) return string.Create(CultureInfo.InvariantCulture, $"{(crossed.Passed == 0 ? "N" : $"(N+{crossed.Passed})")}*{Ticks / plan.Fps}");
        var text = new StringBuilder();
        var last = -1L;
        for (var n = 0; n < piece.Frames; n++)
        {
            last = Math.Max(last + 1, Tick(plan, crossed, crossed.Passed + n));      // time stamps rise
            text.Append(CultureInfo.InvariantCulture, $"{(n == 0 ? "" : "+")}eq(N,{n})*{last}");
        }
        return text.ToString();
    }

    // When a frame of a transition is shown on the transition's own clock. It ends within it, also where the easing overshoots.
    private static long Tick(RenderPlan plan, Crossed crossed, int frame) => crossed.Easing == Easing.Linear
        ? (long)frame * (Ticks / plan.Fps)
        : (long)Math.Round(Math.Clamp(crossed.Easing.At((double)frame / crossed.Length), 0, 1) * crossed.Length / plan.Fps * Ticks);

    private static FilterChain Over(RenderPlan plan, string below, string layer, string output, Piece piece) => new(
        [below, layer], [Filters.Overlay(piece.Area.X, piece.Area.Y, plan.Surface == Surface.Yuv ? "yuv420" : "rgb", piece.From, piece.To)], [output]);

    /// <summary>Blending is done in RGB, as everybody does it, and only where the layer is: it becomes the colour of the layer, which is then laid over.</summary>
    private static IEnumerable<FilterChain> Blended(RenderPlan plan, string below, string layer, string output, Piece piece)
    {
        var area = piece.Area;
        string Name(string part) => $"{layer}{part}";
        yield return Filters.Chain(below, "", Filters.Split(2)) with { Outputs = [Name("main"), Name("copy")] };
        yield return new FilterChain([Name("copy")], [Filters.Crop(area.Width, area.Height, area.X, area.Y), .. ToRgb(plan)], [Name("under")]);
        yield return Filters.Chain(layer, "", Filters.FillFps(plan.Fps, piece.From), Filters.HoldLast(), Filters.FirstFrames(piece.Frames), Filters.Split(2)) with { Outputs = [Name("color"), Name("shape")] };
        yield return Filters.Chain(Name("shape"), Name("alpha"), Filters.AlphaExtract());
        yield return Filters.Chain(Name("color"), Name("upper"), [.. ToRgb(plan)]);
        yield return new FilterChain([Name("upper"), Name("under")], [Filters.Blend(Mode(piece.Blend))], [Name("mixed")]);
        yield return new FilterChain([Name("mixed"), Name("alpha")], [Filters.AlphaMerge(), .. plan.Surface == Surface.Yuv ? (Filter[])[Filters.To709(), Filters.PixelFormat("yuva420p")] : [Filters.PixelFormat("rgba")]], [Name("done")]);
        yield return Over(plan, Name("main"), Name("done"), output, piece);
    }

    private static Filter[] ToRgb(RenderPlan plan) => [.. plan.Surface == Surface.Yuv ? (Filter[])[Filters.From709()] : [], Filters.PixelFormat("gbrp")];

    private static string Mode(string blend) => blend switch
    {
        "add" => "addition",
        "hard-light" => "hardlight",
        "soft-light" => "softlight",
        "color-dodge" => "dodge",
        "color-burn" => "burn",
        _ => blend,
    };

    /// <summary>Times of the n-th drawn frames, in frames: one after another, but for where one stays.</summary>
    public static string Times(ImmutableArray<int> changes)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"N+{changes[0]}");
        for (var i = 1; i < changes.Length; i++)
            if (changes[i] - changes[i - 1] is > 1 and var step) text.Append(CultureInfo.InvariantCulture, $"+{step - 1}*gte(N,{i})");
        return text.ToString();
    }
}
