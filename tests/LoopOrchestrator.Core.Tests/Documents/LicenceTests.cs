using System.Text.Json;
using System.Xml.Linq;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Documents;

/// <summary>
/// What goes into the program stands under a licence of packaging/licences/allowed.json. <c>tools/release</c> looks at the whole program
/// once more; this finds a package on the day on which it comes in.
/// </summary>
public sealed class LicenceTests
{
    private static readonly string[] Locks =
    [
        "src/LoopOrchestrator.Core/packages.lock.json",
        "src/LoopOrchestrator.Mcp/packages.lock.json",
    ];

    private static readonly string[] Allowed = JsonSerializer.Deserialize<string[]>(
        RepositoryFiles.Read("packaging/licences/allowed.json")
    )!;

    [Fact]
    public void Packages_OfTheProgram_AreUnderALicenceOfTheList()
    {
        var packages = Locks.SelectMany(static file => Locked(RepositoryFiles.Read(file))).ToHashSet(StringComparer.Ordinal);

        packages.Count.Should().BeGreaterThan(15);
        packages
            .Select(static package => (package, Licence: Read(package)))
            .Where(static one => !Allowed.Contains(one.Licence, StringComparer.Ordinal))
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void Texts_OfTheLicencesInUse_AreThereForTheNotices() =>
        Locks
            .SelectMany(static file => Locked(RepositoryFiles.Read(file)))
            .Select(Read)
            .Distinct(StringComparer.Ordinal)
            .Should()
            .OnlyContain(static licence => File.Exists(RepositoryFiles.Find($"packaging/licences/{licence}.txt")));

    [Theory]
    [InlineData("""<package><metadata><license type="expression">GPL-3.0-only</license></metadata></package>""", "GPL-3.0-only")]
    [InlineData("""<package><metadata><license type="file">LICENSE.md</license></metadata></package>""", "the file LICENSE.md")]
    [InlineData(
        """<package><metadata><licenseUrl>https://example.org/eula</licenseUrl></metadata></package>""",
        "https://example.org/eula"
    )]
    [InlineData("<package><metadata /></package>", "none")]
    public void LicenceOf_APackageThatHasAnother_IsNotOnTheList(string manifest, string licence)
    {
        LicenceOf(XDocument.Parse(manifest)).Should().Be(licence);
        Allowed.Should().NotContain(licence);
    }

    // Those of one framework: its references to projects of ours aside.
    private static IEnumerable<string> Locked(string text)
    {
        using var document = JsonDocument.Parse(text);
        return
        [
            .. document
                .RootElement.GetProperty("dependencies")
                .EnumerateObject()
                .SelectMany(static framework => framework.Value.EnumerateObject())
                .Where(static package => package.Value.GetProperty("type").GetString() != "Project" && !IsForTheBuild(package.Name))
                .Select(static package => $"{package.Name}/{package.Value.GetProperty("resolved").GetString()}".ToLowerInvariant()),
        ];
    }

    // Analyzers and the linker's targets stay behind.
    private static bool IsForTheBuild(string package) =>
        package is "Meziantou.Analyzer" or "Microsoft.CodeAnalysis.BannedApiAnalyzers" or "Microsoft.NET.ILLink.Tasks";

    private static string Read(string package)
    {
        var folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return LicenceOf(XDocument.Load(Path.Combine(folder, package, $"{package.Split('/')[0]}.nuspec")));
    }

    private static string LicenceOf(XDocument manifest)
    {
        var metadata = manifest.Root!.Elements().Single(static one => one.Name.LocalName == "metadata");
        var licence = metadata.Elements().FirstOrDefault(static one => one.Name.LocalName == "license");
        return licence is null ? metadata.Elements().FirstOrDefault(static one => one.Name.LocalName == "licenseUrl")?.Value ?? "none"
            : licence.Attribute("type")?.Value == "expression" ? licence.Value
            : $"the file {licence.Value}";
    }
}
