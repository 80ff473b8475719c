using LoopOrchestrator.Mcp.Doctor;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>docs/platforms.md says what doctor says.</summary>
public sealed class PlatformDocumentTests
{
    [Fact]
    public void Promises_OfTheCode_AreThoseOfTheDocument() =>
        MarkdownTable
            .Rows(RepositoryFiles.Read("docs/platforms.md"), "## What each can hold")
            .Select(static row => string.Join(" | ", row))
            .Should()
            .Equal(PlatformPromise.All.Select(static one => string.Join(" | ", one.Promise, one.MacOs ?? "holds", one.Windows ?? "holds")));

    [Fact]
    public void MissingOn_EachSystem_IsWhatDoesNotHoldThere()
    {
        PlatformPromise.MissingOn("linux").Should().BeEmpty();
        PlatformPromise.MissingOn("macos").Should().HaveCount(7).And.Contain(static one => one.Contains("subreaper"));
        PlatformPromise.MissingOn("windows").Should().HaveCount(9).And.Contain(static one => one.Contains("job object"));
    }
}
