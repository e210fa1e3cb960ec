using System.Globalization;
using System.Text.Json;

namespace Platform.Templates.Tests;

/// <summary>What placeholders compute, and what is told when they cannot.</summary>
public sealed class FormulaTests
{
    private const string Input = """
        {"price":2.50,"quantity":3,"name":"Ann","sold":false,"empty":"","list":["a","b"],"item":{"price":4,"label":"x"},"big":1234567.891,"share":0.256,"emoji":"👩‍👩‍👧!","evil":"{{name}} + 1","zero":0}
        """;

    [Theory]
    [InlineData("{{price * quantity}}", "7.5")]
    [InlineData("{{ 0.1 + 0.2 }}", "0.3")]
    [InlineData("{{1 + 2 * 3 - (4 - 1) % 2}}", "6")]
    [InlineData("{{-price}}", "-2.5")]
    [InlineData("{{item.price * 2}} {{item.label + '!'}}", "8 x!")]
    [InlineData("{{list.1 + list.0}}", "ba")]
    [InlineData("{{name + ' ' + price}}", "Ann 2.5")]
    [InlineData("{{quantity > 2 ? 'many' : 'few'}}", "many")]
    [InlineData("{{quantity >= 3 and not sold}}", "true")]
    [InlineData("{{sold or quantity == 4}}", "false")]
    [InlineData("{{name == 'Ann' && price != 3}}", "true")]
    [InlineData("{{nickname ?? name}}", "Ann")]
    [InlineData("{{default(empty, 'nobody')}}", "nobody")]
    [InlineData("{{round(price)}} {{round(2.345, 2)}} {{floor(price)}} {{ceil(price)}} {{abs(0 - price)}}", "3 2.35 2 3 2.5")]
    [InlineData("{{min(price, quantity, 1)}} {{max(price, quantity)}}", "1 3")]
    [InlineData("{{upper(name)}} {{lower(name)}} {{trim('  a ')}}", "ANN ann a")]
    [InlineData("{{length(name)}} {{length(list)}} {{length(emoji)}}", "3 2 2")]
    [InlineData("{{number(big)}} {{number(big, 2)}} {{number(big, 1, 'de')}}", "1,234,567.891 1,234,567.89 1.234.567,9")]
    [InlineData("{{percent(share)}} {{percent(share, 1, 'en-US')}}", "26% 25.6%")]
    [InlineData("{{currency(price, 'USD')}} {{currency(0 - big, 'JPY')}} {{currency(5, 'CHF')}}", "$2.50 -¥1,234,568 CHF 5.00")]
    [InlineData("{{currency(big, 'EUR', 'de')}}", "1.234.567,89 €")]
    [InlineData("{{#if quantity > 3}}a{{else}}b{{/if}}{{#if nickname == null}}c{{/if}}{{#if nickname > 1}}d{{/if}}", "bc")]
    [InlineData("{{#each list as x}}{{@number * 10 + @index}}{{x + (@last ? '.' : ', ')}}{{/each}}", "10a, 21b.")]
    [InlineData("{{'a.b {{' + \"it's \\\"\" + 'x'}}", "a.b {{it's \"x")]
    [InlineData("{{evil + '{{name'}}", "{{name}} + 1{{name")]
    public void Computes(string text, string filled)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            var reading = Read("=" + text);

