using Platform.Contracts;
using Platform.JobStore.Jobs;
using Platform.Orchestrator.Jobs;
using Platform.Planning;

namespace Platform.Orchestrator.Tests;

public sealed class JobStateMachineTests
{
    [Fact]
    public async Task Runs_a_graph_to_its_end_each_stage_once()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();

        await saga.SubmitAsync(job);
        Assert.Equal((1, 1, 0), (saga.Sent<CapturePage>(), saga.Sent<FetchMedia>(), saga.Sent<AddMusic>()));

        await saga.CompleteAsync(job, "page");
        Assert.Equal(0, saga.Sent<AddMusic>());
        await saga.CompleteAsync(job, "fetch~1");
        Assert.Equal(1, saga.Sent<AddMusic>());
        await saga.CompleteAsync(job, "final");
        Assert.Equal(JobStates.Publishing, job.CurrentState);
        Assert.Equal(1, saga.Sent<PublishResult>());
        await saga.CompleteAsync(job, JobPlanner.PublishStage);

        Assert.Equal(JobStates.Completed, job.CurrentState);
        Assert.Equal(["final.mp4", "thumbnail.jpg"], job.Results.Keys);
        Assert.Equal(Enumerable.Range(2, job.Events.Count), job.Events.Select(e => e.Number));
        Assert.Single(job.Events, e => JobEventTypes.IsFinal(e.Type));
        Assert.Null(job.WakeAt);
    }

    [Fact]
    public async Task Encodes_the_picture_where_it_is_made_and_the_file_where_it_is_written()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();

        await saga.SubmitAsync(job);

        Assert.False(job.Find("page")!.Encode!.WritesResult);
        Assert.True(job.Find("final")!.Encode!.WritesResult);
    }

    [Fact]
    public async Task Tries_a_transient_failure_three_times_after_a_pause_that_grows()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept(SagaHarness.OneStage);
        await saga.SubmitAsync(job);

        await saga.FailAsync(job, "page", FailureKind.Transient);
        var first = job.Find("page")!.RetryAt - saga.Clock.GetUtcNow();
        Assert.Equal(1, saga.Sent<CapturePage>());
        await saga.SweepAsync(job, TimeSpan.FromSeconds(2));
        Assert.Equal(2, saga.Sent<CapturePage>());
        await saga.FailAsync(job, "page", FailureKind.Unknown, attempt: 2);
        Assert.InRange(first!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.InRange((job.Find("page")!.RetryAt - saga.Clock.GetUtcNow())!.Value, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
        await saga.SweepAsync(job, TimeSpan.FromSeconds(4));
        await saga.FailAsync(job, "page", FailureKind.Transient, attempt: 3, code: "capture.timeout");

        Assert.Equal(JobStates.Failed, job.CurrentState);
        Assert.Equal(("page", "capture.timeout"), (job.Failure!.Stage, job.Failure.Cause.Code));
        Assert.Equal(3, saga.Sent<CapturePage>());
    }

    [Fact]
    public async Task Does_not_retry_a_permanent_failure_and_stops_what_else_runs()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();
        await saga.SubmitAsync(job);
        await saga.StartAsync(job, "page");

        await saga.FailAsync(job, "fetch~1", FailureKind.Permanent, code: "fetch.not_found");

        Assert.Equal(JobStates.Failed, job.CurrentState);
        Assert.Equal([StageStatus.Failed, StageStatus.Cancelled, StageStatus.Skipped, StageStatus.Skipped],
            new[] { "fetch~1", "page", "final", JobPlanner.PublishStage }.Select(name => job.Find(name)!.Status));
        Assert.True(await saga.Bus.Published.Any<CancelStage>(p => p.Context.Message is { Stage: "page", Attempt: 1 }));
    }

    [Fact]
    public async Task Goes_on_with_a_failed_job_and_keeps_what_is_done()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();
        await saga.SubmitAsync(job);
        await saga.CompleteAsync(job, "page");
        await saga.FailAsync(job, "fetch~1", FailureKind.Permanent);

        await saga.TellAsync(new RetryJob { JobId = job.CorrelationId });
        Assert.Equal(JobStates.Running, job.CurrentState);
        Assert.Equal((1, 2), (saga.Sent<CapturePage>(), saga.Sent<FetchMedia>()));
        await saga.CompleteAsync(job, "fetch~1", attempt: 2);
        await saga.CompleteAsync(job, "final");
        await saga.CompleteAsync(job, JobPlanner.PublishStage);

        Assert.Equal(JobStates.Completed, job.CurrentState);
        Assert.Null(job.Failure);
    }

    [Fact]
    public async Task Goes_on_with_a_job_of_which_only_the_publication_failed()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept(SagaHarness.OneStage);
        await saga.SubmitAsync(job);
        await saga.CompleteAsync(job, "page");
        await saga.FailAsync(job, JobPlanner.PublishStage, FailureKind.Permanent);
        Assert.Equal(JobStates.Failed, job.CurrentState);

        await saga.TellAsync(new RetryJob { JobId = job.CorrelationId });
        await saga.CompleteAsync(job, JobPlanner.PublishStage, attempt: 2);

        Assert.Equal(JobStates.Completed, job.CurrentState);
    }

    [Fact]
    public async Task Waits_for_the_workers_word_before_it_says_cancelled()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();
        await saga.SubmitAsync(job);
        await saga.StartAsync(job, "page");

        await saga.TellAsync(new CancelJob { JobId = job.CorrelationId });
        Assert.Equal(JobStates.Cancelling, job.CurrentState);
        Assert.True(await saga.Bus.Published.Any<CancelStage>(p => p.Context.Message.Stage is null));
        await saga.FailAsync(job, "page", FailureKind.Permanent, code: "stage.cancelled");

        Assert.Equal(JobStates.Cancelled, job.CurrentState);
        Assert.Single(job.Events, e => JobEventTypes.IsFinal(e.Type));
    }

    [Fact]
    public async Task Does_not_wait_for_ever_for_a_dead_workers_word()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();
        await saga.SubmitAsync(job);
        await saga.StartAsync(job, "page");
        await saga.TellAsync(new CancelJob { JobId = job.CorrelationId });

        await saga.SweepAsync(job, JobRules.CancelGrace);

        Assert.Equal(JobStates.Cancelled, job.CurrentState);
    }

    [Fact]
    public async Task Waits_for_the_workers_word_though_a_look_from_before_the_cancel_comes_late()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();
        await saga.SubmitAsync(job);
        await saga.StartAsync(job, "page");
        saga.Clock.Advance(JobRules.Silence);
        var late = saga.Due(job);

        await saga.TellAsync(new CancelJob { JobId = job.CorrelationId });
        await saga.TellAsync(late);
        Assert.Equal(JobStates.Cancelling, job.CurrentState);

        await saga.SweepAsync(job, JobRules.CancelGrace);
        Assert.Equal(JobStates.Cancelled, job.CurrentState);
    }

    [Fact]
    public async Task Ends_a_cancelled_job_at_once_when_everything_was_started_anew()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();
        await saga.SubmitAsync(job);
        await saga.StartAsync(job, "page");
        await saga.TellAsync(new CancelJob { JobId = job.CorrelationId });

        await saga.TellAsync(new ResumeJob { JobId = job.CorrelationId, Resend = true });

        Assert.Equal(JobStates.Cancelled, job.CurrentState);
    }

    [Fact]
    public async Task Cancels_a_job_that_was_never_planned_and_never_starts_it()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();

        await saga.TellAsync(new CancelJob { JobId = job.CorrelationId });
        await saga.SubmitAsync(job);

        Assert.Equal(JobStates.Cancelled, job.CurrentState);
        Assert.Equal(0, saga.Sent<CapturePage>());
    }

    [Fact]
    public async Task Ends_an_attempt_that_keeps_killing_its_worker()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept(SagaHarness.OneStage);
        await saga.SubmitAsync(job);

        for (var i = 0; i < JobRules.MaxStarts; i++) await saga.StartAsync(job, "page");

        Assert.Equal(JobStates.Failed, job.CurrentState);
        Assert.Equal("stage.crashed", job.Failure!.Cause.Code);
        Assert.True(await saga.Bus.Published.Any<CancelStage>(p => p.Context.Message is { Stage: "page", Attempt: 1 }));
    }

    [Fact]
    public async Task Fails_a_job_whose_stage_names_a_file_that_was_not_made_and_fails_it_again_when_it_is_put_back()
    {
        await using var saga = await SagaHarness.StartAsync();
        // No scene has a voice, so there is no such stem though it is asked for: nobody can know before.
        var job = saga.Accept("""{"stages":{"film":{"type":"merge","stems":true,"scenes":[{"video":"https://cdn.example.com/a.mp4"}]},"final":{"type":"music","video":"@film","music":"@film.voice"}}}""");
        await saga.SubmitAsync(job);
        await saga.CompleteAsync(job, "fetch~1");

        await saga.CompleteAsync(job, "film");

        Assert.Equal(JobStates.Failed, job.CurrentState);
        Assert.Equal(("final", "stage.missing_input"), (job.Failure!.Stage, job.Failure.Cause.Code));
        Assert.Equal((StageStatus.Completed, StageStatus.Skipped), (job.Find("film")!.Status, job.Find(JobPlanner.PublishStage)!.Status));

        await saga.TellAsync(new RetryJob { JobId = job.CorrelationId });

        Assert.Equal(JobStates.Failed, job.CurrentState);
        Assert.Equal(2, job.Events.Count(e => e.Type == JobEventTypes.Failed));
        Assert.Equal(0, saga.Sent<AddMusic>());
    }

    [Fact]
    public async Task Tries_a_silent_stage_again_and_ignores_its_late_answer()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept(SagaHarness.OneStage);
        await saga.SubmitAsync(job);
        await saga.StartAsync(job, "page");

        await saga.SweepAsync(job, JobRules.Silence, silent: "page");
        await saga.SweepAsync(job, TimeSpan.FromSeconds(2));
        Assert.Equal(2, job.Find("page")!.Attempt);
        await saga.FailAsync(job, "page", FailureKind.Permanent, attempt: 1);

        Assert.Equal(JobStates.Running, job.CurrentState);
        Assert.Equal(StageStatus.Ready, job.Find("page")!.Status);
    }

    [Fact]
    public async Task Fails_a_job_at_its_deadline_even_if_nobody_works()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept(SagaHarness.OneStage.Replace("}}", "}},\"deadline\":60", StringComparison.Ordinal));
        await saga.SubmitAsync(job);
        Assert.Equal(job.DeadlineAt, job.WakeAt);

        await saga.SweepAsync(job, TimeSpan.FromSeconds(60));

        Assert.Equal(JobStates.Failed, job.CurrentState);
        Assert.Equal("deadline_exceeded", job.Failure!.Cause.Code);
    }

    [Fact]
    public async Task Sends_outstanding_commands_again_with_the_same_attempt()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();
        await saga.SubmitAsync(job);
        await saga.StartAsync(job, "page");

        await saga.TellAsync(new ResumeJob { JobId = job.CorrelationId, Resend = true });

        Assert.Equal(2, saga.Sent<CapturePage>(message => message.Run.Attempt == 1));
        Assert.Equal(2, saga.Sent<FetchMedia>(message => message.Run.Attempt == 1));
        Assert.Equal(0, saga.Sent<AddMusic>());
    }

    [Fact]
    public async Task Plans_a_queued_job_whose_submission_was_lost()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept();

        await saga.TellAsync(new ResumeJob { JobId = job.CorrelationId, Resend = true });
        await saga.SubmitAsync(job);

        Assert.Equal(JobStates.Running, job.CurrentState);
        Assert.Equal(1, saga.Sent<CapturePage>());
    }

    [Fact]
    public async Task Lets_a_stage_become_several()
    {
        await using var saga = await SagaHarness.StartAsync();
        var job = saga.Accept("""{"stages":{"page":{"type":"capture","url":"https://example.com"},"final":{"type":"music","video":"@page","music":"https://cdn.example.com/bed.mp3"}}}""");
        await saga.SubmitAsync(job);
        await saga.CompleteAsync(job, "page");
        await saga.CompleteAsync(job, "fetch~1");
        await saga.StartAsync(job, "final");
        var part = """{"type":"music","video":"@page","music":"https://cdn.example.com/bed.mp3"}""";
        var join = """{"type":"music","video":"@final~1","music":"https://cdn.example.com/bed.mp3"}""";

        var expansion = new StageExpanded
        {
            JobId = job.CorrelationId,
            Stage = "final",
            Attempt = 1,
            Stages = new Dictionary<string, System.Text.Json.JsonElement>
            {
                ["final~1"] = System.Text.Json.JsonElement.Parse(part),
                ["final~all"] = System.Text.Json.JsonElement.Parse(join),
            },
            Result = "final~all",
        };
        await saga.TellAsync(expansion);
        await saga.TellAsync(expansion);
        Assert.Equal(1, saga.Sent<AddMusic>(m => m.Run.Stage == "final~1"));
        await saga.CompleteAsync(job, "final~1");
        await saga.CompleteAsync(job, "final~all");
        Assert.Equal(JobStates.Publishing, job.CurrentState);
        await saga.CompleteAsync(job, JobPlanner.PublishStage);

        Assert.Equal(JobStates.Completed, job.CurrentState);
        Assert.True(job.Find("final~all")!.Encode!.WritesResult);
        Assert.Null(job.Find("final~1")!.Encode);
    }
}
