using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Render.Templates;

/// <summary>Section <c>Render</c>.</summary>
internal sealed class RenderOptions
{
    public const string Section = "Render";

    /// <summary>ffmpeg's H.264 encoder. One that needs hardware which is not there, or fails, is replaced by libx264 with a warning.</summary>
    [AllowedValues("libx264", "h264_nvenc", "h264_qsv", "h264_amf")]
    public string Encoder { get; init; } = "libx264";

    /// <summary>A film longer than this is made in parts, which other workers may take.</summary>
    [Range(2, 3600)]
    public double ChunkSeconds { get; init; } = 20;
}

[OptionsValidator]
internal sealed partial class RenderOptionsValidator : IValidateOptions<RenderOptions>;
