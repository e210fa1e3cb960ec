using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Platform.Contracts;
using Platform.Gateway.Jobs;
using Platform.Gateway.Requests;
using Platform.Gateway.Uploads;

namespace Platform.Gateway.Tests;

public sealed class CursorTests
{
    [Fact]
    public void Reads_what_it_wrote()
    {
        var id = Guid.CreateVersion7();

        Assert.True(Cursor.TryRead(Cursor.After(id), out var after));
        Assert.Equal(id, after);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA")]       // another version
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAA")]     // too long
    [InlineData("AQAAAA==AAAAAAAAAAAAAAA")]
    public void Refuses_anything_else(string text) => Assert.False(Cursor.TryRead(text, out _));
}

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=90-", 90, 10)]
    [InlineData("bytes=90-1000", 90, 10)]
    [InlineData("bytes=-10", 90, 10)]
    [InlineData("bytes=-1000", 0, 100)]
    [InlineData("BYTES=5-5", 5, 1)]
    [InlineData("bytes=0-9223372036854775807", 0, 100)]
    public void Reads_a_part_of_a_hundred_bytes(string header, long offset, long length) => Assert.Equal(new ByteRange(offset, length), ByteRange.Read(header, 100));

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=100-200")]
    [InlineData("bytes=-0")]
    public void Finds_nothing_outside_the_file(string header) => Assert.Equal(0, ByteRange.Read(header, 100)?.Length);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=1-2-3")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes= 1 - 2")]
    [InlineData("bytes=0-1,2-3")]
    [InlineData("lines=0-1")]
    [InlineData("bytes=99999999999999999999-")]
    public void Ignores_what_it_does_not_take(string? header) => Assert.Null(ByteRange.Read(header, 100));

    [Fact]
    public void Finds_nothing_in_an_empty_file() => Assert.Equal(0, ByteRange.Read("bytes=0-", 0)?.Length);
}

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{ "b": 2, "a": 1 }""")]
    [InlineData("""{"a":1.0}""", """{"a":1}""")]
    [InlineData("""{"a":1e3}""", """{"a":1000}""")]
    [InlineData("""{"a":"\u0041\/"}""", """{"a":"A/"}""")]
    public void Takes_equal_bodies_for_equal(string one, string two) => Assert.Equal(Hash(one), Hash(two));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""[1,2]""", """[2,1]""")]
    [InlineData("""[[1],2]""", """[[1,2]]""")]
    [InlineData("""{"a":null}""", """{}""")]
    [InlineData("""["ab","c"]""", """["a","bc"]""")]
    [InlineData("""{"a":9007199254740993}""", """{"a":9007199254740992}""")]
    [InlineData("""{"a":18446744073709551617}""", """{"a":18446744073709551616}""")]
    [InlineData("""{"a":"\ud800"}""", """{"a":"\ud801"}""")]
    public void Tells_different_bodies_apart(string one, string two) => Assert.NotEqual(Hash(one), Hash(two));

    [Fact]
    public void Tells_methods_and_paths_apart() =>
        Assert.Equal(3, new[] { Hash("{}"), CanonicalJson.Hash("PUT", "/v1/jobs", JsonBody.Parse("{}"u8.ToArray()).Value), CanonicalJson.Hash("POST", "/v1/capture", JsonBody.Parse("{}"u8.ToArray()).Value) }.Distinct().Count());

    [Fact]
    public void Writes_numbers_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var expected = Hash("""{"a":1.5}""");
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try { Assert.Equal(expected, Hash("""{"a":1.5}""")); }
        finally { CultureInfo.CurrentCulture = before; }
    }

    private static string Hash(string json) => CanonicalJson.Hash("POST", "/v1/jobs", JsonBody.Parse(Encoding.UTF8.GetBytes(json)).Value);
}

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("a b", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u007f", false)]
    [InlineData("ä", false)]
    public void Takes_visible_ascii_only(string value, bool valid) => Assert.Equal(valid, IdempotencyKey.TryRead(Headers(value), out _));

    [Fact]
    public void Takes_at_most_255_characters()
    {
        Assert.True(IdempotencyKey.TryRead(Headers(new string('a', 255)), out var key));
        Assert.Equal(255, key?.Length);
        Assert.False(IdempotencyKey.TryRead(Headers(new string('a', 256)), out _));
    }

    [Fact]
    public void Takes_one_header_only() => Assert.False(IdempotencyKey.TryRead(Headers(new StringValues(["a", "b"])), out _));

    private static HeaderDictionary Headers(StringValues values) => new() { ["Idempotency-Key"] = values };
}

