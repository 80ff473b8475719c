using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Core.Tests.Architecture;

/// <summary>What depends on what, read from the files: a package that nobody uses yet shows in no assembly.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string[] Pure = ["Timing", "Memory", "Todo", "Modes", "Checkpoints"];
    private static readonly string[] Ground = ["Diagnostics", "Files", "Json", "Processes"];
    private static readonly string[] Features =
    [
        "Agents",
        "Commits",
        "Configuration",
        "Escalations",
        "Memory",
        "Modes",
        "Runs",
        "Scheduling",
        "Servers",
        "Status",
        "Timing",
        "Todo",
    ];
    private static readonly string[] Foreign = ["ModelContextProtocol", "Microsoft.AspNetCore", "Serilog", "Npgsql"];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["LoopOrchestrator.Core"] = ["Cronos", "Microsoft.Data.Sqlite", "Microsoft.Extensions.Logging.Abstractions", "YamlDotNet"],
        ["LoopOrchestrator.Postgres"] = ["LoopOrchestrator.Core", "Npgsql"],
        ["LoopOrchestrator.Mcp"] =
        [
            "LoopOrchestrator.Core",
            "Microsoft.AspNetCore.App",
            "Microsoft.IdentityModel.JsonWebTokens",
            "ModelContextProtocol.AspNetCore",
            "OpenTelemetry.Exporter.OpenTelemetryProtocol",
            "Serilog",
            "Serilog.Extensions.Logging",
            "Serilog.Sinks.Console",
            "Serilog.Sinks.File",
            "System.CommandLine",
        ],
    };

    internal static string Source =>
        Path.Combine(
            typeof(ReferenceTests)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(attribute => attribute.Key == "RepositoryRoot")
                .Value!,
            "src"
        );

    [Fact]
    public void Projects_UnderSrc_ReferenceOnlyWhatTheTableAllows() =>
        Directory
            .EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories)
            .SelectMany(file => Forbidden(Path.GetFileNameWithoutExtension(file), XDocument.Load(file)))
            .Should()
            .BeEmpty();

    [Fact]
    public void Projects_InTheTable_Exist() =>
        Allowed.Keys.Should().OnlyContain(name => File.Exists(Path.Combine(Source, name, name + ".csproj")));

    [Theory]
    [InlineData("LoopOrchestrator.Core", "<PackageReference Include=\"Npgsql\" />")]
    [InlineData("LoopOrchestrator.Core", "<ProjectReference Include=\"../LoopOrchestrator.Mcp/LoopOrchestrator.Mcp.csproj\" />")]
    [InlineData("LoopOrchestrator.Core", "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />")]
    [InlineData("LoopOrchestrator.New", "")]
    public void Forbidden_MadeUpViolation_IsFound(string project, string reference) =>
        Forbidden(project, XDocument.Parse($"<Project><ItemGroup>{reference}</ItemGroup></Project>")).Should().ContainSingle();

    [Fact]
    public void Core_Packages_AreUsed() =>
        ProjectPackages.Unused("LoopOrchestrator.Core", typeof(WorkspacePaths).Assembly).Should().BeEmpty();

    [Fact]
    public void Core_Namespaces_KeepTheirDirection() =>
        Directory
            .EnumerateFiles(Path.Combine(Source, "LoopOrchestrator.Core"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file =>
                Violations(
                        Path.GetFileName(
                            Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Source, "LoopOrchestrator.Core"), file))!
                                .Split('/', '\\')[0]
                        ),
                        File.ReadAllText(file)
                    )
                    .Select(name => $"{file}: {name}")
            )
            .Should()
            .BeEmpty();

    // A folder that is renamed would otherwise be checked no longer, and nothing would say so.
    [Fact]
    public void Violations_EveryFolderTheyAreAbout_Exists() =>
        Pure.Concat(Ground)
            .Concat(Features)
            .Should()
            .OnlyContain(static folder => Directory.Exists(Path.Combine(Source, "LoopOrchestrator.Core", folder)));

    [Theory]
    [InlineData("Files", "using LoopOrchestrator.Core.Commits;")]
    [InlineData("Json", "using LoopOrchestrator.Core.Timing;")]
    [InlineData("Modes", "var run = LoopOrchestrator.Core.Runs.RunId.Create(now);")]
    [InlineData("Status", "using Microsoft.AspNetCore.Http;")]
    public void Violations_MadeUpUse_IsFound(string folder, string text) => Violations(folder, text).Should().ContainSingle();

    private static IEnumerable<string> Forbidden(string project, XDocument file)
    {
        if (!Allowed.TryGetValue(project, out var allowed))
        {
            return [$"{project} is not in the table"];
        }

        return file.Descendants()
            .Where(element => element.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference")
            .Select(element => (string?)element.Attribute("Include") ?? "")
            .Select(include =>
                include.EndsWith(".csproj", StringComparison.Ordinal)
                    ? Path.GetFileNameWithoutExtension(include.Replace('\\', '/'))
                    : include
            )
            .Where(name => !allowed.Contains(name, StringComparer.Ordinal))
            .Select(name => $"{project} references {name}");
    }

    private static IEnumerable<string> Violations(string folder, string text)
    {
        var used = Names().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToList();
        string[] forbidden =
            Ground.Contains(folder, StringComparer.Ordinal) ? Features
            : Pure.Contains(folder, StringComparer.Ordinal) ? ["Runs", "Scheduling", "Agents"]
            : [];
        return used.Where(name =>
            Foreign.Any(foreign => name.StartsWith(foreign, StringComparison.Ordinal))
            || forbidden.Any(feature => name == $"LoopOrchestrator.Core.{feature}")
        );
    }

    [GeneratedRegex(
        @"LoopOrchestrator\.Core\.\w+|\b(?:ModelContextProtocol|Microsoft\.AspNetCore|Serilog|Npgsql)\b(?=[.;])",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Names();
}
