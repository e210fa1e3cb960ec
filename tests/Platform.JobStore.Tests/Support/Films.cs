using System.Collections.Concurrent;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Platform.JobStore.Outbox;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Tests.Support;

public sealed record StartFilm(Guid JobId, int Scenes);
public sealed record SceneReady(Guid JobId, int Number);
public sealed record SceneBroken(Guid JobId);
public sealed record FilmReady(Guid JobId, int Scenes);
public sealed record FilmRemembered(Guid JobId);
public sealed record Note(Guid JobId, int Number);

public sealed class Film : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public int Scenes { get; set; }
    public int Ready { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public Guid? ReminderTokenId { get; set; }
}

/// <summary>Counts scenes: a lost update is a film that never gets ready.</summary>
public sealed class FilmStateMachine : MassTransitStateMachine<Film>
{
    public FilmStateMachine(TimeProvider time)
    {
        InstanceState(film => film.CurrentState);
        Event(() => Started, e => e.CorrelateById(x => x.Message.JobId));
        Event(() => SceneDone, e => { e.CorrelateById(x => x.Message.JobId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => SceneFailed, e => { e.CorrelateById(x => x.Message.JobId); e.OnMissingInstance(m => m.Fault()); });
        Schedule(() => Reminder, film => film.ReminderTokenId, s =>
        {
            s.DelayProvider = x => x.Saga.Scenes == 9 ? TimeSpan.FromMilliseconds(300) : TimeSpan.FromHours(1);
            s.Received = e => e.CorrelateById(x => x.Message.JobId);
        });

        Initially(When(Started)
            .Then(x => (x.Saga.Scenes, x.Saga.StartedAt) = (x.Message.Scenes, time.GetUtcNow()))
            .Schedule(Reminder, x => new FilmRemembered(x.Saga.CorrelationId))
            .TransitionTo(Shooting));
        During(Shooting,
            Ignore(Started),
            When(SceneDone)
                .Then(x => x.Saga.Ready++)
                .If(x => x.Saga.Ready == x.Saga.Scenes, done => done
                    .Unschedule(Reminder)
                    .Publish(x => new FilmReady(x.Saga.CorrelationId, x.Saga.Ready))
                    .TransitionTo(Done)),
            When(SceneFailed)
                .Publish(x => new FilmReady(x.Saga.CorrelationId, -1))
                .Then(_ => throw new InvalidOperationException("A scene broke.")),
            When(Reminder.Received).Publish(x => new Note(x.Saga.CorrelationId, x.Saga.Ready)));
        During(Done, Ignore(Started), Ignore(SceneDone));
    }

    public State Shooting { get; private set; } = null!;
    public State Done { get; private set; } = null!;
    public Event<StartFilm> Started { get; private set; } = null!;
    public Event<SceneReady> SceneDone { get; private set; } = null!;
    public Event<SceneBroken> SceneFailed { get; private set; } = null!;
    public Schedule<Film, FilmRemembered> Reminder { get; private set; } = null!;
}

public abstract class FilmDbContext(DbContextOptions options) : StoreDbContext(options, "films")
{
    public DbSet<Film> Films => Set<Film>();
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Film>().ToTable("Film").HasKey(film => film.CorrelationId);
        modelBuilder.AddOutboxMessageEntity();
    }
}

internal sealed class PostgresFilmDbContext(DbContextOptions<PostgresFilmDbContext> options) : FilmDbContext(options);

internal sealed class SqliteFilmDbContext(DbContextOptions<SqliteFilmDbContext> options) : FilmDbContext(options);

/// <summary>What arrived, in the order of arrival, with its message id; lets a test wait for it.</summary>
public sealed class Inbox : IDisposable
{
    private readonly ConcurrentQueue<(object Message, Guid Id)> _messages = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public IEnumerable<(T Message, Guid Id)> Of<T>() => _messages.Where(m => m.Message is T).Select(m => ((T)m.Message, m.Id));

    public void Dispose() => _arrived.Dispose();

    public void Add(object message, Guid id)
    {
        _messages.Enqueue((message, id));
        _arrived.Release();
    }

    public async Task<IReadOnlyList<(T Message, Guid Id)>> WaitForAsync<T>(int count, Func<T, bool>? filter = null, double seconds = 60)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var found = Of<T>().Where(m => filter?.Invoke(m.Message) ?? true).ToList();
            if (found.Select(m => m.Id).Distinct().Count() >= count) return found;
            try { await _arrived.WaitAsync(limit.Token); }
            catch (OperationCanceledException) { throw new TimeoutException($"{found.Count} of {count} {typeof(T).Name} arrived within {seconds} s."); }
        }
    }
}

public sealed class InboxConsumer(Inbox inbox) : IConsumer<FilmReady>, IConsumer<Note>, IConsumer<Fault<SceneBroken>>
{
    public Task Consume(ConsumeContext<FilmReady> context) => Keep(context);
    public Task Consume(ConsumeContext<Note> context) => Keep(context);
    public Task Consume(ConsumeContext<Fault<SceneBroken>> context) => Keep(context);

    private Task Keep<T>(ConsumeContext<T> context) where T : class
    {
        inbox.Add(context.Message, context.MessageId!.Value);
        return Task.CompletedTask;
    }
}
