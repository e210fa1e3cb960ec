using Platform.Contracts;
using Platform.Ffmpeg;

namespace Platform.Stages.Tests;

public sealed class StageRunnerTests
{
    [Fact]
    public async Task Keeps_outputs_and_answers_once_and_leaves_no_workspace()
    {
        await using var worker = await WorkerHarness.StartAsync(MakeFile);
        await worker.SendAsync(WorkerHarness.Run());

        var completed = (await worker.Answers.WaitAsync<StageCompleted>())[0];

        Assert.False(completed.Reused);
        Assert.Contains($"acme/{completed.Outputs["media"].Artifacts[0].Sha256}", worker.Store.Files.Keys);
        Assert.Contains("acme/f1", worker.Store.Manifests.Keys);
        Assert.Single(worker.Answers.Of<StageStarted>());
        Assert.Empty(worker.LeftWorkspaces);
    }

    [Fact]
    public async Task Answers_from_the_manifest_what_was_made_before()
    {
        var runs = 0;
        await using var worker = await WorkerHarness.StartAsync((work, token) => { Interlocked.Increment(ref runs); return MakeFile(work, token); });
        await worker.SendAsync(WorkerHarness.Run());
        await worker.Answers.WaitAsync<StageCompleted>();

        await worker.SendAsync(WorkerHarness.Run());

        Assert.True((await worker.Answers.WaitAsync<StageCompleted>(2))[1].Reused);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Works_again_when_a_file_of_the_manifest_is_gone()
    {
        await using var worker = await WorkerHarness.StartAsync(MakeFile);
        await worker.SendAsync(WorkerHarness.Run());
        await worker.Answers.WaitAsync<StageCompleted>();
        worker.Store.Files.Clear();

        await worker.SendAsync(WorkerHarness.Run());

        Assert.False((await worker.Answers.WaitAsync<StageCompleted>(2))[1].Reused);
    }

    [Fact]
    public async Task Does_not_reuse_another_tenants_work()
    {
        await using var worker = await WorkerHarness.StartAsync(MakeFile);
        await worker.SendAsync(WorkerHarness.Run(tenant: "acme"));
        await worker.Answers.WaitAsync<StageCompleted>();

        await worker.SendAsync(WorkerHarness.Run(tenant: "other"));

        Assert.False((await worker.Answers.WaitAsync<StageCompleted>(2))[1].Reused);
    }

    [Fact]
    public async Task Joins_equal_work_under_way_and_answers_each()
    {
        var runs = 0;
        var release = new TaskCompletionSource();
        await using var worker = await WorkerHarness.StartAsync(async (work, token) =>
        {
            Interlocked.Increment(ref runs);
            await release.Task.WaitAsync(token);
            return await MakeFile(work, token);
        });
        await worker.SendAsync(WorkerHarness.Run());
        await worker.SendAsync(WorkerHarness.Run());
        await worker.Answers.WaitAsync<StageStarted>(2);

        release.SetResult();

        var answers = await worker.Answers.WaitAsync<StageCompleted>(2);
        Assert.Equal(2, answers.Select(answer => answer.JobId).Distinct().Count());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_cancel_detaches_one_waiter_and_the_others_get_their_result()
    {
        var release = new TaskCompletionSource();
        await using var worker = await WorkerHarness.StartAsync(async (work, token) =>
        {
            await release.Task.WaitAsync(token);
            return await MakeFile(work, token);
        });
        StageRun first = WorkerHarness.Run(), second = WorkerHarness.Run();
        await worker.SendAsync(first);
        await worker.SendAsync(second);
        await worker.Answers.WaitAsync<StageStarted>(2);

        await worker.Bus.Bus.Publish(new CancelStage { JobId = first.JobId, Tenant = first.Tenant });
        var cancelled = (await worker.Answers.WaitAsync<StageFailed>())[0];
        release.SetResult();
        var completed = (await worker.Answers.WaitAsync<StageCompleted>())[0];

        Assert.Equal((first.JobId, "stage.cancelled"), (cancelled.JobId, cancelled.Failure.Code));
        Assert.Equal(second.JobId, completed.JobId);
    }

    [Fact]
    public async Task A_cancel_of_the_last_waiter_kills_the_run_and_says_so_when_nothing_is_left()
    {
        await using var worker = await WorkerHarness.StartAsync(async (work, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return await MakeFile(work, token);
        });
        var run = WorkerHarness.Run();
        await worker.SendAsync(run);
        await worker.Answers.WaitAsync<StageStarted>();

        await worker.Bus.Bus.Publish(new CancelStage { JobId = run.JobId, Tenant = run.Tenant });

        Assert.Equal("stage.cancelled", (await worker.Answers.WaitAsync<StageFailed>())[0].Failure.Code);
        Assert.Empty(worker.LeftWorkspaces);
        Assert.Empty(worker.Store.Manifests);
    }

    [Fact]
    public async Task Drops_a_command_that_was_cancelled_while_it_waited_in_its_queue()
    {
        var runs = 0;
        await using var worker = await WorkerHarness.StartAsync((work, token) => { Interlocked.Increment(ref runs); return MakeFile(work, token); });
        StageRun cancelled = WorkerHarness.Run("f1"), next = WorkerHarness.Run("f2");
        await worker.Store.MarkAsync("acme", CancelMarks.OfJob(cancelled.JobId), TestContext.Current.CancellationToken);

        await worker.SendAsync(cancelled);
        await worker.SendAsync(next);

        Assert.Equal(next.JobId, (await worker.Answers.WaitAsync<StageCompleted>())[0].JobId);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_mark_of_one_attempt_leaves_the_next_alone()
    {
        await using var worker = await WorkerHarness.StartAsync(MakeFile);
        var job = Guid.CreateVersion7();
        await worker.Store.MarkAsync("acme", CancelMarks.OfAttempt(job, "fetch~1", 1), TestContext.Current.CancellationToken);

        await worker.SendAsync(WorkerHarness.Run(job: job, attempt: 1));
        await worker.SendAsync(WorkerHarness.Run(job: job, attempt: 2));

        Assert.Equal(2, (await worker.Answers.WaitAsync<StageCompleted>())[0].Attempt);
        Assert.Single(worker.Answers.Of<StageCompleted>());
    }

    [Fact]
    public async Task Reports_a_failure_with_its_evidence()
    {
        await using var worker = await WorkerHarness.StartAsync(async (work, token) =>
        {
            var path = work.PathOf("screen.png");
            await File.WriteAllTextAsync(path, "picture", token);
            throw new StageException("capture.http_error", FailureKind.Permanent, "The page answered 403.")
            {
                Evidence = new Dictionary<string, OutputFile> { ["screenshot"] = new(path, "image/png") },
            };
        });

        await worker.SendAsync(WorkerHarness.Run());

        var failure = (await worker.Answers.WaitAsync<StageFailed>())[0].Failure;
        Assert.Equal(("capture.http_error", FailureKind.Permanent), (failure.Code, failure.Kind));
        Assert.Contains($"acme/{failure.Evidence["screenshot"].Sha256}", worker.Store.Files.Keys);
        Assert.Empty(worker.LeftWorkspaces);
    }

    [Theory]
    [InlineData(true, FailureKind.Transient)]
    [InlineData(false, FailureKind.Permanent)]
    public async Task Tells_what_a_media_tool_says_as_the_stage_s_failure(bool transient, FailureKind kind)
    {
        await using var worker = await WorkerHarness.StartAsync((_, _) => throw new MediaException("media.unreadable", transient, "No film."));

        await worker.SendAsync(WorkerHarness.Run());

        var failure = (await worker.Answers.WaitAsync<StageFailed>())[0].Failure;
        Assert.Equal(("media.unreadable", kind, "No film."), (failure.Code, failure.Kind, failure.Detail));
    }

    [Fact]
    public async Task Names_a_file_that_did_not_come()
    {
        await using var worker = await WorkerHarness.StartAsync(async (work, token) =>
        {
            await work.FetchAsync(new Dictionary<string, Artifact>(), Media.Parse("@page"), token);
            return await MakeFile(work, token);
        });

        await worker.SendAsync(WorkerHarness.Run());

        var failure = (await worker.Answers.WaitAsync<StageFailed>())[0].Failure;
        Assert.Equal("stage.missing_input", failure.Code);
        Assert.Contains("@page", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_attempt_after_a_failure_works_anew()
    {
        var runs = 0;
        await using var worker = await WorkerHarness.StartAsync((work, token) => Interlocked.Increment(ref runs) == 1
            ? throw new StageException("x.failed", FailureKind.Transient, "Once.")
            : MakeFile(work, token));
        var job = Guid.CreateVersion7();
        await worker.SendAsync(WorkerHarness.Run(job: job, attempt: 1));
        await worker.Answers.WaitAsync<StageFailed>();

        await worker.SendAsync(WorkerHarness.Run(job: job, attempt: 2));

        Assert.Equal(2, (await worker.Answers.WaitAsync<StageCompleted>())[0].Attempt);
    }

    [Fact]
    public async Task A_bug_ends_the_stage_and_goes_to_the_error_queue()
    {
        await using var worker = await WorkerHarness.StartAsync((_, _) => throw new InvalidOperationException("secret path /srv"));

        await worker.SendAsync(WorkerHarness.Run());

        var failure = (await worker.Answers.WaitAsync<StageFailed>())[0].Failure;
        Assert.Equal(("stage.internal_error", FailureKind.Unknown), (failure.Code, failure.Kind));
        Assert.DoesNotContain("/srv", failure.Detail, StringComparison.Ordinal);
        Assert.True(await worker.Bus.Published.Any<MassTransit.Fault<FetchMedia>>());
    }

    [Fact]
    public async Task Ends_a_stage_that_takes_too_long()
    {
        await using var worker = await WorkerHarness.StartAsync(async (work, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return await MakeFile(work, token);
        });

        await worker.SendAsync(WorkerHarness.Run(timeout: TimeSpan.FromMilliseconds(100)));

        Assert.Equal("stage.timeout", (await worker.Answers.WaitAsync<StageFailed>())[0].Failure.Code);
    }

    [Fact]
    public async Task Takes_no_work_without_room()
    {
        await using var worker = await WorkerHarness.StartAsync(MakeFile, new() { ["Stages:MinimumFreeBytes"] = long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture) });

        await worker.SendAsync(WorkerHarness.Run());

        Assert.Equal("stage.disk_full", (await worker.Answers.WaitAsync<StageFailed>())[0].Failure.Code);
    }

    [Fact]
    public async Task Tells_progress_while_it_works()
    {
        var told = new TaskCompletionSource();
        await using var worker = await WorkerHarness.StartAsync(async (work, token) =>
        {
            work.Report(0.5, "filming");
            await told.Task.WaitAsync(token);
            return await MakeFile(work, token);
        });
        await worker.SendAsync(WorkerHarness.Run());

        var progress = (await worker.Answers.WaitAsync<StageProgressed>(filter: p => p.Progress > 0))[0];
        told.SetResult();

        Assert.Equal((0.5, "filming"), (progress.Progress, progress.Activity));
        await worker.Answers.WaitAsync<StageCompleted>();
    }

    [Fact]
    public async Task A_lost_delivery_is_joined_by_its_redelivery()
    {
        var runs = 0;
        var release = new TaskCompletionSource();
        await using var worker = await WorkerHarness.StartAsync(async (work, token) =>
        {
            Interlocked.Increment(ref runs);
            await release.Task.WaitAsync(token);
            return await MakeFile(work, token);
        });
        var run = WorkerHarness.Run();
        var lost = worker.Registry.Join(run, (_, _) => throw new InvalidOperationException("begun below"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => lost.Active.Outcome);
        worker.Registry.Lose(lost);

        var other = WorkerHarness.Run("f2");
        await worker.SendAsync(other);
        await worker.Answers.WaitAsync<StageStarted>(filter: s => s.JobId == other.JobId);
        await worker.SendAsync(other);      // the same attempt again, as after a lost connection
        release.SetResult();
        await worker.Answers.WaitAsync<StageCompleted>(2);

        Assert.Equal(1, runs);
        Assert.Single(worker.Answers.Of<StageStarted>(), s => s.JobId == other.JobId);
    }

    private static async Task<StageResult> MakeFile(StageWork work, CancellationToken cancellation)
    {
        var path = work.PathOf("out.bin");
        await File.WriteAllTextAsync(path, "made", cancellation);
        return new StageResult { Files = new Dictionary<string, OutputFile> { ["media"] = new(path, "application/octet-stream") } };
    }
}
