using Platform.Cli.Making;

namespace Platform.Cli.Tests;

public sealed class JobFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("job-file-").FullName;

    private JobFile Read(string json)
    {
        var path = Path.Combine(_folder, "job.json");
        File.WriteAllText(path, json);
        return JobFile.Read(path);
    }

    [Fact]
    public void Finds_files_and_folders_beside_the_document_where_media_and_pages_stand()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "site"));
        File.WriteAllText(Path.Combine(_folder, "bed.ogg"), "");

        var files = Read("""
            {"name":"bed.ogg","stages":{"page":{"type":"capture","url":"site"},
             "final":{"type":"music","video":"@page","music":["bed.ogg","https://e.com/x.mp3","missing.ogg"]}}}
            """).LocalFiles();

        Assert.Equal([("/stages/page/url", true), ("/stages/final/music/0", false)], files.Select(file => (file.Pointer, file.IsSite)));
    }

    [Theory]
    [InlineData("/stages/page/duration=5", """{"stages":{"page":{"duration":5}}}""")]
    [InlineData("/stages/page/url=https://e.com?a=b", """{"stages":{"page":{"duration":20,"url":"https://e.com?a=b"}}}""")]
    [InlineData("/metadata/order=42", """{"stages":{"page":{"duration":20}},"metadata":{"order":42}}""")]
    public void Sets_a_value_by_its_pointer(string assignment, string expected)
    {
        var file = Read("""{"stages":{"page":{"duration":20}}}""");

        file.Set(assignment);

        Assert.Equal(expected, file.Document.ToJsonString());
    }

    [Theory]
    [InlineData("duration=5")]
    [InlineData("/stages")]
    [InlineData("/stages/page/duration/x=5")]
    public void Says_what_is_wrong_with_an_assignment(string assignment) =>
        Assert.Equal(CommandLine.BadInput, Assert.Throws<CommandException>(() => Read("""{"stages":{"page":{"duration":20}}}""").Set(assignment)).ExitCode);

    [Theory]
    [InlineData("""{"type":"caption","video":"@a"}""", true)]
    [InlineData("""{"type":"caption","video":"@a","source":"speech"}""", true)]
    [InlineData("""{"type":"caption","video":"@a","source":{"text":"What is said."}}""", true)]
    [InlineData("""{"type":"caption","video":"@a","source":{"srt":"own.srt"}}""", false)]
    [InlineData("""{"type":"music","video":"@a","music":"caption"}""", false)]
    public void Knows_whether_there_is_speech_to_write_down(string stage, bool expected) =>
        Assert.Equal(expected, Read($$$"""{"stages":{"a":{"type":"capture","url":"https://example.com"},"b":{{{stage}}}}}""").HearsSpeech());

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
