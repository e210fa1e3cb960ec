namespace Platform.Artifacts;

/// <summary>What expiry needs beyond <see cref="IArtifactStore"/>.</summary>
public interface IArtifactMaintenance
{
    /// <summary>Most bytes that the store is to hold, or null where there is no such limit.</summary>
    long? MaxBytes { get; }

    /// <summary>Removes uploads that began before <paramref name="before"/> and were never finished: their writers are dead. Says how many.</summary>
    Task<int> RemovePartialsAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Asks the store a small question. Throws <see cref="ArtifactStoreException"/> when it cannot be used.</summary>
    Task ProbeAsync(CancellationToken cancellation);
}
