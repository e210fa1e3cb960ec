using System.Globalization;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Platform.JobStore.Storage;

/// <summary>Npgsql takes only UTC for <c>timestamptz</c>.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(value => value.ToUniversalTime(), value => value);

/// <summary>Text of fixed width, so that SQLite compares and sorts it as time; six digits, because PostgreSQL keeps microseconds.</summary>
internal sealed class UtcTextConverter() : ValueConverter<DateTimeOffset, string>(value => Write(value), text => Read(text))
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static string Write(DateTimeOffset value) => value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTimeOffset Read(string text) =>
        DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
