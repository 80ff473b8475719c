using System.Text.RegularExpressions;
using LoopOrchestrator.Core;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>
/// docs/orchestrator.md names types that keep its rules; that the tests are there is looked at with the other such tables.
/// </summary>
public sealed partial class ProtocolTests
{
    private static readonly HashSet<string> Types =
    [
        .. new[] { typeof(Workspace).Assembly, typeof(Product).Assembly }
            .SelectMany(static assembly => assembly.GetTypes())
            .Select(static type => type.Name),
    ];

    [Theory]
    [InlineData("## Hierarchy of authority")]
    [InlineData("## Time in two priorities")]
    [InlineData("## Escalation")]
    [InlineData("## Delegation")]
    public void Rules_OfEachProtocol_AreKeptByTypesThatAreThere(string heading)
    {
        var rows = MarkdownTable.Rows(RepositoryFiles.Read("docs/orchestrator.md"), heading);

        rows.Should().HaveCountGreaterThan(4);
        Assert.All(rows, static row => Assert.All(Named(row[1]), static name => Assert.Contains(name, Types)));
        Assert.All(rows, static row => Assert.NotEmpty(Named(row[1])));
    }

    private static IEnumerable<string> Named(string cell) => Name().Matches(cell).Select(static match => match.Groups["name"].Value);

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Name();
}
