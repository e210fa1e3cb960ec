using System.Text.Json;
using Platform.Contracts;

namespace Platform.Templates.Tests;

public sealed class TemplateLibraryTests
{
    private static readonly IReadOnlyDictionary<string, JsonElement> Nothing = new Dictionary<string, JsonElement>();

    public static TheoryData<string> Names => [.. TemplateLibrary.Names];

    [Fact]
    public void Has_at_least_eight_templates() => Assert.True(TemplateLibrary.Names.Count() >= 8);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_template_can_be_stored_and_says_what_it_is_for(string name)
    {
        var template = TemplateLibrary.Find(name)!.Value;

        Assert.Empty(TemplateReader.Check(template));
        Assert.NotEmpty(template.GetProperty("inputs").GetProperty("description").GetString()!);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_template_shows_something_without_an_input(string name)
    {
        var reading = TemplateReader.Read(TemplateLibrary.Find(name)!.Value, Nothing);

        Assert.Empty(reading.Problems);
        Assert.Empty(reading.Media);
        Assert.True(Schedule.Of(reading.Template!, new Dictionary<string, MediaFacts>()).Frames >= 30);
    }

    [Theory]
    [InlineData("title-card", """{"image":"upload:01900000-0000-7000-8000-000000000001","kicker":"","subtitle":""}""")]
    [InlineData("lower-third", """{"video":"@film"}""")]
    [InlineData("product-promo", """{"image":"https://example.com/a.png"}""")]
    [InlineData("story", """{"image":"https://example.com/a.png"}""")]
    [InlineData("slideshow", """{"slides":[{"image":"https://example.com/a.png"},{"image":"https://example.com/b.png","caption":"Two"}],"music":"https://example.com/a.mp3"}""")]
    [InlineData("data-card", """{"source":""}""")]
    public void Inputs_that_may_be_left_out_may_be_given(string name, string input)
    {
        var reading = TemplateReader.Read(TemplateLibrary.Find(name)!.Value, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(input)!);

        Assert.Empty(reading.Problems);
    }
}
