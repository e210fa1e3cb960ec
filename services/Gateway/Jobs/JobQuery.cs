using System.Globalization;
using Platform.Contracts;
using Platform.JobStore.Jobs;

namespace Platform.Gateway.Jobs;

/// <summary>What a list of jobs is asked for.</summary>
internal sealed record JobQuery
{
    private const string MetadataPrefix = "metadata.";
    private const int MaxLimit = 100;
    private const int MaxMetadata = 10;

    public IReadOnlyList<string> States { get; private init; } = [];
    public DateTimeOffset? CreatedAfter { get; private init; }
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; private init; } = [];
    public int Limit { get; private init; } = 20;
    public Guid? After { get; private init; }

    /// <summary>Reads a query string. Every problem is told, an unknown parameter too: a filter that is mistyped would show everything.</summary>
    public static JobQuery Read(IQueryCollection query, List<DocumentProblem> problems)
    {
        var result = new JobQuery();
        foreach (var (name, values) in query)
        {
            if (values.Count != 1 || values[0] is not { } value || value.Contains('\0')) Add(name, "not_allowed", "Give it once.");
            else if (name == "state") result = result with { States = ReadStates(value) };
            else if (name == "createdAfter") result = result with { CreatedAfter = ReadTime(value) };
            else if (name == "limit") result = result with { Limit = ReadLimit(value) };
            else if (name == "cursor") result = result with { After = ReadCursor(value) };
            else if (name.StartsWith(MetadataPrefix, StringComparison.Ordinal) && name.Length > MetadataPrefix.Length)
                result = result with { Metadata = [.. result.Metadata, new(name[MetadataPrefix.Length..], value)] };
            else Add(name, "unknown_parameter", "Known are state, createdAfter, metadata.KEY, limit and cursor.");
        }
        if (result.Metadata.Count > MaxMetadata) Add("metadata", "limit_exceeded", $"At most {MaxMetadata} at once.");
        return result;

        void Add(string name, string code, string detail) => problems.Add(new DocumentProblem($"?{name}", code, detail));

        IReadOnlyList<string> ReadStates(string text)
        {
            var states = text.Split(',').Select(word => JobStates.All.FirstOrDefault(state => JobAnswers.StateName(state) == word)).ToList();
            if (states.Contains(null)) Add("state", "not_allowed", $"Must be of {string.Join(", ", JobStates.All.Select(JobAnswers.StateName))}.");
            return [.. states.OfType<string>().Distinct()];
        }

        DateTimeOffset? ReadTime(string text)
        {
            string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
            var hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
            if (hasZone && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time.ToUniversalTime();
            Add("createdAfter", "invalid_format", "Must be a time with a zone, such as 2026-05-01T12:00:00Z.");
            return null;
        }

        int ReadLimit(string text)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit) return limit;
            Add("limit", "out_of_range", $"Must be between 1 and {MaxLimit}.");
            return 1;
        }

        Guid? ReadCursor(string text)
        {
            if (Cursor.TryRead(text, out var after)) return after;
            Add("cursor", "invalid_format", "Must be the nextCursor of an answer.");
            return null;
        }
    }
}
