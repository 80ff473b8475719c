using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Tests.Modes;

public sealed class ModeCatalogTests
{
    [Fact]
    public void All_WithoutWorkspace_IsTheBuiltIns()
    {
        var catalog = new ModeCatalog();

        catalog.All.Should().Equal(BuiltInModes.All);
        catalog.Diagnostics.Should().BeEmpty();
        catalog.Find("ask")!.Name.Should().Be("Ask");
        catalog.Find("Ask").Should().BeNull();
        catalog.Find("").Should().BeNull();
    }

    [Fact]
    public void All_WithWorkspace_OverridesInPlaceKeepingTheStageAndAdds()
    {
        var diagnostic = new Diagnostic(DiagnosticSeverity.Warning, ".roomodes", 1, 1, "m");
        var catalog = new ModeCatalog(new([Own("zeta"), Own("quality-security"), Own("ask"), Own("alpha")], [diagnostic]));

        catalog.All.Select(mode => mode.Slug).Should().Equal([.. BuiltInModes.All.Select(mode => mode.Slug), "zeta", "alpha"]);
        catalog.Find("quality-security").Should().Be(Own("quality-security") with { Stage = Stage.Quality });
        catalog.Find("ask").Should().Be(Own("ask"));
        catalog.Find("zeta")!.Stage.Should().BeNull();
        catalog.Diagnostics.Should().Equal(diagnostic);
    }

    [Theory]
    [InlineData("implementation-securty", "implementation-security")]
    [InlineData("validaton-unit", "validation-unit")]
    [InlineData("valdiation-unit", "validation-unit")]
    [InlineData("Code", "code")]
    [InlineData(" DEBUG ", "debug")]
    [InlineData("orchestrate", "orchestrator")]
    [InlineData("integration_deploy", "integration-deploy")]
    [InlineData("deploy", "integration-deploy")]
    [InlineData("validation-security", "quality-security")]
    public void Nearest_Slip_NamesWhatWasMeant(string wrong, string meant) => new ModeCatalog().Nearest(wrong).Should().Contain(meant);

    [Fact]
    public void Nearest_Several_IsRankedThenAlphabetical()
    {
        var catalog = new ModeCatalog();

        catalog.Nearest("security").Should().Equal("implementation-security", "quality-security");
        catalog.Nearest("integration").Should().Equal("integration-commit", "integration-deploy", "integration-release");
        catalog.Nearest("implementation-securty", max: 1).Should().Equal("implementation-security");
        catalog.Nearest("planning-").Should().HaveCount(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("xyzzy")]
    [InlineData("🔧")]
    public void Nearest_NothingNear_IsEmpty(string wrong) => new ModeCatalog().Nearest(wrong).Should().BeEmpty();

    [Fact]
    public void Nearest_OddArguments_AreHarmless()
    {
        new ModeCatalog().Nearest("code", max: 0).Should().BeEmpty();
        new ModeCatalog().Nearest("code", max: -1).Should().BeEmpty();
        new ModeCatalog().Nearest(new string('a', 1_000_000)).Should().BeEmpty();
    }

    private static Mode Own(string slug) =>
        new()
        {
            Slug = slug,
            Name = "Own",
            RoleDefinition = "r",
            Source = ModeSource.Workspace,
        };
}