            Assert.Empty(reading.Problems);
            Assert.Equal("=" + filled, Filled(reading).Replace(' ', ' ').Replace(' ', ' '));
        }
        finally { CultureInfo.CurrentCulture = culture; }
    }

    [Theory]
    [InlineData("{{price *}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{price = 2}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{price // 2}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{2 ** 3}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{5!}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{[price] + 1}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{#2026-01-01# > 1}}", "/template/tracks/0/clips/0/text", "unknown_placeholder")]
    [InlineData("{{1e999 * 1}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{'open + 1}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{#if price >}}x{{/if}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{#if sold}}{{1 +}}{{/if}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{now()}}", "/template/tracks/0/clips/0/text", "unknown_function")]
    [InlineData("{{system.io.file('x')}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{round()}}", "/template/tracks/0/clips/0/text", "invalid_expression")]
    [InlineData("{{prize * 2}}", "/template/tracks/0/clips/0/text", "unknown_placeholder")]
    [InlineData("{{nickname * 2}}", "/input/nickname", "missing_input")]
    [InlineData("{{#if nickname * 2 > 1}}x{{/if}}", "/input/nickname", "missing_input")]
    [InlineData("{{name * 2}}", "/input/name", "wrong_type")]
    [InlineData("{{name > 2}}", "/input/name", "wrong_type")]
    [InlineData("{{list + 'x'}}", "/input/list", "wrong_type")]
    [InlineData("{{upper(item.price)}}", "/input/item/price", "wrong_type")]
    [InlineData("{{price / zero}}", "/input/zero", "out_of_range")]
    [InlineData("{{1 / 0}}", "/template/tracks/0/clips/0/text", "out_of_range")]
    [InlineData("{{big * 79228162514264337593543950335}}", "/input/big", "out_of_range")]
    [InlineData("{{round(price, 99)}}", "/template/tracks/0/clips/0/text", "out_of_range")]
    [InlineData("{{currency(price, 'euro')}}", "/template/tracks/0/clips/0/text", "out_of_range")]
    [InlineData("{{number(price, 1, 'klingon')}}", "/template/tracks/0/clips/0/text", "out_of_range")]
    public void Tells_what_it_cannot_compute(string text, string pointer, string code)
    {
        var problem = Assert.Single(Read(text).Problems);

        Assert.Equal((pointer, code), (problem.Pointer, problem.Code));
    }

    [Fact]
    public void Gives_values_their_types_and_decides_on_parts()
    {
        var reading = Read("""
            {"duration":"{{quantity * 2}}","tracks":[{"clips":[
              {"{{#if quantity > 2}}":{"type":"color","color":"red","opacity":"{{price / 10}}"},"{{else}}":{"type":"color","color":"blue"}},
              {"{{#if quantity > 3}}":{"type":"color","color":"lime"}}]}]}
            """, whole: true);

        Assert.Empty(reading.Problems);
        Assert.Equal(6, reading.Template!.Duration);
        Assert.Equal(("red", 0.25), reading.Template.Tracks[0].Clips is [ColorClip only] ? (only.Color, only.Opacity) : default);
    }

    [Fact]
    public void Points_at_a_condition_that_is_none()
    {
        var problem = Assert.Single(Read("""{"tracks":[{"clips":[{"{{#if price >}}":{"type":"color","color":"red"}}]}]}""", whole: true).Problems);

        Assert.Equal(("/template/tracks/0/clips/0/{{#if price >}}", "invalid_expression"), (problem.Pointer, problem.Code));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("1+")]
    [InlineData("f(")]
    [InlineData("a?")]
    [InlineData("'")]
    [InlineData("@")]
    public void Has_limits(string piece)
    {
        foreach (var count in new[] { 20, 200, 100_000 })
            Assert.NotEmpty(Read("{{" + string.Concat(Enumerable.Repeat(piece, count)) + "}}").Problems);
    }

    [Fact]
    public void Ends_loops_that_would_turn_for_ever()
    {
        const string nothing = "{{#each list as a}}{{#each list as b}}{{#each list as c}}{{#each list as d}}{{/each}}{{/each}}{{/each}}{{/each}}";
        var problem = Assert.Single(Read(nothing, $$"""{"list":[{{string.Join(",", Enumerable.Repeat("0", 1000))}}]}""").Problems);

        Assert.Equal(("/template", "limit_exceeded"), (problem.Pointer, problem.Code));
    }

    [Fact]
    public void Stores_a_template_whose_formula_only_an_example_would_break() =>
        Assert.Empty(TemplateReader.Check(JsonElement.Parse("""
            {"inputs":{"type":"object","properties":{"sum":{"type":"number"},"count":{"type":"integer","minimum":0}},"required":["sum","count"]},
             "tracks":[{"clips":[{"type":"text","text":"{{round(sum / count, 1)}}"}]}]}
            """)));

    private static string Filled(TemplateReading reading) => ((TextClip)reading.Template!.Tracks[0].Clips[0]).Text;

    private static TemplateReading Read(string text, string input = Input) =>
        Read(JsonSerializer.Serialize(new { tracks = new[] { new { clips = new[] { new { type = "text", text } } } } }), whole: true, input);

    private static TemplateReading Read(string template, bool whole, string input = Input)
    {
        Assert.True(whole);
        var document = System.Text.Json.Nodes.JsonNode.Parse(template)!.AsObject();
        var values = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(input)!;
        document["inputs"] = new System.Text.Json.Nodes.JsonObject
        {
            ["type"] = "object",
            ["properties"] = new System.Text.Json.Nodes.JsonObject(values.Keys.Append("nickname").Select(name => KeyValuePair.Create(name, (System.Text.Json.Nodes.JsonNode?)new System.Text.Json.Nodes.JsonObject()))),
        };
        return TemplateReader.Read(JsonSerializer.SerializeToElement(document), values);
    }
}
