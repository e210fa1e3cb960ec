using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>Something that is shown or played for a time.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ColorClip), "color")]
[JsonDerivedType(typeof(GradientClip), "gradient")]
[JsonDerivedType(typeof(ImageClip), "image")]
[JsonDerivedType(typeof(VideoClip), "video")]
[JsonDerivedType(typeof(TextClip), "text")]
[JsonDerivedType(typeof(ShapeClip), "shape")]
[JsonDerivedType(typeof(HtmlClip), "html")]
[JsonDerivedType(typeof(AudioClip), "audio")]
[JsonDerivedType(typeof(GroupClip), "group")]
public record Clip
{
    [Description("A name for people, for problems and for lengths that refer to it.")]
    [MaxLength(100)]
    public string? Name { get; init; }

    [Description("Seconds from the film's start. Left out: where the clip before it ends.")]
    [Range(0, 3600)]
    public double? Start { get; init; }

    [Description("Seconds, \"auto\", \"end\" or \"as:NAME\". Auto is the media's own length, for anything without one until the next clip's start or the film's end.")]
    public ClipLength Length { get; init; } = ClipLength.Auto;
}

/// <summary>A clip that is seen.</summary>
public record VisualClip : Clip
{
    [Description("Which point of the picture the position is measured from, and which of the clip lies there.")]
    [AllowedValues("center", "top", "bottom", "left", "right", "top-left", "top-right", "bottom-left", "bottom-right")]
    public string Anchor { get; init; } = "center";

    [Description("Offset to the right: pixels, or \"10%\" of the picture's width.")]
    public Extent X { get; init; } = Extent.Zero;

    [Description("Offset down: pixels, or \"10%\" of the picture's height.")]
    public Extent Y { get; init; } = Extent.Zero;

    [Description("Width: pixels, or percent of the picture's, within a group of the group's.")]
    public Extent? Width { get; init; }

    [Description("Height: pixels, or percent of the picture's, within a group of the group's.")]
    public Extent? Height { get; init; }

    [Description("0 is invisible.")]
    [Range(0, 1)]
    public double Opacity { get; init; } = 1;

    [Description("Degrees clockwise around the middle.")]
    [Range(-36000, 36000)]
    public double Rotation { get; init; }

    [Description("Size around the middle, 1 is as it is.")]
    [Range(0, 20)]
    public double Scale { get; init; } = 1;

    [Description("Shares cut off at the sides.")]
    public Crop? Crop { get; init; }

    [Description("Radius of the corners in pixels.")]
    [Range(0, 4000)]
    public double Radius { get; init; }

    [Description("How the clip's colours meet those below.")]
    [AllowedValues("normal", "multiply", "screen", "overlay", "darken", "lighten", "add", "difference", "exclusion", "hard-light", "soft-light", "color-dodge", "color-burn")]
    public string Blend { get; init; } = "normal";

    [Description("How it comes: a preset, or one with its settings.")]
    public Animation? Enter { get; init; }

    [Description("How it goes: a preset, or one with its settings.")]
    public Animation? Exit { get; init; }

    [Description("How the clip before it in the track gives way to this one: a name, or one with its settings.")]
    public Transition? Transition { get; init; }

    [Description("Values that change: property to points in time, in seconds from the clip's start.")]
    [MaxLength(16)]
    public IReadOnlyDictionary<string, IReadOnlyList<Keyframe>> Keyframes { get; init; } = new Dictionary<string, IReadOnlyList<Keyframe>>();

    [Description("What of the clip is seen: where the mask is bright.")]
    public Mask? Mask { get; init; }
}

/// <summary>An area of one colour; the whole picture unless it has a size.</summary>
public sealed record ColorClip : VisualClip
{
    [Description("A CSS colour.")]
    [MaxLength(100)]
    public required string Color { get; init; }
}

/// <summary>An area of changing colour; the whole picture unless it has a size.</summary>
public sealed record GradientClip : VisualClip
{
    [Description("A CSS linear-gradient() or radial-gradient().")]
    [MaxLength(1000)]
    public required string Gradient { get; init; }
}

/// <summary>A still picture.</summary>
public sealed record ImageClip : VisualClip
{
    [Description("The picture: PNG, JPEG, WebP or GIF.")]
    public required Media Src { get; init; }

    [Description("How it fills its area: covers it, is contained in it, or contained with its own blur around it.")]
    [AllowedValues("cover", "contain", "blur", "fill")]
    public string Fit { get; init; } = "cover";

    [Description("A slow move over the picture: a preset, or from where to where.")]
    public KenBurns? KenBurns { get; init; }

