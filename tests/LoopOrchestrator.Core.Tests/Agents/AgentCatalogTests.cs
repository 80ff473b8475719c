using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Tests.Agents;

public sealed class AgentCatalogTests
{
    private static readonly OrchestratorConfiguration Configuration = new()
    {
        DefaultAgent = "b",
        Agents = new[] { "c", "b", "a" }.ToDictionary(
            name => name,
            name => new AgentDefinition { Name = name, Kind = AgentKind.Command },
            StringComparer.Ordinal
        ),
        ModeAgents = new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = "c", ["broken"] = "gone" },
    };

    private readonly AgentCatalog _catalog = new(Configuration.AgentSettings);

    [Fact]
    public void Names_Configured_StandInOrderBehindTheBuiltInOnes() => _catalog.Names.Should().Equal("handoff", "commits", "a", "b", "c");

    [Theory]
    [InlineData("code", "a", "a", "the caller named it")]
    [InlineData("code", "handoff", "handoff", "the caller named it")]
    [InlineData("code", null, "c", "mcp_startup.json names it for mode code")]
    [InlineData("ask", null, "b", "it is the default agent")]
    public void Resolve_CallerThenModeThenDefault_Decide(string mode, string? chosen, string agent, string why)
    {
        var resolved = _catalog.Resolve(mode, chosen);

        (resolved.Agent.Name, resolved.Why).Should().Be((agent, why));
    }

    [Theory]
    [InlineData("code", "nobody", "'nobody' (asked for)")]
    [InlineData("broken", null, "'gone' (configured for mode broken)")]
    public void Resolve_UnknownAgent_NamesThoseThereAre(string mode, string? chosen, string message) =>
        _catalog
            .Invoking(catalog => catalog.Resolve(mode, chosen))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage($"*{message}*handoff, commits, a, b, c*");

    [Fact]
    public void Resolve_NothingConfigured_IsTheHandOff() =>
        new AgentCatalog(new AgentSettings()).Resolve("code", null).Agent.Kind.Should().Be(AgentKind.Handoff);

    [Fact]
    public void Resolve_UnknownDefault_SaysSo() =>
        new AgentCatalog(Configuration.AgentSettings with { DefaultAgent = "gone" })
            .Invoking(catalog => catalog.Resolve("ask", null))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*'gone' (configured as defaultAgent)*");
}
