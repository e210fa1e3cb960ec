using System.Text.Json;
using Platform.Contracts;
using Platform.JobStore.Jobs;
using Platform.Orchestrator.Jobs;
using Platform.Planning;

namespace Platform.Orchestrator.Tests;

public sealed class ResultFileTests
{
    [Fact]
    public void Names_films_and_what_belongs_to_them()
    {
        var job = Job("""{"stages":{"page":{"type":"capture","url":"https://e.com"},"subs":{"type":"caption","video":"@page"}}}""");
        Make(job, "page", ("video", "video/mp4"), ("thumbnail", "image/png"));
        Make(job, "subs", ("video", "video/mp4"), ("srt", "application/x-subrip"), ("vtt", "text/vtt"), ("ass", "text/x-ssa"), ("words", "application/json"));

        Assert.Equal(["subs.mp4", "subs.srt", "subs.vtt", "subs.ass", "subs.words.json", "thumbnail.png"], job.ResultFiles().Select(file => file.Name));
    }

    [Fact]
    public void Publishes_every_film_of_a_list_and_no_sidecar_that_was_not_made()
    {
        var job = Job("""{"stages":{"page":{"type":"capture","url":"https://e.com"},"voice":{"type":"render","template":"title-card"}},"outputs":["page","voice"]}""");
        job.Find("page")!.Outputs = new() { ["video"] = new StageOutput { IsList = true, Artifacts = [Film(1920, 1080), Film(1080, 1920)] } };
        Make(job, "voice", ("video", "audio/mpeg"));

        Assert.Equal(["page-1920x1080.mp4", "page-1080x1920.mp4", "voice.mp3"], job.ResultFiles().Select(file => file.Name));
        Assert.Equal(["@page", "@voice"], job.InputsOf(job.Find(JobPlanner.PublishStage)!).Keys);
    }

    [Fact]
    public void Publishes_files_that_call_each_other_by_name_in_a_folder_of_their_stage()
    {
        var job = Job("""{"stages":{"page":{"type":"capture","url":"https://e.com"},"web":{"type":"transcode","video":"@page","format":"hls"},"clip":{"type":"transcode","video":"@page"}},"outputs":["web","clip"]}""");
        Make(job, "page", ("video", "video/mp4"));
        Make(job, "clip", ("video", "video/mp4"));
        job.Find("web")!.Outputs = new()
        {
            ["video"] = new StageOutput { Artifacts = [Part("master.m3u8")] },
            ["parts"] = new StageOutput { IsList = true, Artifacts = [Part("360p.m3u8"), Part("360p.mp4")] },
        };

        Assert.Equal(["web/master.m3u8", "clip.mp4", "web/360p.m3u8", "web/360p.mp4"], job.ResultFiles().Select(file => file.Name));
    }

    private static Artifact Part(string name) => new() { Sha256 = new string('c', 64), Bytes = 1, ContentType = "video/mp4", Name = name };

    private static JobState Job(string document)
    {
        var reading = JobDocumentReader.Read(JsonElement.Parse(document));
        Assert.Empty(reading.Problems);
        return new JobState
        {
            Tenant = "acme",
            Document = reading.Job!,
            Outputs = [.. reading.Outputs],
            Stages = [.. JobPlanner.Plan(reading.Job!, reading.Outputs, new Dictionary<string, Artifact>()).Select(JobRules.ToState)],
            AcceptedAt = default,
            DeadlineAt = default,
        };
    }

    private static void Make(JobState job, string stage, params (string Name, string Type)[] outputs) => job.Find(stage)!.Outputs = outputs.ToDictionary(
        output => output.Name, output => new StageOutput { Artifacts = [new Artifact { Sha256 = new string('a', 64), Bytes = 1, ContentType = output.Type }] });

    private static Artifact Film(int width, int height) =>
        new() { Sha256 = new string('b', 64), Bytes = 1, ContentType = "video/mp4", Media = new MediaFacts { Width = width, Height = height } };
}
