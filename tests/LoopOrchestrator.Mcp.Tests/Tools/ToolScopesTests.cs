using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tests.Contracts;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Tools;

public sealed class ToolScopesTests
{
    [Fact]
    public void All_ToolsOfEveryToolset_HaveAScopeOfTheirOwn() =>
        ToolScopes.All.Keys.Should().BeEquivalentTo(ListedTools.Of(ListedTools.Everything).Select(static tool => (string)tool["name"]!));

    [Fact]
    public void All_ToolsThatOnlyLook_NeedTheLeastAndNoOtherDoes() =>
        ToolScopes
            .All.Where(static one => one.Value == AccessScope.Read)
            .Select(static one => one.Key)
            .Should()
            .BeEquivalentTo(
                ListedTools
                    .Of(ListedTools.Everything)
                    .Where(static tool => tool["annotations"] is not { } told || (bool)told["readOnlyHint"]!)
                    .Select(static tool => (string)tool["name"]!)
            );

    [Fact]
    public void Table_OfTheDocument_IsTheSame() =>
        MarkdownTable
            .Rows(RepositoryFiles.Read("docs/http.md"), "### Scopes")
            .SelectMany(static row => row[2].Split(", ").Select(tool => (Scope: row[0].Trim('`'), Tool: tool.Trim('`'))))
            .Should()
            .BeEquivalentTo(ToolScopes.All.Select(static one => (one.Value.Name(), one.Key)));
}
