using System.Text.RegularExpressions;

namespace Platform.Artifacts;

/// <summary>
/// Names in the store: <c>TENANT/artifacts/SHA256</c>, <c>TENANT/stages/FINGERPRINT.json</c>, <c>TENANT/marks/NAME</c>, <c>TENANT/results/JOB/NAME</c>, where a NAME may lie in one folder. Pure. Every part is
/// checked against an allow list before it becomes a path or a key: what is not on it is a bug of the caller, an <see cref="ArgumentException"/>.
/// </summary>
public static partial class ArtifactKeys
{
    public static string Artifact(string tenant, string sha256) => $"{Tenant(tenant)}/artifacts/{Checked(Hash(), sha256)}";

    public static string Manifest(string tenant, string fingerprint) => $"{Tenant(tenant)}/stages/{Checked(Hash(), fingerprint)}.json";

    public static string Mark(string tenant, string name) => $"{Tenant(tenant)}/marks/{Checked(MarkName(), name)}";

    public static string Results(string tenant, Guid jobId) => $"{Tenant(tenant)}/results/{jobId:D}/";

    public static string Result(string tenant, Guid jobId, string name) => Results(tenant, jobId) + Checked(FileName(), name);

    /// <summary>Takes a key apart into tenant, kind (<c>artifacts</c>, <c>stages</c>, <c>marks</c>, <c>results</c>) and the rest; null for anything else in the store.</summary>
    public static (string Tenant, string Kind, string Name)? Parse(string key) =>
        key.Split('/', 3) is [var tenant, ("artifacts" or "stages" or "marks" or "results") and var kind, var name] && TenantName().IsMatch(tenant)
            ? (tenant, kind, name)
            : null;

    /// <summary>A key that came from a listing, on its way back to be deleted.</summary>
    internal static string Whole(string key) => Checked(AnyKey(), key);

    /// <summary>A prefix to list below.</summary>
    internal static string Prefix(string prefix) => prefix.Length == 0 ? prefix : Checked(AnyPrefix(), prefix);

    private static string Tenant(string tenant) => Checked(TenantName(), tenant);

    private static string Checked(Regex allowed, string text) =>
        allowed.IsMatch(text) ? text : throw new ArgumentException($"not a name in the artifact store: does not match {allowed}");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\z")] private static partial Regex TenantName();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")] private static partial Regex Hash();

    [GeneratedRegex(@"^[a-z0-9~-][a-z0-9~.-]{0,149}\z")] private static partial Regex MarkName();

    [GeneratedRegex(@"^(?=.{1,200}\z)([A-Za-z0-9_-][A-Za-z0-9._-]*/)?[A-Za-z0-9_-][A-Za-z0-9._-]*\z")] private static partial Regex FileName();

    // No segment may begin with a dot, the folder store's own .partial apart.
    [GeneratedRegex(@"^(\.partial/)?[A-Za-z0-9~_-][A-Za-z0-9~._-]*(/[A-Za-z0-9~_-][A-Za-z0-9~._-]*)*\z")] private static partial Regex AnyKey();

    [GeneratedRegex(@"^(\.partial/)?([A-Za-z0-9~_-][A-Za-z0-9~._-]*/?)*\z")] private static partial Regex AnyPrefix();
}
