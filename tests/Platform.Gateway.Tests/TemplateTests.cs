using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Gateway.Tests.Support;

namespace Platform.Gateway.Tests;

public sealed class TemplateTests(GatewayApp app)
{
    private const string Hello = """
        { "duration": 2, "inputs": { "description": "Says a word.", "properties": { "word": { "type": "string", "default": "Hello" } } },
          "tracks": [ { "clips": [ { "type": "text", "text": "{{word}}" } ] } ] }
        """;

    [Fact]
    public async Task Stores_versions_and_shows_the_one_in_force()
    {
        using var first = await app.Client.PutJsonAsync("/v1/templates/hello", Hello);
        using var same = await app.Client.PutJsonAsync("/v1/templates/hello", Hello.Replace("  ", " ", StringComparison.Ordinal));
        using var second = await app.Client.PutJsonAsync("/v1/templates/hello", Hello.Replace("\"duration\": 2", "\"duration\": 3", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, same.StatusCode, second.StatusCode));
        int[] versions = await Task.WhenAll(new[] { first, same, second }.Select(async response => (await response.ReadJsonAsync()).GetProperty("version").GetInt32()));
        Assert.Equal([1, 1, 2], versions);
        Assert.Equal(3, await DurationAsync("hello"));
        Assert.Equal(2, await DurationAsync("hello@1"));
        var listed = (await (await app.Client.GetAsync("/v1/templates")).ReadJsonAsync()).GetProperty("items").EnumerateArray().Single(item => item.Text("name") == "hello");
        Assert.Equal((2, false, "Says a word."), (listed.GetProperty("version").GetInt32(), listed.GetProperty("library").GetBoolean(), listed.Text("description")));
        Assert.False(listed.TryGetProperty("template", out _));
    }

    [Fact]
    public async Task A_template_belongs_to_its_tenant()
    {
        using var _ = await app.Client.PutJsonAsync("/v1/templates/own", Hello);

        Assert.Equal(HttpStatusCode.NotFound, (await app.Other.GetAsync("/v1/templates/own")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Other.DeleteAsync("/v1/templates/own")).StatusCode);
        using var job = await app.Other.PostJsonAsync("/v1/render", """{"template":"own"}""");
        Assert.Equal("unknown_template", (await job.ReadJsonAsync()).GetProperty("errors")[0].Text("code"));
        Assert.Equal(HttpStatusCode.Forbidden, (await app.ClientOf(app.ReadKey).PutJsonAsync("/v1/templates/own", Hello)).StatusCode);
    }

