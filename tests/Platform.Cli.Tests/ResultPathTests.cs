using Platform.Cli.Making;

namespace Platform.Cli.Tests;

public sealed class ResultPathTests
{
    [Theory]
    [InlineData("final.mp4", null, "final.mp4")]
    [InlineData("final.mp4", "out/film.mp4", "out/film.mp4")]
    [InlineData("thumbnail.png", "out/film.mp4", "out/film.png")]
    [InlineData("subs.srt", "out/film.mp4", "out/film.srt")]
    [InlineData("subs.words.json", "out/film.mp4", "out/film.words.json")]
    public void Lies_beside_the_only_film_under_its_name(string name, string? output, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("results-").FullName;
        try
        {
            Assert.Equal(
                output is null ? Path.GetFullPath(expected) : Path.Combine(folder, expected),
                MakeCommand.PathFor(new MadeFile(name, name == "final.mp4"), [new MadeFile("final.mp4", true)], output is null ? null : Path.Combine(folder, output)));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Theory]
    [InlineData("web/master.m3u8", "web/master.m3u8")]
    [InlineData("web/360p.mp4", "web/360p.mp4")]
    [InlineData("thumbnail.png", "thumbnail.png")]
    public void Keeps_files_that_belong_together_in_their_folder(string name, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("results-").FullName;
        try { Assert.Equal(Path.Combine(folder, "out", expected), MakeCommand.PathFor(new MadeFile(name, false), [new MadeFile("web/master.m3u8", true)], Path.Combine(folder, "out"))); }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Fact]
    public void Keeps_the_names_of_several_films_in_a_folder()
    {
        var folder = Directory.CreateTempSubdirectory("results-").FullName;
        try { Assert.Equal(Path.Combine(folder, "page.srt"), MakeCommand.PathFor(new MadeFile("page.srt", false), [new MadeFile("page-1.mp4", true), new MadeFile("page-2.mp4", true)], folder)); }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
