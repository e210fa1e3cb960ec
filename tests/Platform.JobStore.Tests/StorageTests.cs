using System.Globalization;
using Platform.JobStore.Storage;

namespace Platform.JobStore.Tests;

public sealed class StorageTests
{
    [Theory]
    [InlineData("Data Source=/data/platform.db", true)]
    [InlineData("Filename=platform.db;Pooling=false", true)]
    [InlineData("Host=db;Username=platform;Password=x", false)]
    [InlineData("Server=db;Port=5433;Database=platform", false)]
    public void The_connection_string_says_which_database(string text, bool sqlite) => Assert.Equal(sqlite, StoreConnection.Parse(text).IsSqlite);

    [Fact]
    public void A_connection_string_that_is_none_is_refused_without_being_shown()
    {
        var error = Assert.Throws<InvalidOperationException>(() => StoreConnection.Parse("s3cret"));
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", StoreConnection.Parse("Host=db;Password=s3cret").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CreatedAt", "created_at")]
    [InlineData("IX_job_WakeAt", "ix_job_wake_at")]
    [InlineData("JobID", "job_id")]
    [InlineData("HTTPStatus", "http_status")]
    [InlineData("already_snake", "already_snake")]
    public void Names_become_snake_case(string name, string expected) => Assert.Equal(expected, StoreNames.Snake(name));

    [Fact]
    public void Times_are_text_that_sorts_in_every_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("th-TH");      // Buddhist calendar, other digits on request
            var time = new DateTimeOffset(2026, 2, 28, 23, 59, 59, 999, 999, TimeSpan.FromHours(-5));
            Assert.Equal("2026-03-01T04:59:59.999999Z", UtcTextConverter.Write(time));
            Assert.Equal(time, UtcTextConverter.Read("2026-03-01T04:59:59.999999Z"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