    [Theory]
    [InlineData("..%2F..%2Fx")]
    [InlineData("Upper")]
    [InlineData("a%00b")]
    [InlineData("-a")]
    [InlineData("a%40b")]
    public async Task A_name_that_can_be_none_is_refused_and_not_found(string name)
    {
        using var put = await app.Client.PutJsonAsync($"/v1/templates/{name}", Hello);

        Assert.Contains(put.StatusCode, new[] { HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
        Assert.Contains((await app.Client.GetAsync($"/v1/templates/{name}")).StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
    }

    [Fact]
    public async Task A_long_name_is_refused()
    {
        using var put = await app.Client.PutJsonAsync($"/v1/templates/{new string('a', 300)}", Hello);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, put.StatusCode);
    }

    [Fact]
    public async Task A_template_with_mistakes_is_refused_with_their_places()
    {
        using var response = await app.Client.PutJsonAsync("/v1/templates/bad", """{"tracks":[{"clips":[{"type":"text"},{"type":"nonsense"}]}]}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(["/tracks/0/clips/0/text", "/tracks/0/clips/1/type"], (await response.ReadJsonAsync()).GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer")));
    }

    [Fact]
    public async Task A_job_keeps_the_template_that_it_was_accepted_with()
    {
        using var _ = await app.Client.PutJsonAsync("/v1/templates/kept", Hello);
        using var accepted = await app.Client.PostJsonAsync("/v1/render", """{"template":"kept","input":{"word":"{{word}} stays"}}""");
        Assert.True(accepted.StatusCode == HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await app.Client.DeleteAsync("/v1/templates/kept")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/v1/templates/kept")).StatusCode);

        var id = (await accepted.ReadJsonAsync()).GetProperty("id").GetGuid();
        var job = await app.WithDatabaseAsync(db => db.Jobs.AsNoTracking().SingleAsync(job => job.CorrelationId == id));
        var stage = job.Document.Stages["render"];
        Assert.Equal("{{word}} stays", stage.GetProperty("template").GetProperty("tracks")[0].GetProperty("clips")[0].Text("text"));
        Assert.False(stage.TryGetProperty("input", out var _));
    }

    [Fact]
    public async Task Problems_of_template_and_input_stand_where_the_caller_wrote_them()
    {
        using var _ = await app.Client.PutJsonAsync("/v1/templates/photo", """
            { "inputs": { "required": ["photo"], "properties": { "photo": { "type": "string", "format": "media" }, "count": { "type": "integer" } } },
              "tracks": [ { "clips": [ { "type": "image", "src": "{{photo}}", "length": 2 } ] } ] }
            """);

        using var response = await app.Client.PostJsonAsync("/v1/jobs", """
            { "stages": {
              "a": { "type": "render", "template": "photo", "input": { "photo": "@nothing" } },
              "b": { "type": "render", "template": "photo", "input": { "photo": "artifact:0000000000000000000000000000000000000000000000000000000000000000" } },
              "c": { "type": "render", "template": "photo", "input": { "count": "x" } },
              "d": { "type": "render", "template": "none" },
              "e": { "type": "render", "template": { "tracks": [ { "clips": [ { "type": "image", "src": "ftp://x/y", "length": 1 } ] } ] }, "media": [] },
              "f": { "type": "music", "video": "@a", "music": "https://example.com/a.mp3" } }, "output": "f" }
            """);

        var errors = (await response.ReadJsonAsync()).GetProperty("errors").EnumerateArray().Select(error => (error.Text("pointer"), error.Text("code"))).ToHashSet();
        Assert.Superset(
            new HashSet<(string, string)>
            {
                ("/stages/a/input/photo", "unknown_reference"), ("/stages/b/input/photo", "unknown_artifact"), ("/stages/c/input/photo", "missing_field"),
                ("/stages/c/input/count", "wrong_type"), ("/stages/d/template", "unknown_template"), ("/stages/e/template/tracks/0/clips/0/src", "invalid_media"), ("/stages/e/media", "not_allowed"),
            },
            errors);
    }

    [Fact]
    public async Task Files_of_a_template_are_fetched_and_waited_for_like_any_other()
    {
        using var response = await app.Client.PostJsonAsync("/v1/jobs?dryRun=true", """
            { "output": "film", "stages": {
              "page": { "type": "capture", "url": "https://example.com" },
              "film": { "type": "render", "template": { "tracks": [ { "clips": [
                { "type": "video", "src": "@page", "length": 3 }, { "type": "image", "src": "https://example.com/a.png", "length": 3 } ] } ] } } } }
            """);

        var stages = (await response.ReadJsonAsync()).GetProperty("stages").EnumerateArray().ToDictionary(stage => stage.Text("name"));
        Assert.Equal(["page", "fetch~1"], stages["film"].GetProperty("needs").EnumerateArray().Select(need => need.GetString()!));
    }

    [Fact]
    public async Task A_preview_is_a_workers_picture()
    {
        using var _ = await app.Client.PutJsonAsync("/v1/templates/seen", Hello);

        using var response = await app.Client.PostJsonAsync("/v1/templates/seen/preview?t=1.5", """{"word":"Now"}""");

        Assert.Equal((HttpStatusCode.OK, "image/png"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("Now at 1.5", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_preview_tells_mistakes_before_a_worker_is_asked()
    {
        using var _ = await app.Client.PutJsonAsync("/v1/templates/strict", Hello);

        using var wrong = await app.Client.PostJsonAsync("/v1/templates/strict/preview", """{"word":5}""");
        using var early = await app.Client.PostJsonAsync("/v1/templates/strict/preview?t=-1", "{}");
        using var none = await app.Client.PostJsonAsync("/v1/templates/no-such/preview", "{}");

        Assert.Equal("/word", (await wrong.ReadJsonAsync()).GetProperty("errors")[0].Text("pointer"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound), (early.StatusCode, none.StatusCode));
    }

    [Fact]
    public async Task A_preview_that_fails_says_why()
    {
        using var _ = await app.Client.PutJsonAsync("/v1/templates/failing", Hello);

        using var response = await app.Client.PostJsonAsync("/v1/templates/failing/preview", """{"word":"fail"}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("render.unknown_font", (await response.ReadJsonAsync()).Text("code"));
    }

    [Fact]
    public async Task A_lint_points_at_what_was_written()
    {
        const string looped = """{ "duration": 2, "tracks": [ { "clips": [ { "{{#if word}}": { "type": "text", "text": "{{word}}" } } ] } ] }""";
        using var _ = await app.Client.PutJsonAsync("/v1/templates/linted", looped);

        using var response = await app.Client.PostJsonAsync("/v1/templates/linted/lint?safeZone=tiktok", """{"word":"Now"}""");
        using var wrong = await app.Client.PostJsonAsync("/v1/templates/linted/lint?safeZone=cinema", """{"word":"Now"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var warning = (await response.ReadJsonAsync()).GetProperty("warnings")[0];
        Assert.Equal(("/template/tracks/0/clips/0/{{#if word}}", "text_outside_safe_zone", "tiktok", 1.5), (warning.Text("pointer"), warning.Text("code"), warning.Text("detail"), warning.GetProperty("at").GetDouble()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
    }

    private async Task<double> DurationAsync(string name) =>
        (await (await app.Client.GetAsync($"/v1/templates/{name}")).ReadJsonAsync()).GetProperty("template").GetProperty("duration").GetDouble();
}
