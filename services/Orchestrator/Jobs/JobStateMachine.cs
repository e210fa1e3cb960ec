using MassTransit;
using Platform.Contracts;
using Platform.JobStore.Jobs;

namespace Platform.Orchestrator.Jobs;

/// <summary>
/// The life of a job: state, event, steps. Messages come at least once and in any order; what an event means to a stage that is past it is decided in
/// <see cref="JobRules"/> by one rule, <c>IsCurrent</c>. The row is there before the first message: the Gateway writes it.
/// </summary>
internal sealed class JobStateMachine : MassTransitStateMachine<JobState>
{
    public JobStateMachine(JobSteps steps)
    {
        InstanceState(job => job.CurrentState);
        ForJob(() => Submitted, message => message.JobId);
        ForJob(() => Resumed, message => message.JobId);
        ForJob(() => CancelRequested, message => message.JobId);
        ForJob(() => RetryRequested, message => message.JobId);
        ForJob(() => StageStarted, message => message.JobId);
        ForJob(() => StageCompleted, message => message.JobId);
        ForJob(() => StageExpanded, message => message.JobId);
        ForJob(() => StageFailed, message => message.JobId);

        During(Queued,
            When(Submitted)
                .Then(steps.Plan)
                .ThenAsync(steps.DispatchReadyStages)
                .TransitionTo(Running),
            When(Resumed)                                   // the submission was lost with its process
                .Then(steps.Plan)
                .ThenAsync(steps.DispatchReadyStages)
                .TransitionTo(Running),
            When(CancelRequested)
                .ThenAsync(steps.Cancel)
                .TransitionTo(Cancelled));

        During(Running, Publishing,
            When(StageStarted)
                .ThenAsync(steps.Begin)
                .If(job => job.Saga.HasFailed, failed => failed.ThenAsync(steps.Fail).TransitionTo(Failed)),
            When(StageExpanded)
                .Then(JobSteps.Expand)
                .ThenAsync(steps.DispatchReadyStages)
                .If(job => job.Saga.HasFailed, failed => failed.ThenAsync(steps.Fail).TransitionTo(Failed)),
            When(StageFailed)
                .ThenAsync(steps.RetryOrFail)
                .If(job => job.Saga.HasFailed, failed => failed.ThenAsync(steps.Fail).TransitionTo(Failed)),
            When(Resumed)
                .ThenAsync(steps.Resume)
                .If(job => job.Saga.HasFailed, failed => failed.ThenAsync(steps.Fail).TransitionTo(Failed)),
            When(CancelRequested)
                .ThenAsync(steps.Cancel)
                .IfElse(job => job.Saga.AllStagesEnded, ended => ended.TransitionTo(Cancelled), waiting => waiting.TransitionTo(Cancelling)),
            Ignore(Submitted),
            Ignore(RetryRequested));

        During(Running, Publishing,
            When(StageCompleted)
                .ThenAsync(steps.Keep)                      // fills the stage's slot: safe to repeat, unlike a counter
                .ThenAsync(steps.DispatchReadyStages)
                .If(job => job.Saga.HasFailed, failed => failed.ThenAsync(steps.Fail).TransitionTo(Failed))
                .If(job => job.Saga.AllStagesCompleted, done => done.ThenAsync(steps.Complete).TransitionTo(Completed)));

        During(Running,
            When(StageCompleted, job => job.Saga.OnlyPublicationIsLeft)
                .ThenAsync(steps.RecordPublishing)
                .TransitionTo(Publishing));

        During(Cancelling,                                  // until the workers say that nothing runs any more, or the sweeper has waited long enough
            When(StageCompleted)
                .ThenAsync(steps.EndCancelled)
                .If(job => job.Saga.AllStagesEnded, ended => ended.TransitionTo(Cancelled)),
            When(StageFailed)
                .ThenAsync(steps.EndCancelled)
                .If(job => job.Saga.AllStagesEnded, ended => ended.TransitionTo(Cancelled)),
            When(Resumed)
                .ThenAsync(steps.EndCancelling)
                .If(job => job.Saga.AllStagesEnded, ended => ended.TransitionTo(Cancelled)),
            Ignore(Submitted), Ignore(StageStarted), Ignore(StageExpanded), Ignore(CancelRequested), Ignore(RetryRequested));

        During(Failed,
            When(RetryRequested)
                .ThenAsync(steps.Retry)
                .ThenAsync(steps.DispatchReadyStages)
                .TransitionTo(Running)
                .If(job => job.Saga.HasFailed, failed => failed.ThenAsync(steps.Fail).TransitionTo(Failed)));

        During(Completed, Cancelled, Ignore(RetryRequested));
        During(Completed, Failed, Cancelled,
            Ignore(Submitted), Ignore(Resumed), Ignore(CancelRequested),
            Ignore(StageStarted), Ignore(StageCompleted), Ignore(StageExpanded), Ignore(StageFailed));
        During(Queued,                                      // of stages that nobody dispatched: from before a restored backup, for one
            Ignore(StageStarted), Ignore(StageCompleted), Ignore(StageExpanded), Ignore(StageFailed), Ignore(RetryRequested));
    }

    public State Queued { get; private set; } = null!;
    public State Running { get; private set; } = null!;
    public State Publishing { get; private set; } = null!;
    public State Cancelling { get; private set; } = null!;
    public State Completed { get; private set; } = null!;
    public State Failed { get; private set; } = null!;
    public State Cancelled { get; private set; } = null!;

    public Event<JobSubmitted> Submitted { get; private set; } = null!;
    public Event<ResumeJob> Resumed { get; private set; } = null!;
    public Event<CancelJob> CancelRequested { get; private set; } = null!;
    public Event<RetryJob> RetryRequested { get; private set; } = null!;
    public Event<StageStarted> StageStarted { get; private set; } = null!;
    public Event<StageCompleted> StageCompleted { get; private set; } = null!;
    public Event<StageExpanded> StageExpanded { get; private set; } = null!;
    public Event<StageFailed> StageFailed { get; private set; } = null!;

    // A job without a row was purged: nothing to do.
    private void ForJob<T>(System.Linq.Expressions.Expression<Func<Event<T>>> e, Func<T, Guid> jobId) where T : class =>
        Event(e, x =>
        {
            x.CorrelateById(context => jobId(context.Message));
            x.OnMissingInstance(missing => missing.Discard());
        });
}
