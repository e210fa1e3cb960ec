using Platform.Contracts;
using Platform.Pictures;

namespace Platform.Capture.Camera;

/// <summary>How one film is made out of a take.</summary>
internal sealed record FilmSettings
{
    public required FrameFormat Format { get; init; }

    /// <summary>Null for an intermediate clip.</summary>
    public FinalEncode? Encode { get; init; }

    public Window Window { get; init; } = Window.None;

    /// <summary>Null: of the page's own hue.</summary>
    public Backdrop? Background { get; init; }

    public LogoPicture? Logo { get; init; }

    public CardText? EndCard { get; init; }

    public PointerParameters Pointer { get; init; } = new();

    public PictureSize Size => new(Format.Width, Format.Height);
}

/// <summary>A logo as a file.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Container">What a probe says it is.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Place">Where it stands in the film.</param>
internal sealed record LogoPicture(string Path, string Container, int Width, int Height, LogoParameters Place);

/// <summary>What an end card says; empty lines are left out.</summary>
internal sealed record CardText(string Title, string Subtitle, string Address)
{
    /// <summary>What pages put between their name and what they are, and what they are and whose.</summary>
    private static readonly string[] Separators = [" | ", " – ", " — ", " - ", " · ", ": "];

    /// <summary>Longest first part that is a name.</summary>
    private const int LongestName = 48;

    /// <summary>A page's title in two lines, where it has two parts.</summary>
    public static (string Title, string Subtitle) Split(string title)
    {
        title = title.Trim();
        foreach (var separator in Separators)
            if (title.IndexOf(separator, StringComparison.Ordinal) is > 0 and <= LongestName and var at)
            {
                var rest = title[(at + separator.Length)..].Trim();
                return (title[..at].Trim(), rest.Length == 0 ? "" : char.ToUpper(rest[0], System.Globalization.CultureInfo.InvariantCulture) + rest[1..]);
            }
        return (title, "");
    }
}
