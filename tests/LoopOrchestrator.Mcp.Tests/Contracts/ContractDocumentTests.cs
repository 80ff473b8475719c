using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Mcp.Tests.Cli;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>docs/contracts.md says what the code does, and the code has nothing that the document does not say.</summary>
public sealed class ContractDocumentTests
{
    private static readonly string Document = RepositoryFiles.Read("docs/contracts.md");

    private static readonly IReadOnlyList<LoggerMessageAttribute> Events =
    [
        .. new[] { typeof(LogEvents).Assembly, typeof(ExitCode).Assembly }
            .SelectMany(static assembly => assembly.GetTypes())
            .SelectMany(static type =>
                type.GetMethods(
                    BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
            )
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>(),
    ];

    [Fact]
    public void ExitCodes_OfTheCode_AreThoseOfTheDocument() =>
        MarkdownTable
            .Rows(Document, "## Exit codes")
            .Select(static row => (row[0], row[1]))
            .Should()
            .BeEquivalentTo(Constants(typeof(ExitCode)).Select(static code => (code.Value, $"`{code.Name}`")));

    [Fact]
    public void ExitCodes_OfTheServersDocument_AreTheSame() =>
        MarkdownTable
            .Rows(
                RepositoryFiles
                    .Read("MCP_SERVER_README.md")
                    .Replace("| exit code |", "## Exit codes\n| exit code |", StringComparison.Ordinal),
                "## Exit codes"
            )
            .Select(static row => row[0])
            .Should()
            .Equal(Constants(typeof(ExitCode)).Select(static code => code.Value).Distinct(StringComparer.Ordinal));

    [Fact]
    public void Events_HaveAnIdOfTheirOwn_AndTheirPlaceInTheList()
    {
        Events.Select(static one => one.EventId).Should().OnlyHaveUniqueItems();
        Events
            .Select(static one => one.EventId.ToString(CultureInfo.InvariantCulture))
            .Should()
            .BeEquivalentTo(Constants(typeof(LogEvents)).Select(static one => one.Value));
    }

    [Fact]
    public void Events_OfTheCode_AreThoseOfTheDocument()
    {
        var names = Constants(typeof(LogEvents)).ToDictionary(static one => one.Value, static one => one.Name, StringComparer.Ordinal);

        MarkdownTable
            .Rows(Document, "## Log events")
            .Select(static row => (row[0], row[1], row[2], row[3]))
            .Should()
            .BeEquivalentTo(
                Events
                    .Select(one => (Id: one.EventId.ToString(CultureInfo.InvariantCulture), one.Level, one.Message))
                    .Select(one => (one.Id, $"`{names[one.Id]}`", one.Level.ToString(), one.Message))
            );
    }

    [Fact]
    public void Rows_SayWhatTheyAreFor_InTheOrderOfTheirNumbers()
    {
        foreach (var heading in (string[])["## Exit codes", "## Log events"])
        {
            var rows = MarkdownTable.Rows(Document, heading);
            rows.Should().OnlyContain(static row => row.Length == row.Count(static cell => cell.Length > 0), heading);
            rows.Select(static row => int.Parse(row[0], CultureInfo.InvariantCulture)).Should().BeInAscendingOrder(heading);
        }
    }

    [Fact]
    public async Task Documents_OfCommandsWithJson_AreThoseOfTheDocument()
    {
        Dictionary<string, string?> commands = [];
        await CommandLineHere.AloneAsync(() => Collect(RootCommandFactory.Create(), "", commands));
        var tools = Directory
            .EnumerateFiles(RepositoryFiles.Find("src/LoopOrchestrator.Mcp/Tools/Definitions"))
            .Select(static file => Path.GetFileNameWithoutExtension(file))
            .ToHashSet(StringComparer.Ordinal);

        // --info is an option of the program, and doctor --files a second document of one command.
        MarkdownTable
            .Rows(Document, "## Documents of commands")
            .SelectMany(row =>
            {
                // One document for several commands is that of each.
                var (names, documents) = (Quoted(row[0]), Quoted(row[1]));
                return names.Select((command, index) => (command, Tool: documents.ElementAtOrDefault(documents.Count == 1 ? 0 : index)));
            })
            .Where(static row => !row.command.Contains("--", StringComparison.Ordinal))
            .Select(row => (row.command, row.Tool is not null && tools.Contains(row.Tool) ? row.Tool : null))
            .Should()
            .BeEquivalentTo(commands.Select(static command => (command.Key, command.Value)));
    }

    [Fact]
    public void Database_OfTheNewestSchema_IsInTheDocumentOfUpgrades() =>
        RepositoryFiles
            .Read("docs/upgrading.md")
            .Split('\n')
            .Should()
            .ContainSingle(static line => line.StartsWith("| Database | ", StringComparison.Ordinal))
            .Which.Should()
            .StartWith($"| Database | schema 6 | schema {SchemaMigrations.Newest}: ");

    [Fact]
    public void Source_LogsByMessagesWithAnIdOnly_AndPublishesTheMetricsOfTheDocument()
    {
        var source = string.Concat(
            Directory.EnumerateFiles(RepositoryFiles.Find("src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
        );
        var metrics = Matches(
            source,
            """\bCreate(?:Observable)?(?:Counter|Gauge|Histogram|UpDownCounter)(?:<\w+>)?\(\s*"(?<found>[^"]+)"""
        );

        Matches(source, @"(?<found>\.Log(?:Trace|Debug|Information|Warning|Error|Critical)\()")
            .Should()
            .BeEmpty("each event has an id, see LogEvents");
        MarkdownTable.Rows(Document, "## Metrics").Select(static row => row[0].Trim('`')).Should().BeEquivalentTo(metrics);
    }

    // The tool whose answer --json prints is in the option's help, or there is none.
    private static void Collect(Command command, string path, Dictionary<string, string?> found)
    {
        if (command.Options.FirstOrDefault(static option => option.Name == "--json") is { } json)
        {
            found.Add(path, Matches(json.Description!, @"^Print what the tool (?<found>\w+) answers\.$").SingleOrDefault());
        }

        foreach (var child in command.Subcommands)
        {
            Collect(child, path.Length == 0 ? child.Name : $"{path} {child.Name}", found);
        }
    }

    private static List<string> Quoted(string cell) => [.. Matches(cell, "`(?<found>[^`]+)`")];

    private static IEnumerable<string> Matches(string source, string pattern) =>
        Regex
            .Matches(source, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10))
            .Select(static match => match.Groups["found"].Value);

    private static IEnumerable<(string Name, string Value)> Constants(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(static field => field.IsLiteral)
            .Select(static field => (field.Name, ((int)field.GetRawConstantValue()!).ToString(CultureInfo.InvariantCulture)));
}
