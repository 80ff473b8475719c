using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>
/// The files of packaging/ name one program, one server and one version. What packs them compares nothing, and a registry refuses late.
/// </summary>
public sealed class PackageFileTests
{
    private static readonly JsonElement Server = Json("packaging/server.json");
    private static readonly JsonElement Npm = Json("packaging/npm/package.json");
    private static readonly XDocument Tool = XDocument.Parse(RepositoryFiles.Read("packaging/Tool.props"));

    [Fact]
    public void Version_InEachFile_IsThatOfTheBuild()
    {
        var version = XDocument.Parse(RepositoryFiles.Read("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

        Text(Server, "version").Should().Be(version);
        Packages().Select(static package => Text(package, "version")).Should().OnlyContain(one => one == version);
        Text(Npm, "version").Should().Be(version);
        Product.Version.Should().Be(version);
    }

    [Fact]
    public void Names_OfPackagesAndCommands_AreThatOfTheProgram()
    {
        Packages().Select(static package => Text(package, "registryType")).Should().Equal("nuget", "npm");
        Packages().Select(static package => Text(package, "identifier")).Should().OnlyContain(static one => one == Product.Name);
        Text(Npm, "name").Should().Be(Product.Name);
        Npm.GetProperty("bin").EnumerateObject().Select(static one => one.Name).Should().Equal(Product.Name);
        Property("PackageId").Should().Be(Product.Name);
        Property("ToolCommandName").Should().Be(Product.Name);
        RepositoryFiles.Read("packaging/debian/control").Should().StartWith($"Package: {Product.Name}\n");
    }

    [Fact]
    public void NameOfTheServer_WhereARegistryLooksForIt_IsTheSame()
    {
        var name = Text(Server, "name");

        name.Should().EndWith($"/{Product.Name}");
        Text(Npm, "mcpName").Should().Be(name);
        RepositoryFiles.Read("packaging/README.md").Should().Contain($"<!-- mcp-name: {name} -->");
        Text(Server, "title").Should().Be(Product.Title);
        Text(Server, "description").Should().HaveLength(Math.Min(100, Text(Server, "description").Length), "registries take no more");
    }

    [Fact]
    public void Repository_InEachFile_IsTheSame()
    {
        var url = Text(Server.GetProperty("repository"), "url");

        Property("RepositoryUrl").Should().Be(url);
        Property("PackageProjectUrl").Should().Be(url);
        Text(Npm.GetProperty("repository"), "url").Should().Be($"git+{url}.git");
    }

    [Fact]
    public void Arguments_OfThePackages_StartAServerForAClient()
    {
        foreach (var package in Packages())
        {
            Text(package.GetProperty("transport"), "type").Should().Be("stdio");
            package
                .GetProperty("packageArguments")
                .EnumerateArray()
                .Select(static one => $"{Text(one, "type")} {Text(one, "name")} {Text(one, "value")}")
                .Should()
                .Equal("named --mode stdio", "named --workspace {workspace}");
        }
    }

    [Fact]
    public void Platforms_OfTheNativePackages_AreThoseTheyAreCompiledFor()
    {
        Npm.GetProperty("os").EnumerateArray().Select(static one => one.GetString()).Should().Equal("linux");
        Npm.GetProperty("cpu").EnumerateArray().Select(static one => one.GetString()).Should().Equal("x64");
        Npm.GetProperty("libc").EnumerateArray().Select(static one => one.GetString()).Should().Equal("glibc");
        Property("ToolPackageRuntimeIdentifiers").Should().Be("linux-x64;any");
    }

    [Fact]
    public async Task Release_WithThePlaceholderOfTheOwner_IsNotPublishedAndNothingIsBuilt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is for Linux.");
        using var release = Process.Start(
            new ProcessStartInfo(RepositoryFiles.Find("tools/release"), "--publish")
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
            }
        )!;
        release.StandardInput.Close();
        var errors = await release.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await release.WaitForExitAsync(TestContext.Current.CancellationToken);

        release.ExitCode.Should().Be(1);
        errors.Should().Contain("OWNER is a placeholder").And.Contain("packaging/server.json").And.Contain("packaging/npm/package.json");
        errors.Should().NotContain("== ", "no part has begun");
    }

    private static IEnumerable<JsonElement> Packages() => Server.GetProperty("packages").EnumerateArray();

    private static string Property(string name) => Tool.Descendants(name).First().Value;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static JsonElement Json(string path) => JsonElement.Parse(RepositoryFiles.Read(path));
}
