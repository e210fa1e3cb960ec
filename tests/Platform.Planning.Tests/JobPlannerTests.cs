using System.Text.Json;
using Platform.Contracts;

namespace Platform.Planning.Tests;

public sealed class JobPlannerTests
{
    private static IReadOnlyList<PlannedStage> Plan(string document)
    {
        var reading = JobDocumentReader.Read(JsonElement.Parse(document));
        Assert.Empty(reading.Problems);
        return JobPlanner.Plan(reading.Job!, reading.Outputs, new Dictionary<string, Artifact>());
    }

    [Fact]
    public void Adds_one_fetch_per_url_and_the_publication_in_an_order_that_can_be_worked()
    {
        var plan = Plan("""
            {"stages":{"final":{"type":"music","video":"@page","music":["https://e.com/a.mp3","https://e.com/b.mp3","https://e.com/a.mp3"]},
                       "page":{"type":"capture","url":"https://e.com"}}}
            """);

        Assert.Equal(["fetch~1", "fetch~2", "page", "final", "publish~"], plan.Select(stage => stage.Name));
        Assert.Equal(["page", "fetch~1", "fetch~2"], plan[3].Needs);
    }

    [Fact]
    public void Encodes_for_the_result_whoever_makes_the_picture_and_whoever_writes_the_file()
    {
        var plan = Plan("""
            {"stages":{"page":{"type":"capture","url":"https://e.com"},
                       "soft":{"type":"music","video":"@page","music":"https://e.com/a.mp3"},
                       "final":{"type":"music","video":"@soft","music":"https://e.com/a.mp3"}},"encode":{"crf":20}}
            """).ToDictionary(stage => stage.Name);

        Assert.Equal((false, false, true), (plan["page"].Encode!.WritesResult, plan["soft"].Encode!.WritesResult, plan["final"].Encode!.WritesResult));
        Assert.Equal(20, plan["page"].Encode!.Settings.Crf);
        Assert.Null(plan["fetch~1"].Encode);
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("\"soft\"", true)]
    [InlineData("true", false)]
    [InlineData(null, false)]
    public void Encodes_a_picture_for_the_result_only_where_captions_copy_it(string? burn, bool copied)
    {
        var parameters = burn is null ? "" : $",\"burn\":{burn}";
        var plan = Plan("""{"stages":{"page":{"type":"capture","url":"https://e.com"},"final":{"type":"caption","video":"@page" """ + parameters + "}}}").ToDictionary(stage => stage.Name);

        Assert.Equal(copied, plan["page"].Encode is not null);
        Assert.True(plan["final"].Encode!.WritesResult);
    }

    [Fact]
    public void Publishes_subtitles_and_the_thumbnail_from_up_the_pictures_way_but_not_from_before_a_cut()
    {
        var publication = Plan("""
            {"stages":{"page":{"type":"capture","url":"https://e.com"},"inner":{"type":"caption","video":"@page"},"film":{"type":"merge","scenes":[{"video":"@inner"}]},
                       "subs":{"type":"caption","video":"@film"},"final":{"type":"music","video":"@subs","music":"https://e.com/a.mp3"}}}
            """)[^1];

        Assert.Equal(["@final", "@final.music", "@subs.srt", "@subs.vtt", "@subs.ass", "@subs.words", "@film.voice", "@film.effects"], publication.Inputs.Select(input => input.Text));
    }

    [Fact]
    public void Publishes_the_thumbnail_of_the_stage_that_made_the_picture()
    {
        var publication = Plan("""{"stages":{"page":{"type":"capture","url":"https://e.com"},"final":{"type":"music","video":"@page","music":"https://e.com/a.mp3"}}}""")[^1];

        Assert.Equal(["@final", "@final.music", "@page.thumbnail"], publication.Inputs.Select(input => input.Text));
    }
}
