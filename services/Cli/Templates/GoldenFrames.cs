using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Cli.Templates;

/// <summary>Moments of templates whose pictures are kept, to notice when they change.</summary>
internal sealed record GoldenFrames
{
    [Description("How much two pictures must be alike: structural similarity over the whole, 1 is equal.")]
    [Range(0, 1)]
    public double Ssim { get; init; } = 0.99;

    [Description("Share of the pixels that may differ by more than a sixteenth in a channel.")]
    [Range(0, 1)]
    public double Changed { get; init; } = 0.002;

    [Description("Pixels that pictures are made narrower to before they are kept and compared. Left out: as they are.")]
    [Range(16, 3840)]
    public int? Width { get; init; }

    [MinLength(1), MaxLength(500)]
    public required IReadOnlyList<GoldenFrame> Frames { get; init; }

    /// <summary>Reads a file; every mistake is told with its place.</summary>
    /// <exception cref="CommandException">It cannot be read, or is not what it should be.</exception>
    public static GoldenFrames Read(string path)
    {
        try
        {
            var document = JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var element = JsonSerializer.SerializeToElement(document);
            var check = new SchemaValidator();
            check.Check(element, DocumentSchema.Of(typeof(GoldenFrames)), "");
            if (check.Problems.Count > 0)
                throw new CommandException(CommandLine.BadInput, string.Join(Environment.NewLine, check.Problems.Select(problem => $"{problem.Pointer}: {problem.Detail} ({problem.Code})")));
            var golden = element.Deserialize<GoldenFrames>(ContractJson.Options)!;
            return golden.Frames.SelectMany(frame => frame.At.Select(frame.Picture)).GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new CommandException(CommandLine.BadInput, $"{path}: {twice.Key} is asked for twice; give one of them a name.")
                : golden;
        }
        catch (JsonException e) { throw new CommandException(CommandLine.BadInput, $"{path}: is not JSON: {e.Message}"); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new CommandException(CommandLine.BadInput, e.Message); }
    }
}

/// <summary>Moments of one template.</summary>
internal sealed record GoldenFrame
{
    [Description("A template's file, relative to this one, or the name of one of the library.")]
    [MinLength(1), MaxLength(1000)]
    public required string Template { get; init; }

    [Description("Values of its inputs.")]
    public JsonElement? Input { get; init; }

    [Description("Seconds.")]
    [MinLength(1), MaxLength(100)]
    public required IReadOnlyList<double> At { get; init; }

    [Description("What its pictures are called. Left out: as the template is.")]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    public string? Name { get; init; }

    /// <summary>The file that keeps a moment.</summary>
    public string Picture(double second) => string.Create(CultureInfo.InvariantCulture, $"{Name ?? Path.GetFileNameWithoutExtension(Template)}-{second:0.###}.png");
}
