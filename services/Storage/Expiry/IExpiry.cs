namespace Platform.Storage.Expiry;

/// <summary>Removes from the artifact store what nobody needs any more.</summary>
public interface IExpiry
{
    /// <summary>
    /// Looks at everything in the store once. An artifact goes when no job refers to it any more and it has not been touched for an hour; a manifest
    /// goes with the first artifact that it names; unfinished uploads and old marks go. A folder that is still over its limit loses first what nobody refers to, then, soonest first,
    /// what ended jobs need for less than a day. Results go with their jobs, never here. May run in several processes at once.
    /// </summary>
    Task<Expired> SweepAsync(CancellationToken cancellation);
}

/// <summary>What a sweep removed, and what is left.</summary>
/// <param name="Artifacts">Artifacts that nobody referred to.</param>
/// <param name="Manifests">Manifests that had lost a file.</param>
/// <param name="Marks">Marks of work cancelled long ago.</param>
/// <param name="Partials">Uploads never finished.</param>
/// <param name="Bytes">Length of all that was removed, unfinished uploads apart.</param>
/// <param name="BytesLeft">Length of all that is left.</param>
public sealed record Expired(int Artifacts, int Manifests, int Marks, int Partials, long Bytes, long BytesLeft);
