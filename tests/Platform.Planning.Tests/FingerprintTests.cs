using System.Text.Json;
using Platform.Contracts;

namespace Platform.Planning.Tests;

public sealed class FingerprintTests
{
    private static readonly Guid Job = Guid.Parse("01900000-0000-7000-8000-000000000001");
    private static readonly Dictionary<string, Artifact> Inputs = new()
    {
        ["@page"] = new() { Sha256 = new string('a', 64), Bytes = 1, ContentType = "video/mp4" },
        ["library:bed"] = new() { Sha256 = new string('b', 64), Bytes = 1, ContentType = "audio/mpeg" },
    };
    private const string Music = """{"video":"@page","music":"library:bed","musicVolume":0.5}""";

    private static string Of(StageType type, string parameters, Guid? job = null, FinalEncode? encode = null, Dictionary<string, Artifact>? inputs = null) =>
        Fingerprint.Of(type, JsonElement.Parse(parameters), inputs ?? Inputs, encode, job ?? Job);

    [Theory]
    [InlineData("""{"musicVolume":0.50,"music":"library:bed","video":"@page"}""")]
    [InlineData("""{"video":"@page","music":["library:bed"],"musicVolume":5e-1,"loop":true,"fadeIn":1.0}""")]
    public void Order_number_form_and_spelled_out_defaults_do_not_matter(string same) => Assert.Equal(Of(StageTypes.Music, Music), Of(StageTypes.Music, same));

    [Fact]
    public void Names_do_not_matter_but_content_does()
    {
        var renamed = new Dictionary<string, Artifact> { ["@film"] = Inputs["@page"], ["library:bed"] = Inputs["library:bed"] };
        Assert.Equal(Of(StageTypes.Music, Music), Of(StageTypes.Music, Music.Replace("@page", "@film", StringComparison.Ordinal), inputs: renamed));

        var other = new Dictionary<string, Artifact>(Inputs) { ["@page"] = Inputs["@page"] with { Sha256 = new string('c', 64) } };
        Assert.NotEqual(Of(StageTypes.Music, Music), Of(StageTypes.Music, Music, inputs: other));
    }

    [Fact]
    public void Parameters_and_encode_matter()
    {
        Assert.NotEqual(Of(StageTypes.Music, Music), Of(StageTypes.Music, Music.Replace("0.5", "0.6", StringComparison.Ordinal)));
        Assert.NotEqual(Of(StageTypes.Music, Music), Of(StageTypes.Music, Music, encode: new FinalEncode { Settings = new EncodeSettings(), WritesResult = true }));
    }

    [Fact]
    public void Work_on_content_is_shared_between_jobs_and_work_on_the_outside_world_is_not()
    {
        var other = Guid.CreateVersion7();
        Assert.Equal(Of(StageTypes.Music, Music), Of(StageTypes.Music, Music, other));
        Assert.Equal(Of(StageTypes.Capture, $$"""{"url":"site:{{Job}}"}"""), Of(StageTypes.Capture, $$"""{"url":"site:{{Job}}"}""", other));
        Assert.NotEqual(Of(StageTypes.Capture, """{"url":"https://example.com"}"""), Of(StageTypes.Capture, """{"url":"https://example.com"}""", other));
        Assert.NotEqual(Of(StageTypes.Fetch, """{"url":"https://example.com"}"""), Of(StageTypes.Fetch, """{"url":"https://example.com"}""", other));
    }
}
