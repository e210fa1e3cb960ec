using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Platform.Architecture.Tests;

/// <summary>Who may know whom: docs/architecture.md. Read from the project files, so that an arrow is wrong before anybody uses it.</summary>
public sealed class ArrowTests
{
    private static readonly string Root = FindRoot();
    private static readonly Dictionary<string, Project> Projects = Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/.platform/", StringComparison.Ordinal))
        .Select(Project.Read).ToDictionary(project => project.Name);

    private static readonly string[] Composers = ["Platform.AllInOne", "Platform.Cli"];
    private static readonly string[] MediaWorkers = ["Platform.Capture", "Platform.Render", "Platform.Caption", "Platform.Merge", "Platform.Music", "Platform.Transcode"];

    [Fact]
    public void Contracts_know_nothing()
    {
        var contracts = Projects["Platform.Contracts"];
        Assert.Empty(contracts.Projects);
        Assert.Empty(contracts.Packages);
    }

    [Fact]
    public void A_service_knows_no_other_service()
    {
        var services = Projects.Values.Where(project => project.IsService).ToList();
        Assert.True(services.Count >= 7);
        foreach (var service in services.Where(service => !Composers.Contains(service.Name)))
            Assert.DoesNotContain(service.Projects, known => Projects[known].IsService);
    }

    [Fact]
    public void Shared_libraries_know_no_service()
    {
        foreach (var library in Projects.Values.Where(project => project.IsShared))
            Assert.DoesNotContain(library.Projects, known => Projects[known].IsService);
    }

    [Theory]
    [InlineData("Platform.Templates", "NCalc.Parser")]      // docs/adr/0014
    [InlineData("Platform.Planning")]
    public void Pure_libraries_know_contracts_alone(string name, params string[] packages)
    {
        Assert.Equal(["Platform.Contracts"], Projects[name].Projects);
        Assert.Equal(packages, Projects[name].Packages);
    }

    [Theory]
    [InlineData("Platform.Processes")]
    [InlineData("Platform.Ffmpeg")]
    [InlineData("Platform.Browser")]
    [InlineData("Platform.Egress")]
    public void Tools_know_no_bus_and_no_store(string name)
    {
        var closure = Closure(name).ToList();
        Assert.DoesNotContain(closure, project => project.Packages.Any(package => package.StartsWith("MassTransit", StringComparison.Ordinal) || package.Contains("EntityFrameworkCore", StringComparison.Ordinal)));
        Assert.DoesNotContain(closure, project => project.Name is "Platform.Contracts" or "Platform.JobStore" or "Platform.Artifacts" or "Platform.Stages");
    }

    [Fact]
    public void Media_workers_know_no_database()
    {
        foreach (var worker in MediaWorkers.Where(Projects.ContainsKey))
            Assert.DoesNotContain(Closure(worker), project => project.Name == "Platform.JobStore" || project.Packages.Any(package => package.Contains("EntityFrameworkCore", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_the_service_defaults_know_the_transport()
    {
        var knowing = Projects.Values.Where(project => !project.Name.EndsWith(".Tests", StringComparison.Ordinal) && project.Packages.Contains("MassTransit.RabbitMQ")).Select(project => project.Name);
        Assert.Equal(["Platform.ServiceDefaults"], knowing);
    }

    [Fact]
    public void Xabe_stays_inside_Platform_Ffmpeg()
    {
        Assert.Equal(["Platform.Ffmpeg"], Projects.Values.Where(project => project.Packages.Contains("Xabe.FFmpeg")).Select(project => project.Name));
        var users = Sources().Where(path => File.ReadAllText(path).Contains("using Xabe", StringComparison.Ordinal) && !path.Contains("/Platform.Ffmpeg", StringComparison.Ordinal));
        Assert.Empty(users);
    }

    [Fact]
    public void Children_are_started_in_one_place()
    {
        var starters = Sources().Where(path => File.ReadAllText(path).Contains("new ProcessStartInfo", StringComparison.Ordinal)
            && !path.Contains("/Platform.Processes/", StringComparison.Ordinal));
        Assert.Empty(starters);
    }

    [Fact]
    public void Nobody_switches_the_browsers_sandbox_off() =>
        Assert.DoesNotContain(Sources(), path => File.ReadAllText(path).Contains("\"--no-sandbox", StringComparison.Ordinal));

    private static IEnumerable<string> Sources() => new[] { "contracts", "services" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal));

    private static HashSet<Project> Closure(string name)
    {
        var seen = new HashSet<Project>();
        void Visit(string project)
        {
            if (seen.Add(Projects[project])) foreach (var next in Projects[project].Projects) Visit(next);
        }
        Visit(name);
        return seen;
    }

    private static string FindRoot([CallerFilePath] string path = "")
    {
        var folder = Path.GetDirectoryName(path)!;
        while (!File.Exists(Path.Combine(folder, "Platform.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private sealed record Project(string Name, string Path, string[] Projects, string[] Packages)
    {
        public bool IsShared => Path.Contains("/services/Shared/", StringComparison.Ordinal);
        public bool IsService => Path.Contains("/services/", StringComparison.Ordinal) && !IsShared;

        public static Project Read(string path)
        {
            var xml = XDocument.Load(path);
            string[] Included(string element) => [.. xml.Descendants(element).Select(item => item.Attribute("Include")!.Value)];
            return new Project(System.IO.Path.GetFileNameWithoutExtension(path), path,
                [.. Included("ProjectReference").Select(reference => System.IO.Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')))], Included("PackageReference"));
        }
    }
}