    [Description("A colour that becomes transparent.")]
    public ChromaKey? ChromaKey { get; init; }
}

/// <summary>A film, with its sound.</summary>
public sealed record VideoClip : VisualClip
{
    [Description("The film.")]
    public required Media Src { get; init; }

    [Description("How it fills its area: covers it, is contained in it, or contained with its own blur around it.")]
    [AllowedValues("cover", "contain", "blur", "fill")]
    public string Fit { get; init; } = "cover";

    [Description("Seconds of the film that are left out at its beginning.")]
    [Range(0, 86_400)]
    public double From { get; init; }

    [Description("How fast it plays; the sound keeps its pitch.")]
    [Range(0.25, 4)]
    public double Speed { get; init; } = 1;

    [Description("Begin again at the end; otherwise the last frame stays.")]
    public bool Loop { get; init; }

    [Description("Of its sound; 0 is silent.")]
    [Range(0, 4)]
    public double Volume { get; init; } = 1;

    [Description("Seconds until its sound is there.")]
    [Range(0, 60)]
    public double FadeIn { get; init; }

    [Description("Seconds in which its sound goes.")]
    [Range(0, 60)]
    public double FadeOut { get; init; }

    [Description("A colour that becomes transparent.")]
    public ChromaKey? ChromaKey { get; init; }
}

/// <summary>Words, laid out by the browser.</summary>
public sealed record TextClip : VisualClip
{
    [Description("What is written; line breaks count.")]
    [MinLength(1), MaxLength(5000)]
    public required string Text { get; init; }

    [Description("CSS properties in camel case: fontFamily, fontSize, color, textShadow and others; numbers are pixels where CSS has lengths.")]
    [MaxLength(50)]
    public IReadOnlyDictionary<string, JsonElement> Style { get; init; } = new Dictionary<string, JsonElement>();

    [Description("Base direction of writing.")]
    [AllowedValues("auto", "ltr", "rtl")]
    public string Direction { get; init; } = "auto";
}

/// <summary>A drawn shape.</summary>
public sealed record ShapeClip : VisualClip
{
    [Description("Which shape; it fills its width and height.")]
    [AllowedValues("rectangle", "ellipse", "triangle", "polygon")]
    public string Shape { get; init; } = "rectangle";

    [Description("Corners of a polygon as shares of width and height: [[0,0],[1,0],[0.5,1]].")]
    [MinLength(3), MaxLength(100)]
    public IReadOnlyList<IReadOnlyList<double>>? Points { get; init; }

    [Description("A CSS colour or gradient.")]
    [MaxLength(1000)]
    public string Fill { get; init; } = "#ffffff";

    [Description("Colour of the line around it.")]
    [MaxLength(100)]
    public string? Stroke { get; init; }

    [Description("Width of the line in pixels.")]
    [Range(0, 500)]
    public double StrokeWidth { get; init; }
}

/// <summary>A layer that the browser draws for every frame, in virtual time, over transparency.</summary>
public sealed record HtmlClip : VisualClip
{
    [Description("What stands in the page's body, styles and scripts included. It reaches no network.")]
    [MinLength(1), MaxLength(200_000)]
    public required string Html { get; init; }
}

/// <summary>Sound.</summary>
public sealed record AudioClip : Clip
{
    [Description("The sound, or a film whose sound is meant.")]
    public required Media Src { get; init; }

    [Description("Seconds that are left out at its beginning.")]
    [Range(0, 86_400)]
    public double From { get; init; }

    [Description("Begin again at the end.")]
    public bool Loop { get; init; }

    [Description("1 is as it is.")]
    [Range(0, 4)]
    public double Volume { get; init; } = 1;

    [Description("Seconds until it is there.")]
    [Range(0, 60)]
    public double FadeIn { get; init; }

    [Description("Seconds in which it goes.")]
    [Range(0, 60)]
    public double FadeOut { get; init; }

    [Description("Goes down under all sound that does not duck itself.")]
    public Ducking? Duck { get; init; }

    [Description("Volume that changes: points in time, in seconds from the clip's start.")]
    [MaxLength(1)]
    public IReadOnlyDictionary<string, IReadOnlyList<Keyframe>> Keyframes { get; init; } = new Dictionary<string, IReadOnlyList<Keyframe>>();
}

/// <summary>Clips that move as one. Their times count from the group's start, their positions within its area.</summary>
public sealed record GroupClip : VisualClip
{
    [Description("What is in the group, one over the other; each begins with the group unless it says otherwise. Conditions may leave none.")]
    [MaxLength(200)]
    public required IReadOnlyList<Clip> Clips { get; init; }
}
