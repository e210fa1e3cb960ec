using System.Text.Json;

namespace Platform.Contracts.Tests;

public sealed class CaptureScriptTests
{
    private const string Every = """
        [{"action":"goto","url":"/pricing"},{"action":"click","text":"Buy"},{"action":"type","selector":"#mail","value":"a@b.c"},{"action":"type","secret":"password"},
         {"action":"press","keys":"Control+K"},{"action":"hover","selector":"nav a"},{"action":"scrollTo","text":"Plans"},{"action":"scrollTo","y":0},{"action":"scrollBy","y":-200},
         {"action":"focus","selector":"input"},{"action":"waitFor","text":"Done"},{"action":"wait","duration":1.5},{"action":"highlight","selector":"h2","duration":2}]
        """;

    [Fact]
    public void Every_action_has_a_form_that_is_right() =>
        Assert.Empty(Problems("""{"mode":"script","origins":["https://pay.example.com"],"secrets":{"values":{"password":"x"}},"steps":""" + Every + "}"));

    [Theory]
    [InlineData("""{"mode":"script"}""", "/steps missing_field")]
    [InlineData("""{"steps":[{"action":"wait","duration":1}]}""", "/steps not_allowed")]
    [InlineData("""{"origins":["example.com","https://a.b/c"]}""", "/origins/0 invalid_format", "/origins/1 invalid_format")]
    [InlineData("""{"mode":"script","steps":[{"action":"dance"}]}""", "/steps/0/action not_allowed")]
    [InlineData("""{"mode":"script","steps":[{"action":"click"},{"action":"click","selector":"a","text":"b"}]}""", "/steps/0/selector missing_field", "/steps/1/text not_allowed")]
    [InlineData("""{"mode":"script","steps":[{"action":"goto"},{"action":"press"},{"action":"type"},{"action":"wait"},{"action":"scrollBy"},{"action":"scrollTo"}]}""",
        "/steps/0/url missing_field", "/steps/1/keys missing_field", "/steps/2/value missing_field", "/steps/3/duration missing_field", "/steps/4/y missing_field", "/steps/5/y missing_field")]
    [InlineData("""{"mode":"script","steps":[{"action":"wait","duration":1,"url":"/a","selector":"b"},{"action":"hover","text":"a","keys":"A","y":3}]}""",
        "/steps/0/selector not_allowed", "/steps/0/url not_allowed", "/steps/1/keys not_allowed", "/steps/1/y not_allowed")]
    [InlineData("""{"mode":"script","secrets":{"values":{}},"steps":[{"action":"type","secret":"password"}]}""", "/steps/0/secret unknown_reference")]
    [InlineData("""{"secrets":"sealed:00:secret"}""", "/secrets wrong_type")]
    public void Reports_what_is_wrong_with_its_place(string capture, params string[] problems) => Assert.Equal(problems, Problems(capture));

    [Fact]
    public void A_secret_is_never_written_where_it_is_shown() =>
        Assert.DoesNotContain("hunter2", new CaptureParameters { Url = "a", Secrets = new() { Plain = new() { Values = new Dictionary<string, string> { ["p"] = "hunter2" } } } }.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Of_a_sealed_text_a_fingerprint_knows_the_hash_only()
    {
        Assert.Equal("sealed:abc", SealedText.Fingerprint(SealedText.Of("abc", "cipher")));
        Assert.Equal("cipher", SealedText.Cipher(SealedText.Of("abc", "cipher")));
        Assert.Equal("plain: text", SealedText.Fingerprint("plain: text"));
        Assert.Null(SealedText.Cipher("plain: text"));
    }

    private static string[] Problems(string capture) =>
        [.. JobDocumentReader.Read(JsonElement.Parse("""{"stages":{"page":{"type":"capture","url":"https://example.com",""" + capture.Trim()[1..] + "}}"))
            .Problems.Select(problem => $"{problem.Pointer["/stages/page".Length..]} {problem.Code}").Order(StringComparer.Ordinal)];
}