public sealed class SitePathTests
{
    [Theory]
    [InlineData("index.html")]
    [InlineData("css/site.css")]
    [InlineData("img/Logo (1) @2x.png")]
    [InlineData(".well-known/x")]
    [InlineData("ä/日本語.html")]
    [InlineData("a..b/c")]
    public void Takes_relative_paths(string path)
    {
        Assert.True(SitePath.TryNormalize(path, out var normal));
        Assert.Equal(path, normal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData("./a")]
    [InlineData(".")]
    [InlineData("...")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("C:/x")]
    [InlineData("a%2e%2e/b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u200Bb")]
    [InlineData(" a")]
    public void Refuses_what_climbs_or_confuses(string path) => Assert.False(SitePath.TryNormalize(path, out _));

    [Fact]
    public void Refuses_what_is_too_long()
    {
        Assert.False(SitePath.TryNormalize(new string('a', 256), out _));
        Assert.False(SitePath.TryNormalize(string.Join('/', Enumerable.Repeat("aaaaaaaaa", 51)), out _));
    }

    [Fact]
    public void Refuses_half_of_a_surrogate_pair() => Assert.False(SitePath.TryNormalize("a\ud800", out _));

    [Fact]
    public void Takes_two_spellings_of_one_letter_for_one()
    {
        SitePath.TryNormalize("\u00e4.html", out var composed);
        SitePath.TryNormalize("a\u0308.html", out var decomposed);
        Assert.Equal(composed, decomposed);
    }
}

public sealed class FileKindTests
{
    [Theory]
    [InlineData("000000186674797069736F6D", "video/mp4")]
    [InlineData("00000018667479704D344120", "audio/mp4")]
    [InlineData("000000146674797071742020", "video/quicktime")]
    [InlineData("52494646000000005741564566", "audio/wav")]
    [InlineData("524946460000000057454250", "image/webp")]
    [InlineData("52494646000000004156492066", "application/octet-stream")]
    [InlineData("1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "video/webm")]
    [InlineData("1A45DFA3A34286810142F7810142F2810442F381084282886D6174726F736B61", "video/x-matroska")]
    [InlineData("89504E470D0A1A0A", "image/png")]
    [InlineData("FFD8FFE000104A464946", "image/jpeg")]
    [InlineData("474946383961", "image/gif")]
    [InlineData("664C614300000022", "audio/flac")]
    [InlineData("4F67675300", "audio/ogg")]
    [InlineData("49443304", "audio/mpeg")]
    [InlineData("FFFB9064", "audio/mpeg")]
    [InlineData("FFF15080", "audio/aac")]
    [InlineData("3C68746D6C3E", "application/octet-stream")]
    [InlineData("2345585449", "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    public void Looks_at_the_first_bytes(string head, string type) => Assert.Equal(type, FileKind.Of(Convert.FromHexString(head)));
}

public sealed class JobQueryTests
{
    [Theory]
    [InlineData("?state=running,queued")]
    [InlineData("?createdAfter=2026-05-01T12:00:00Z")]
    [InlineData("?createdAfter=2026-05-01T12:00:00.123%2B02:00")]
    [InlineData("?limit=100&metadata.order=42&metadata.a.b=c")]
    public void Reads_what_is_right(string query) => Assert.Empty(Read(query));

    [Theory]
    [InlineData("?state=Running", "?state")]
    [InlineData("?state=", "?state")]
    [InlineData("?createdAfter=yesterday", "?createdAfter")]
    [InlineData("?createdAfter=2026-05-01T12:00:00", "?createdAfter")]      // no zone
    [InlineData("?createdAfter=2026-05-01", "?createdAfter")]
    [InlineData("?createdAfter=10000-05-01T12:00:00Z", "?createdAfter")]
    [InlineData("?createdAfter=2026-12-31T23:59:60Z", "?createdAfter")]     // a leap second
    [InlineData("?limit=0", "?limit")]
    [InlineData("?limit=101", "?limit")]
    [InlineData("?limit=-1", "?limit")]
    [InlineData("?limit=1&limit=2", "?limit")]
    [InlineData("?cursor=x", "?cursor")]
    [InlineData("?stat=running", "?stat")]
    [InlineData("?metadata.=x", "?metadata.")]
    [InlineData("?metadata.a=%00", "?metadata.a")]
    public void Reports_what_is_wrong_at_its_parameter(string query, string pointer) => Assert.Equal(pointer, Assert.Single(Read(query)).Pointer);

    private static List<DocumentProblem> Read(string query)
    {
        var problems = new List<DocumentProblem>();
        JobQuery.Read(new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query)), problems);
        return problems;
    }
}
