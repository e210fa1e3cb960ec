using Platform.Gateway.Access;

namespace Platform.Gateway.Tests;

public sealed class ApiKeyTests
{
    [Fact]
    public void Makes_keys_that_are_well_formed_and_never_the_same()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKey.Create()).ToList();

        Assert.All(keys, key => Assert.Matches("^vp_[0-9A-Za-z]{49}$", key));
        Assert.All(keys, key => Assert.True(ApiKey.IsWellFormed(key)));
        Assert.Equal(1000, keys.Distinct().Count());
    }

    [Fact]
    public void Computes_the_known_checksum_of_a_known_text() =>
        Assert.True(ApiKey.IsWellFormed("vp_0000000000000000000000000000000000000000000" + KnownChecksum));

    // CRC-32 (zlib's) of "vp_" and 43 zeros, in base62.
    private const string KnownChecksum = "39Wzeq";

    [Fact]
    public void Notices_any_single_character_that_was_changed()
    {
        var key = ApiKey.Create();
        for (var i = 0; i < key.Length; i++)
            Assert.False(ApiKey.IsWellFormed(key[..i] + (key[i] == 'x' ? 'y' : 'x') + key[(i + 1)..]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("vp_")]
    [InlineData("sk_live_4eC39HqLyjWDarjtT1zdp7dc")]
    [InlineData("vp_ÄÖÜ0000000000000000000000000000000000000000000000000")]
    public void Refuses_what_has_another_form(string text) => Assert.False(ApiKey.IsWellFormed(text));
}
