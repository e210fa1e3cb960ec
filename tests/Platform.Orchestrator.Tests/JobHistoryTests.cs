using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.JobStore.Jobs;

namespace Platform.Orchestrator.Tests;

/// <summary>Messages in any order and more than once never strand a job, never move it backwards, never end it twice.</summary>
public sealed class JobHistoryTests
{
    [Fact]
    public async Task Stands_every_order_of_six_events()
    {
        await using var saga = await SagaHarness.StartAsync();
        Func<Guid, object>[] events =
        [
            id => new JobSubmitted { JobId = id },
            id => new StageStarted { JobId = id, Stage = "page", Attempt = 1, Worker = "w" },
            id => SagaHarness.Completed(id, "page", 1),
            id => new StageFailed { JobId = id, Stage = "page", Attempt = 1, Failure = new StageFailure("x", FailureKind.Permanent, "x") },
            id => new CancelJob { JobId = id },
            id => SagaHarness.Completed(id, "publish~", 1),
        ];
        var jobs = new List<JobState>();
        var told = new List<Task>();

        foreach (var order in Permutations([0, 1, 2, 3, 4, 5]))
        {
            var job = saga.Accept(SagaHarness.OneStage);
            jobs.Add(job);
            told.AddRange(order.Select(index => saga.TellAsync(events[index](job.CorrelationId))));
        }
        await Task.WhenAll(told);       // before the clock moves: a cancel that comes after has its own time to wait
        saga.Clock.Advance(TimeSpan.FromSeconds(10));
        await Task.WhenAll(jobs.Concat(jobs).Select(job => saga.TellAsync(saga.Due(job))));

        Assert.Equal(720, jobs.Count);
        Assert.All(jobs, job => Assert.True(JobStates.IsEnd(job.CurrentState), job.CurrentState));
        Assert.All(jobs, job => Assert.Single(job.Events, e => JobEventTypes.IsFinal(e.Type)));
        Assert.All(jobs, job => Assert.True(JobEventTypes.IsFinal(job.Events[^1].Type), "something followed the end"));
        Assert.False(await saga.Bus.Published.Any<Fault>(new CancellationToken(true)));
    }

    [Fact]
    public async Task Stands_random_histories_with_duplicates_and_failures()
    {
        const int Jobs = 300;
        var world = new World(seed: 20261121);
        await using var saga = await SagaHarness.StartAsync(bus =>
        {
            bus.AddSingleton(world);
            bus.AddConsumer<Worker<CapturePage>>().Endpoint(e => e.Name = Queues.Capture);
            bus.AddConsumer<Worker<AddMusic>>().Endpoint(e => e.Name = Queues.Music);
            bus.AddConsumer<Worker<FetchMedia>>().Endpoint(e => e.Name = Queues.Fetch);
            bus.AddConsumer<Worker<PublishResult>>().Endpoint(e => e.Name = Queues.Publish);
        });
        var endpoint = await saga.Bus.Bus.GetSendEndpoint(new Uri($"exchange:{Queues.Jobs}"));

        var jobs = Enumerable.Range(0, Jobs).Select(_ => saga.Accept()).ToList();
        foreach (var job in jobs)
        {
            await endpoint.Send(new JobSubmitted { JobId = job.CorrelationId });
            if (world.Next(4) == 0) await endpoint.Send(new JobSubmitted { JobId = job.CorrelationId });
            if (world.Next(10) == 0) await endpoint.Send(new CancelJob { JobId = job.CorrelationId });
        }
        // Until all have ended, however slow the machine: a job that nothing moves any more runs into its deadline, and that is looked for below.
        while (jobs.Any(job => !JobStates.IsEnd(job.CurrentState)))
        {
            await saga.Bus.InactivityTask.WaitAsync(TimeSpan.FromMinutes(1));
            saga.Clock.Advance(TimeSpan.FromSeconds(30));
            foreach (var job in jobs.Where(job => !JobStates.IsEnd(job.CurrentState)).ToList())
                await saga.TellAsync(saga.Due(job) with { Resend = world.Next(5) == 0 });
        }

        Assert.DoesNotContain(jobs, job => job.Failure?.Cause.Code == "deadline_exceeded");
        Assert.All(jobs, job => Assert.Single(job.Events, e => JobEventTypes.IsFinal(e.Type)));
        Assert.Contains(jobs, job => job.CurrentState == JobStates.Completed);
        Assert.Contains(jobs, job => job.CurrentState == JobStates.Cancelled);
        Assert.All(jobs.Where(job => job.CurrentState == JobStates.Completed), job => Assert.True(job.Stages.All(stage => stage.Status == StageStatus.Completed)));
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 1
        ? [items]
        : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (int[])[item, .. rest]));

    /// <summary>Dice that many threads may throw.</summary>
    private sealed class World(int seed)
    {
        private readonly Random _random = new(seed);

        public int Next(int sides)
        {
            lock (_random) return _random.Next(sides);
        }
    }

    /// <summary>Answers like a worker on a bad day: twice, in the wrong order, late, or with a failure.</summary>
    private sealed class Worker<T>(World world) : IConsumer<T> where T : class
    {
        public async Task Consume(ConsumeContext<T> context)
        {
            var run = (StageRun)typeof(T).GetProperty("Run")!.GetValue(context.Message)!;
            List<object> answers = [new StageStarted { JobId = run.JobId, Stage = run.Stage, Attempt = run.Attempt, Worker = "w" }];
            answers.Add(world.Next(6) == 0
                ? new StageFailed { JobId = run.JobId, Stage = run.Stage, Attempt = run.Attempt, Failure = new StageFailure("test.failed", FailureKind.Transient, "Bad day.") }
                : SagaHarness.Completed(run.JobId, run.Stage, run.Attempt));
            if (world.Next(3) == 0) answers.Add(answers[world.Next(2)]);
            if (world.Next(3) == 0) answers.Reverse();
            if (world.Next(4) == 0) answers.Add(SagaHarness.Completed(run.JobId, run.Stage, run.Attempt - 1));
            foreach (var answer in answers) await context.Send(new Uri($"exchange:{Queues.Jobs}"), answer);
        }
    }
}
